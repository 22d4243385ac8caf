"""Each row knows the events that made it, and each event the rows that it wrote."""

import random
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from replay.catalog.all_views import all_views
from replay.errors import NoPast, NoRows
from replay.lab.memory_rows import MemoryRows
from replay.projection import Projection
from replay.projections import find_projections
from replay.questions import view_query
from replay.questions.row_trace import cell_writers, changed_rows, rows_written, trace
from replay.views.read_store import ReadStore
from resources.samples.catalog import SAMPLES
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from store.transfer.ingest import ingest
from tests.replay.logs import catch_up, make_log, open_runner
from tests.replay.views.test_kept_versions import VIEWS, by_another_definition

EVENTS = 600
ROWS_TRIED = 40  # of each view and sample


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    yield log
    log.close()


@pytest.fixture
def store(log: EventReader) -> Iterator[ReadStore]:
    store, runner = open_runner(log, all_views())
    catch_up(runner)
    yield store
    store.close()


@pytest.mark.parametrize("view", ["streams", "latest_states", "event_types"])
def test_the_writes_of_a_row_name_their_events_and_what_each_changed(
    view: str, log: EventReader, store: ReadStore
) -> None:
    (row, *_) = view_query.page(store.db, log, view, limit=1).rows

    found = trace(store.db, log, view, row.key, limit=10_000)

    versions = view_query.history(store.db, log, view, row.key, limit=10_000).rows
    assert [it.event.position for it in found.writes] == [it.position for it in versions]
    assert not found.is_cut
    (*later, first) = found.writes
    assert (first.is_first, first.words) == (True, "made")
    assert not any(it.is_first for it in later)
    values: dict[str, Any] = {}
    for write in reversed(found.writes):
        assert all(values.get(it.column) == it.before for it in write.cells)
        values |= {it.column: it.after for it in write.cells}
    names = [it.name for it in found.columns if not it.is_key]
    assert tuple(values[it] for it in names) == row.values[len(row.key) :]


def test_only_the_latest_writes_up_to_a_position_are_told(
    log: EventReader, store: ReadStore
) -> None:
    whole = trace(store.db, log, "streams", ("big-1",), limit=10_000).writes

    part = trace(store.db, log, "streams", ("big-1",), until=400, limit=3)

    assert part.writes == tuple(it for it in whole if it.event.position <= 400)[:3]
    assert part.is_cut
    assert trace(store.db, log, "streams", ("nobody",)).writes == ()


@pytest.mark.parametrize("page", [2, 200])
def test_the_writer_of_a_cell_is_the_event_that_changed_it_last(
    page: int, log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.questions.row_trace.PAGE", page)
    (row,) = view_query.row(store.db, log, "streams", ("order-0",), at=500).rows
    names = [it.name for it in view_query.page(store.db, log, "streams").columns]

    found = cell_writers(store.db, log, "streams", ("order-0",), until=500)

    assert found.keys() == set(names) - {"stream"}
    for name, event in found.items():
        at = names.index(name)
        (then,) = view_query.row(store.db, log, "streams", ("order-0",), at=event.position).rows
        before = view_query.row(store.db, log, "streams", ("order-0",), at=event.position - 1).rows
        assert then.values[at] == row.values[at]
        assert not before or before[0].values[at] != row.values[at]
    assert found["category"].position < found["event_count"].position == row.position


def test_a_value_that_the_history_did_not_keep_has_no_writer(log: EventReader) -> None:
    for views in ((by_another_definition(VIEWS["latest_states"]),), (VIEWS["latest_states"],)):
        store, runner = open_runner(log, views)
        catch_up(runner)
        db = store.db

    found = trace(db, log, "latest_states__before", ("big-1",), until=EVENTS - 1)
    writers = cell_writers(db, log, "latest_states__before", ("big-1",), until=EVENTS - 1)

    unknown = [it for write in found.writes for it in write.cells if not it.is_known]
    assert {it.column for it in unknown} == {"state"}
    assert "state" not in writers
    assert "version" in writers
    store.close()


def test_an_event_names_the_rows_that_it_wrote_in_every_view(
    log: EventReader, store: ReadStore
) -> None:
    event = next(it for it in log.read() if it.position > 300 and log.links(it.position))

    found = rows_written(store.db, log, event.position)

    streams = {event.stream, *log.links(event.position)}
    assert {(it.view, it.key) for it in found} == {
        ("event_types", (event.type,)),
        *((view, (it,)) for view in ("streams", "latest_states") for it in streams),
    }
    assert all(it.cells for it in found)
    one = rows_written(store.db, log, event.position, views=["event_types"])
    assert [it.view for it in one] == ["event_types"]
    assert rows_written(None, log, event.position) == ()


def test_rows_written_between_two_positions_come_page_by_page(
    log: EventReader, store: ReadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(changed_rows(store.db, log, "streams", after=100, until=400))
    monkeypatch.setattr("replay.questions.row_trace.PAGE", 4)

    paged = list(changed_rows(store.db, log, "streams", after=100, until=400))
    some = list(changed_rows(store.db, log, "streams", after=100, until=400, limit=6))

    assert paged == whole
    assert some == whole[:6]
    assert {it.words for it in whole} == {"made", "changed"}


def test_what_has_no_past_or_no_rows_is_refused(log: EventReader, store: ReadStore) -> None:
    store.db.execute("UPDATE projections SET is_indexed = 0 WHERE name = 'streams'")

    with pytest.raises(NoPast):
        trace(store.db, log, "streams", ("big-1",))
    with pytest.raises(NoRows):
        trace(store.db, log, "search", ("big-1",))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda it: it.name)
@pytest.mark.parametrize("projection", find_projections(), ids=lambda it: it.name)
def test_every_row_has_events_and_without_one_of_them_it_is_gone_or_another(
    projection: Projection[Any], sample: Any, folded: Any
) -> None:
    log, db, events, links = folded(sample)
    rows = db.execute(f'SELECT _row FROM "{projection.name}"').fetchall()
    sources = db.execute(f'SELECT DISTINCT _row FROM "{projection.name}_writes"').fetchall()
    assert {it for (it,) in rows} <= {it for (it,) in sources}

    found = view_query.page(db, log, projection.name, limit=100_000).rows
    chosen = random.Random(5).sample(found, min(ROWS_TRIED, len(found)))
    whole = in_memory(projection, events, links)
    for row in chosen:
        written = {it.event.position for it in trace(db, log, projection.name, row.key).writes}
        assert written
        assert any(
            in_memory(projection, events, links, without={at}).get(row.key) != whole[row.key]
            for at in sorted(written, reverse=True)
        ) or _is_told_twice(projection, events, links, row.key, written)


def _is_told_twice(
    projection: Projection[Any],
    events: Sequence[RecordedEvent],
    links: dict[int, tuple[str, ...]],
    key: Any,
    written: set[int],
) -> bool:
    """Whether several events say the very same of a row: then it is gone without all of them."""
    return (
        len(written) > 1 and in_memory(projection, events, links, without=written).get(key) is None
    )


def in_memory(
    projection: Projection[Any],
    events: Sequence[RecordedEvent],
    links: dict[int, tuple[str, ...]],
    *,
    without: Collection[int] = (),
) -> dict[tuple[Any, ...], Any]:
    """Every row by key, as a fold gives it that leaves one event out."""
    rows = MemoryRows(projection)
    for event in events:
        if event.position not in without and (
            projection.listens is None or event.type in projection.listens
        ):
            projection.apply(rows, event, links.get(event.position, ()))
    size = len(projection.key)
    return {structs.astuple(it)[:size]: structs.astuple(it) for it in rows.rows.values()}


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A sample's log, its views, events and links; each is imported once."""
    opened: dict[str, Any] = {}

    def fold(sample: Any) -> Any:
        if sample.name not in opened:
            path = tmp_path_factory.mktemp("samples") / f"{sample.name}.foldline"
            ingest(sample.path, into=path)
            log = open_reader(path)
            store, runner = open_runner(log, all_views())
            catch_up(runner)
            events = list(log.read())
            links = log.links_between(1, log.head())
            opened[sample.name] = (store, (log, store.db, events, links))
        return opened[sample.name][1]

    yield fold
    for store, (log, *_) in opened.values():
        store.close()
        log.close()


def test_a_row_that_is_gone_was_deleted_by_an_event_and_no_cell_of_it_has_a_writer(
    folded: Any,
) -> None:
    log, db, events, _ = folded(next(it for it in SAMPLES if it.name == "conference"))
    expired = next(it for it in events if it.type == "OrderExpired")
    key = (expired.stream.removeprefix("order-"),)

    found = trace(db, log, "priced_orders", key)
    (written,) = rows_written(db, log, expired.position, views=["priced_orders"])

    assert [(it.event.type, it.words) for it in found.writes] == [
        ("OrderExpired", "deleted"),
        ("OrderTotalsCalculated", "changed"),
        ("OrderPlaced", "made"),
    ]
    assert (written.key, written.words, written.after) == (key, "deleted", None)
    assert cell_writers(db, log, "priced_orders", key) == {}
    before = cell_writers(db, log, "priced_orders", key, until=expired.position - 1)
    assert before["total"].type == "OrderTotalsCalculated"
    assert before["expires_at"].type == "OrderPlaced"
