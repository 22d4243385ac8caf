"""Panes that show rows of a query store: side by side, where they part, what made a row."""

from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from replay.history.cell_answer import answer_of, cell_answer
from replay.projector.catch_up import catch_up
from replay.query_store.errors import NothingStored, OtherRows, SpoiledRow
from replay.query_store.parting import HereHistory, ThereHistory, first_parting
from replay.query_store.same_log import distance_there
from replay.query_store.stored_rows import shown_view
from replay.query_store.there_side import ThereSide
from replay.query_store.trace_there import cell_there, trace_there
from replay.questions import view_query
from replay.questions.first_divergence import first_divergence
from replay.questions.pane_compare import HereSide, Pane
from replay.questions.pane_groups import Grouped, group, group_sides
from replay.questions.row_trace import trace
from replay.views.read_store import reading_views
from store.interface import EventReader
from store.opening import open_reader
from tests.contracts.query_store import sink
from tests.replay.logs import append, make_log
from tests.replay.query_store.memory_store import MemoryQueryStore, Server

EVENTS_MADE = 160
VIEWS = ["event_types", "latest_states"]


@pytest.fixture
def log(tmp_path: Path) -> EventReader:
    log = open_reader(make_log(tmp_path / "shop.foldline", EVENTS_MADE))
    catch_up(log, only=VIEWS)
    return log


@pytest.fixture
def db(log: EventReader) -> Iterator[Connection]:
    with reading_views(log) as db:
        assert db is not None
        yield db


@pytest.fixture
def server(log: EventReader) -> Server:
    server = Server()
    sink(MemoryQueryStore(server), log, VIEWS)
    return server


@pytest.fixture
def store(server: Server) -> MemoryQueryStore:
    return MemoryQueryStore(server)


def told(found: Grouped) -> list[tuple[object, ...]]:
    return [(it.key, *(row and row.values for row in it.rows)) for it in found.groups]


@pytest.mark.parametrize("view", VIEWS)
def test_rows_there_stand_beside_those_here_as_two_local_panes_do(
    log: EventReader, db: Connection, store: MemoryQueryStore, view: str
) -> None:
    for at, other in [(None, None), (90, 90), (90, 40), (0, 17)]:
        here = HereSide(db, log, Pane(view=view, at=at))
        there = ThereSide(store, log, view, at=other)
        local = group(db, log, [Pane(view=view, at=at), Pane(view=view, at=other)])
        both = group_sides([here, there])
        assert told(both) == told(local)
        assert both.counts == local.counts
        assert [it.as_of for it in both.pages] == [it.as_of for it in local.pages]


def test_now_is_the_position_that_both_have_come_to(
    log: EventReader, server: Server, store: MemoryQueryStore
) -> None:
    append(log.place.path, 30)
    catch_up(log, only=VIEWS)
    with reading_views(log) as db:
        there = ThereSide(store, log, "event_types")
        found = group_sides([HereSide(db, log, Pane(view="event_types")), there])

    assert [it.as_of for it in found.pages] == [EVENTS_MADE, EVENTS_MADE]
    assert found.counts[0].differing == 0
    assert distance_there(log, there.stored).events == 30


def test_a_moment_that_is_not_there_yet_shows_the_last_one_that_is(
    log: EventReader, store: MemoryQueryStore
) -> None:
    append(log.place.path, 30)
    page = ThereSide(store, log, "event_types", at=EVENTS_MADE + 9).begin()

    assert (page.wanted, page.as_of, page.behind) == (EVENTS_MADE + 9, EVENTS_MADE, 9)


def test_rows_of_another_log_are_refused(tmp_path: Path, store: MemoryQueryStore) -> None:
    other = open_reader(make_log(tmp_path / "other.foldline", EVENTS_MADE))

    with pytest.raises(OtherRows, match="of another log"):
        ThereSide(store, other, "event_types")
    with pytest.raises(NothingStored, match="no rows of nowhere"):
        ThereSide(store, other, "nowhere")


def test_where_nothing_differs_they_never_part(
    log: EventReader, db: Connection, store: MemoryQueryStore
) -> None:
    for view in VIEWS:
        here = HereHistory(db, log, Pane(view=view))
        assert first_parting(here, ThereHistory(store, log, view)) is None
        assert first_parting(ThereHistory(store, log, view), here) is None


def test_they_part_where_two_local_panes_do(
    log: EventReader, db: Connection, store: MemoryQueryStore
) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
    @given(
        view=st.sampled_from(VIEWS),
        left=st.integers(0, EVENTS_MADE),
        right=st.integers(0, EVENTS_MADE),
    )
    def same(view: str, left: int, right: int) -> None:
        panes = Pane(view=view, at=left), Pane(view=view, at=right)
        local = first_divergence(db, log, *panes)
        there = ThereHistory(store, log, view, at=right)
        found = first_parting(HereHistory(db, log, panes[0]), there)
        assert (found and found.position) == (local and local.position)
        if found and local:
            assert (found.left_after, found.right_after) == (local.left_after, local.right_after)
        twice = first_parting(ThereHistory(store, log, view, at=left), there)
        assert (twice and twice.position) == (local and local.position)

    same()


@pytest.mark.parametrize("kind", ["missing", "extra", "other value"])
def test_a_planted_difference_is_found_at_its_event(
    log: EventReader, db: Connection, server: Server, store: MemoryQueryStore, kind: str
) -> None:
    stored = shown_view(store, "event_types")
    rows = server.rows[stored.id]
    it = sorted(rows.versions.values(), key=lambda one: one.write)[70]
    if kind == "missing":
        del rows.versions[it.id, it.write]
    elif kind == "extra":
        odd = structs.replace(it, id='["Odd"]', key='["Odd"]', until=None)
        rows.versions[odd.id, odd.write] = odd
    else:
        rows.versions[it.id, it.write] = structs.replace(it, row=it.row.replace("[", "[7", 1))

    here = HereHistory(db, log, Pane(view="event_types"))
    found = first_parting(here, ThereHistory(store, log, "event_types"))

    assert found is not None
    assert found.position == 71
    assert found.key == (("Odd",) if kind == "extra" else (it.key[2:-2],))


def test_a_row_that_somebody_else_wrote_to_is_told(
    log: EventReader, db: Connection, server: Server, store: MemoryQueryStore
) -> None:
    rows = server.rows[shown_view(store, "event_types").id]
    for text in ("[]", "no list", "7"):
        rows.versions = {n: structs.replace(it, row=text) for n, it in rows.versions.items()}
        here, there = (
            HereHistory(db, log, Pane(view="event_types")),
            ThereHistory(store, log, "event_types"),
        )
        with pytest.raises(SpoiledRow, match="is spoiled there"):
            group_sides([here, there])
        with pytest.raises(SpoiledRow, match="is spoiled there"):
            first_parting(here, there)


def test_what_made_a_row_there_is_told_as_of_one_here(
    log: EventReader, db: Connection, store: MemoryQueryStore
) -> None:
    for view in VIEWS:
        stored = shown_view(store, view)
        key = view_query.page(db, log, view, limit=1).rows[0].key
        for until in (EVENTS_MADE, 40):
            here = trace(db, log, view, key, until=until, limit=5)
            there = trace_there(store, stored, log, key, until=until, limit=5)
            assert [it.event.position for it in there.writes] == [
                it.event.position for it in here.writes
            ]
            assert [it.words for it in there.writes] == [it.words for it in here.writes]
            assert there.is_cut == here.is_cut


def test_the_event_that_gave_a_cell_its_value_is_the_same(
    log: EventReader, db: Connection, store: MemoryQueryStore
) -> None:
    stored = shown_view(store, "event_types")
    for it in view_query.page(db, log, "event_types").rows:
        for at in (EVENTS_MADE, 60):
            here = cell_answer(db, log, "event_types", it.key, "count", at=at)
            write = cell_there(store, stored, it.key, "count", at=at)
            assert (here and here.write) == write
            assert here == (write and answer_of(log, "event_types", it.key, write))
    assert cell_there(store, stored, ("None",), "count", at=9) is None
