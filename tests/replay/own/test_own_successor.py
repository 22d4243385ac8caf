"""A person's own file that has changed: what its older code made serves until the new one has
caught up, whoever keeps the views."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from replay.catalog.rebuild import rebuild
from replay.catalog.way_back import go_back
from replay.projector.catch_up import catch_up
from replay.projector.own_keeper import OwnKeeper
from replay.questions import view_query
from replay.views import checkpoints
from replay.views.read_store import open_views, open_views_to_read
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, make_log
from tests.replay.own.test_own_projections import BAD, WRONGS, add, own_file, shown

EVENTS = 300
PATIENCE_S = 60.0

Keep = Callable[[EventReader, Callable[[], bool]], None]


@pytest.fixture(autouse=True)
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    """Its view was made by a file that has changed since."""
    with closing(open_reader(make_log(tmp_path / "a.foldline", EVENTS))) as log:
        add(log.place.path, own_file(tmp_path, "row = Tally(event.stream, 1_000, 'older code')"))
        catch_up(log)
        yield log


def by_a_verb(log: EventReader, _is_done: Callable[[], bool]) -> None:
    catch_up(log, only=["tally"])


def by_the_projector(log: EventReader, is_done: Callable[[], bool]) -> None:
    with closing(OwnKeeper(log.place, is_paused=lambda: False)) as keeper:
        keeper.start()
        pause = threading.Event()
        for _ in range(int(PATIENCE_S / 0.05)):
            if is_done():
                return
            pause.wait(0.05)
        raise AssertionError("it was not done")


def rows(log: EventReader, view: str = "tally") -> int:
    """The sum of what the view counts."""
    with closing(open_views_to_read(log)) as db:  # type: ignore[type-var]
        return sum(it.values[1] for it in view_query.page(db, log, view, limit=1_000).rows)


@pytest.mark.parametrize("keep", [by_a_verb, by_the_projector])
def test_one_that_fails_is_not_seen_and_once_mended_takes_the_place_with_a_way_back(
    log: EventReader, tmp_path: Path, keep: Keep
) -> None:
    older = rows(log)
    assert older > EVENTS

    add(log.place.path, own_file(tmp_path, WRONGS["raises"]))
    append(log.place.path, 10)
    keep(log, lambda: shown(log.place.path).error_position == BAD)

    assert (rows(log), shown(log.place.path).checkpoint) == (older, EVENTS)
    assert shown(log.place.path).standing == f"older code, rebuilding {100 * (BAD - 1) // 310} %"

    add(log.place.path, own_file(tmp_path))
    keep(log, lambda: shown(log.place.path).checkpoint == log.head())

    assert (rows(log), shown(log.place.path).standing) == (EVENTS + 10, "")
    assert rows(log, "tally__before") == older
    with closing(open_views(log)) as store:
        assert {it for it in checkpoints.read_all(store.db) if it.startswith("tally")} == {
            "tally",
            "tally__before",
        }


@pytest.mark.parametrize("keep", [by_a_verb, by_the_projector])
def test_one_that_was_put_back_stays_until_it_is_rebuilt(
    log: EventReader, tmp_path: Path, keep: Keep
) -> None:
    older = rows(log)
    add(log.place.path, own_file(tmp_path))
    by_a_verb(log, lambda: True)
    assert rows(log) == EVENTS

    back = go_back(log, "tally")
    append(log.place.path, 10)
    looks = iter(range(20))
    keep(log, lambda: next(looks) > 10)

    assert back.is_older
    assert (rows(log), shown(log.place.path).standing) == (older, "older code, switched back")
    rebuild(log, ["tally"])
    keep(log, lambda: shown(log.place.path).checkpoint == log.head())
    assert (rows(log), shown(log.place.path).standing) == (EVENTS + 10, "")
