"""A view that stands still at an event: tried again when mended, or told to do without it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.catalog.parking import parked, retry, skip
from replay.catalog.rebuild import rebuild
from replay.errors import NoReason, NotParked, UnknownView
from replay.projections import event_types
from replay.views import checkpoints, skips
from replay.views.folding import ATTEMPTS
from replay.views.read_store import ReadStore, discard
from replay.views.runner import Runner
from replay.views.skips import WrongSkips
from replay.views.view import View, view_of
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 200
BAD = 77


class Poisoned:
    """The view of types, which fails at one event while it is broken."""

    def __init__(self) -> None:
        self.is_broken = True
        self.view = view_of(replace(event_types.PROJECTION, apply=self.apply))

    def apply(self, rows, event, links) -> None:  # type: ignore[no-untyped-def]
        if self.is_broken and event.position == BAD:
            raise ValueError("this event is beyond me")
        event_types.PROJECTION.apply(rows, event, links)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Poisoned:
    poisoned = Poisoned()
    views: tuple[View, ...] = tuple(
        poisoned.view if it.name == "event_types" else it for it in all_views()
    )
    monkeypatch.setattr("replay.catalog.parking.views_without_code", lambda _log: views)
    monkeypatch.setattr("replay.catalog.parking.views_named", lambda _log, _names: views)
    monkeypatch.setattr("replay.catalog.rebuild.views_named", lambda _log, _names: views)
    poisoned.views = views  # type: ignore[attr-defined]
    return poisoned


@pytest.fixture
def kept(log: EventReader, poisoned: Poisoned) -> Iterator[tuple[ReadStore, Runner]]:
    store, runner = open_runner(log, poisoned.views)  # type: ignore[attr-defined]
    catch_up(runner)
    yield store, runner
    store.close()


def counted(store: ReadStore) -> int:
    found = store.db.execute("SELECT sum(count) FROM event_types").fetchone()[0]
    assert isinstance(found, int)
    return found


def test_it_stands_before_the_event_and_the_others_go_on(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept

    (found,) = parked(log)

    assert found.error.name == "event_types"
    assert found.event is not None
    assert found.event.position == BAD
    assert found.error.attempts == ATTEMPTS
    assert counted(store) == BAD - 1
    others = {it.checkpoint for name, it in runner.checkpoints().items() if name != "event_types"}
    assert others == {EVENTS}


def test_what_was_mended_goes_on_when_it_is_tried_again(
    log: EventReader, kept: tuple[ReadStore, Runner], poisoned: Poisoned
) -> None:
    store, runner = kept
    poisoned.is_broken = False

    retry(log, "event_types")
    catch_up(runner)

    assert parked(log) == ()
    assert counted(store) == EVENTS


def test_what_was_not_mended_stands_there_again(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept

    retry(log, "event_types")
    catch_up(runner)

    assert [it.error.position for it in parked(log)] == [BAD]
    assert counted(store) == BAD - 1


def test_a_skipped_event_is_left_out_and_the_reason_kept(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept

    skip(log, "event_types", reason="a test order", by="ada")
    catch_up(runner)
    append(log.place.path, 10)
    catch_up(runner)

    assert parked(log) == ()
    assert counted(store) == EVENTS + 10 - 1
    (told,) = skips.load(log.place)
    assert (told.view, told.position, told.reason, told.by) == (
        "event_types",
        BAD,
        "a test order",
        "ada",
    )
    assert "beyond me" in told.error


def test_views_made_anew_leave_the_same_event_out(
    log: EventReader, kept: tuple[ReadStore, Runner], poisoned: Poisoned
) -> None:
    skip(log, "event_types", reason="a test order", by="ada")
    catch_up(kept[1])

    (report,) = rebuild(log, ["event_types"])
    assert (report.error, report.was_different) == (None, False)
    discard(log)
    store, runner = open_runner(log, poisoned.views)  # type: ignore[attr-defined]
    catch_up(runner)

    assert counted(store) == EVENTS - 1
    store.close()


def test_mended_code_sees_the_skipped_event_again(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    skip(log, "event_types", reason="a test order", by="ada")
    mended = view_of(replace(event_types.PROJECTION, version=2))

    store, runner = open_runner(log, (mended,))
    catch_up(runner)

    assert counted(store) == EVENTS
    assert checkpoints.errors(store.db) == {}
    store.close()
    assert kept[0].is_in_place()


def test_only_a_view_that_stands_still_is_retried_or_skipped_and_for_a_reason(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    assert kept[0].is_in_place()
    with pytest.raises(NotParked):
        retry(log, "streams")
    with pytest.raises(UnknownView):
        skip(log, "nothing", reason="x", by="ada")
    with pytest.raises(NoReason):
        skip(log, "event_types", reason="  ", by="ada")
    assert skips.load(log.place) == ()


def test_a_file_of_skips_that_cannot_be_read_is_told_and_kept(log: EventReader) -> None:
    skips.FILE.path(log.place).write_text("not JSON", "utf-8")

    with pytest.raises(WrongSkips, match="cannot be read"):
        open_runner(log, ())

    assert skips.FILE.path(log.place).read_text("utf-8") == "not JSON"


def test_a_view_that_has_had_its_attempts_is_not_tried_again_by_whoever_comes_next(
    log: EventReader, kept: tuple[ReadStore, Runner], poisoned: Poisoned
) -> None:
    for _ in range(3):
        store, runner = open_runner(log, poisoned.views)  # type: ignore[attr-defined]
        catch_up(runner)
        store.close()

    (found,) = parked(log)
    assert found.error.attempts == ATTEMPTS
    poisoned.is_broken = False
    retry(log, "event_types")
    store, runner = open_runner(log, poisoned.views)  # type: ignore[attr-defined]
    catch_up(runner)
    store.close()
    assert parked(log) == ()
