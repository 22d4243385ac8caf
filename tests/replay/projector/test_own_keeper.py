"""What keeps a person's own views up goes on after trouble, and tells what it did not expect."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from replay.catalog.all_views import stamp_of_own
from replay.own import own_projections
from replay.own.own_messages import Fold
from replay.own.own_process import Find, Folded, OwnProcess
from replay.projector import own_keeper
from replay.projector.own_keeper import OwnKeeper
from replay.views import checkpoints
from replay.views.read_store import open_views
from replay.views.runner import Runner
from store.errors import StoreBusy
from store.opening import reading
from store.place import Place
from tests.replay.logs import make_log
from tests.replay.own.test_own_projections import BAD, add, own_file

EVENTS = 100
PATIENCE_S = 60.0


@pytest.fixture
def log(tmp_path: Path) -> Path:
    log = make_log(tmp_path / "a.foldline", EVENTS)
    add(log, own_file(tmp_path))
    return log


@contextmanager
def keeping(log: Path) -> Iterator[None]:
    with closing(OwnKeeper(Place(log), is_paused=lambda: False)) as keeper:
        keeper.start()
        yield


class Troubled(Runner):
    """Raises what it is told to before it folds, and says when there is nothing more to fold."""

    troubles: list[Exception]
    is_done: threading.Event

    def advance(self) -> bool:
        if self.troubles:
            raise self.troubles.pop()
        has_worked = super().advance()
        if not has_worked:
            self.is_done.set()
        return has_worked


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> type[Troubled]:
    Troubled.troubles, Troubled.is_done = [], threading.Event()
    monkeypatch.setattr(own_keeper, "Runner", Troubled)
    monkeypatch.setattr(own_keeper, "RETRY_S", 0.01)
    return Troubled


def known(log: Path) -> tuple[int, str]:
    """The checkpoint of the view, and what is wrong with it."""
    with reading(log) as reader, closing(open_views(reader)) as store:
        found = checkpoints.read_one(store.db, "tally")
        error = checkpoints.errors(store.db).get("tally")
        return found.checkpoint if found else 0, error.message if error else ""


def test_trouble_with_the_file_or_the_log_ends_nothing(log: Path, runner: type[Troubled]) -> None:
    runner.troubles += [StoreBusy(log), sqlite3.OperationalError("disk I/O error"), OSError()]

    with keeping(log):
        assert runner.is_done.wait(PATIENCE_S)

    assert known(log) == (EVENTS, "")


def test_trouble_with_the_registry_ends_nothing(
    log: Path, runner: type[Troubled], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own_projections.FILE.path(Place(log))
    whole = path.read_text("utf-8")
    path.write_text("[", "utf-8")
    was_told = threading.Event()
    stamp = stamp_of_own

    def stamped(place: Place) -> object:
        try:
            return stamp(place)
        except own_projections.WrongProjections:
            was_told.set()
            raise

    monkeypatch.setattr(own_keeper, "stamp_of_own", stamped)
    with keeping(log):
        assert was_told.wait(PATIENCE_S)
        path.write_text(whole, "utf-8")
        assert runner.is_done.wait(PATIENCE_S)

    assert known(log) == (EVENTS, "")


def test_what_nobody_expected_is_told_at_the_view(
    log: Path, runner: type[Troubled], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.troubles.append(LookupError("what is this"))
    was_told = threading.Event()
    tell = checkpoints.tell

    def told(db: sqlite3.Connection, name: str, problem: str) -> None:
        tell(db, name, problem)
        was_told.set()

    monkeypatch.setattr(checkpoints, "tell", told)
    with keeping(log):
        assert was_told.wait(PATIENCE_S)

    assert known(log) == (0, "LookupError: what is this")


def test_an_event_under_way_does_not_hold_up_the_end(
    log: Path, tmp_path: Path, runner: type[Troubled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.own.own_process.LIMIT_S", 3_600.0)
    add(log, own_file(tmp_path, "while True: pass"))
    has_begun = threading.Event()
    fold = OwnProcess.fold

    def folding(self: OwnProcess, request: Fold, find: Find) -> Folded:
        if request.events[0].position == BAD:
            has_begun.set()
        return fold(self, request, find)

    monkeypatch.setattr(OwnProcess, "fold", folding)
    monkeypatch.setattr("replay.own.own_writer.EVENTS_PER_FOLD", 1)
    monkeypatch.setattr("replay.views.runner.FIRST_BATCH", 1)

    with keeping(log):
        assert has_begun.wait(PATIENCE_S)

    assert known(log) == (BAD - 1, "")
    assert not runner.is_done.is_set()
