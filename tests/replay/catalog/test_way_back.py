"""A rebuild that goes on where it was, stands beside the live view, and a switch that is undone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import Progress, check, rebuild
from replay.catalog.reset import forget, reset
from replay.catalog.way_back import go_back
from replay.errors import NoWayBack, UnknownView
from replay.projections import event_types
from replay.questions import view_query, view_status
from replay.questions.first_divergence import first_divergence
from replay.questions.pane_compare import Pane, compare
from replay.views.read_store import ReadStore, open_views
from replay.views.runner import Runner
from replay.views.view import view_of
from store.errors import Cancelled
from store.interface import EventReader
from store.opening import open_reader
from tests.contracts.projection import whole
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 1_000
VIEW = next(it for it in all_views() if it.name == "event_types")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.fixture
def kept(log: EventReader) -> Iterator[tuple[ReadStore, Runner]]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    yield store, runner
    store.close()


def counted(store: ReadStore, view: str = "event_types") -> int:
    found = store.db.execute(f'SELECT sum(count) FROM "{view}"').fetchone()[0]
    assert isinstance(found, int)
    return found


def test_what_is_made_beside_the_live_view_is_a_view_of_its_own(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, _ = kept
    store.db.execute("UPDATE event_types SET count = count + 1 WHERE type = 'Paid'")

    (report,) = rebuild(log, ["event_types"], switches=False)
    found = compare(store.db, log, Pane(view="event_types"), Pane(view="event_types__next"))

    assert not report.is_switched
    assert report.was_different
    assert (found.counts.changed, found.counts.cells) == (1, {"count": 1})
    names = {it.name: it for it in view_status.list_views(store.db, log)}
    assert names["event_types__next"].is_kept_beside
    assert names["event_types__next"].checkpoint == EVENTS


def test_a_thousand_events_that_come_meanwhile_are_neither_lost_nor_doubled(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept
    rebuild(log, ["event_types"], switches=False)
    append(log.place.path, 1_000)
    catch_up(runner)
    assert counted(store) == EVENTS + 1_000  # the live one served and went on

    (report,) = rebuild(log, ["event_types"])
    append(log.place.path, 10)
    catch_up(runner)

    assert (report.resumed_at, report.is_switched, report.was_different) == (EVENTS, True, False)
    assert counted(store) == log.head() == EVENTS + 1_010
    (again,) = check(log, ["event_types"])
    assert not again.was_different


def test_a_switch_is_undone_at_once_and_what_it_missed_is_folded_in(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept
    before = whole(VIEW, log)
    rebuild(log, ["event_types"])
    append(log.place.path, 50)
    catch_up(runner)

    back = go_back(log, "event_types")
    served = counted(store)
    catch_up(runner)

    assert (back.checkpoint, back.lag) == (EVENTS, 50)
    assert served == EVENTS
    assert counted(store) == EVENTS + 50
    assert counted(store, "event_types__before") == EVENTS + 50
    again = go_back(log, "event_types")
    assert again.lag == 0
    assert whole(VIEW, log) != before
    assert not check(log, ["event_types"])[0].was_different


def test_without_a_switch_there_is_no_way_back(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    assert kept[0].is_in_place()

    with pytest.raises(NoWayBack, match="no previous version of it is stored"):
        go_back(log, "event_types")
    with pytest.raises(UnknownView):
        go_back(log, "event_types__before")


def test_a_changed_definition_leaves_the_old_view_to_be_compared(log: EventReader) -> None:
    def off_by_one(rows, event, links) -> None:  # type: ignore[no-untyped-def]
        event_types.PROJECTION.apply(rows, event, links)
        if event.position == 500:
            row = rows.get(event.type)
            rows.put(structs.replace(row, count=row.count + 1))

    faulty = replace(event_types.PROJECTION, apply=off_by_one, version=99)
    store, runner = open_runner(log, (view_of(faulty),))
    catch_up(runner)
    store.close()

    store, runner = open_runner(log, (VIEW,))
    catch_up(runner)
    found = compare(store.db, log, Pane(view="event_types__before"), Pane(view="event_types"))

    assert found.counts.changed == 1
    assert go_back(log, "event_types").is_older
    assert not go_back(log, "event_types").is_older
    forget(log, "event_types")
    with pytest.raises(UnknownView):
        view_query.page(store.db, log, "event_types__before")
    store.close()


def test_a_rebuild_that_was_cancelled_begins_anew(
    log: EventReader, kept: tuple[ReadStore, Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)
    told: list[Progress] = []

    with pytest.raises(Cancelled):
        rebuild(log, ["streams"], on_progress=told.append, is_cancelled=lambda: len(told) == 3)
    (report,) = rebuild(log, ["streams"])

    assert report.resumed_at == 0
    assert report.is_switched
    assert kept[0].is_in_place()


def test_a_rebuild_whose_asker_has_gone_away_goes_on_where_it_was(
    log: EventReader, kept: tuple[ReadStore, Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)
    told: list[Progress] = []

    with pytest.raises(Cancelled):
        rebuild(log, ["streams"], on_progress=told.append, is_left=lambda: len(told) == 3)
    (report,) = rebuild(log, ["streams"])

    assert (report.resumed_at, report.is_switched, report.was_different) == (300, True, False)
    assert kept[0].is_in_place()


def test_a_full_disk_leaves_the_live_view_serving_and_the_rebuild_goes_on_later(
    log: EventReader, kept: tuple[ReadStore, Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite is told that the disk has no further page."""
    monkeypatch.setattr("replay.catalog.rebuild.EVENTS_PER_BATCH", 100)
    before = whole(VIEW, log)
    store, _ = kept

    def fill(progress: Progress) -> None:
        if progress.events == 300:
            pages = opened[0].db.execute("PRAGMA page_count").fetchone()[0]
            opened[0].db.execute(f"PRAGMA max_page_count = {pages}")

    opened: list[ReadStore] = []

    def remember(log: EventReader) -> ReadStore:
        opened.append(open_views(log))
        return opened[-1]

    monkeypatch.setattr("replay.catalog.rebuild.open_views", remember)
    with pytest.raises(Exception, match="full"):
        rebuild(log, ["latest_states"], on_progress=fill)

    assert whole(VIEW, log) == before
    assert counted(store) == EVENTS
    (report,) = rebuild(log, ["latest_states"])
    assert report.is_switched
    assert not report.was_different
    assert log.place.views.exists()


def test_of_100000_events_the_one_that_two_versions_of_the_code_count_otherwise_is_named(
    tmp_path: Path,
) -> None:
    many, planted = 100_000, 61_803

    def miscounts(rows, event, links) -> None:  # type: ignore[no-untyped-def]
        event_types.PROJECTION.apply(rows, event, links)
        if event.position == planted:
            rows.put(structs.replace(rows.get(event.type), count=0))

    log = open_reader(make_log(tmp_path / "many.foldline", many))
    faulty = replace(event_types.PROJECTION, apply=miscounts, version=99)
    for view in (view_of(faulty), VIEW):
        store, runner = open_runner(log, (view,))
        catch_up(runner)
        store.close()
    store = open_views(log)

    found = compare(store.db, log, Pane(view="event_types__before"), Pane(view="event_types"))
    first = first_divergence(
        store.db, log, Pane(view="event_types__before"), Pane(view="event_types")
    )

    event = log.event(planted)
    assert event is not None
    assert first is not None
    assert (found.counts.changed, found.counts.added, found.counts.removed) == (1, 0, 0)
    assert (first.position, first.key) == (planted, (event.type,))
    assert first.left_before == first.right_before
    store.close()
    log.close()


def test_a_reset_view_is_folded_again_in_place_and_the_old_rows_are_kept(
    log: EventReader, kept: tuple[ReadStore, Runner]
) -> None:
    store, runner = kept
    before = whole(VIEW, log)
    store.db.execute("UPDATE event_types SET count = 0 WHERE type = 'Paid'")

    reset(log, "event_types")
    emptied = store.db.execute("SELECT count(*) FROM event_types").fetchone()[0]
    catch_up(runner)

    assert emptied == 0
    assert whole(VIEW, log) == before
    assert counted(store, "event_types__before") < EVENTS
    with pytest.raises(UnknownView):
        reset(log, "nothing")
