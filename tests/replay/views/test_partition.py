"""What a projection says it can be partitioned by is true: its parts make its rows."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from replay.errors import NotShippable
from replay.projection import Projection, Rows, columns
from replay.projections import event_types, find_projections, seats_left, streams
from replay.views.built_view import STREAM, BuiltColumn, BuiltView, projection_of
from replay.views.partition import first_crossing, partition_of, require_shippable
from replay.views.row_buffer import RowBuffer
from replay.views.sink import Mark
from replay.views.view_tables import decoded
from store.events import RecordedEvent
from store.opening import reading
from tests.replay.logs import make_log
from tests.replay.memory_sink import Memory, MemorySink

EVENTS = 400
COLUMNS = (BuiltColumn("count", "count"), BuiltColumn("latest", "last", "n"))
BUILT = tuple(
    projection_of(BuiltView(f"by_{name}", group_by, COLUMNS))
    for name, group_by in (("stream", STREAM), ("number", "n"), ("text", "text"))
)
ALL = (*find_projections(), *BUILT)
DECLARED = [it for it in ALL if it.partition_by is not None]
UNDECLARED = [it for it in ALL if it.partition_by is None]


def event(
    data_json: str, *, type_: str = "Placed", stream: str = "order-1", position: int = 1
) -> RecordedEvent:
    return RecordedEvent(
        position=position,
        stream=stream,
        version=1,
        id=f"id {position}",
        type=type_,
        data_json=data_json,
        metadata_json="{}",
        recorded_at_us=position,
        recorded_offset_min=0,
        occurred_at_us=position,
        occurred_offset_min=0,
        source_json=None,
    )


TWO_STREAMS = {  # of which one row is made; the random logs have none such
    "order_fulfilment": (
        event("{}", type_="OrderPlaced", stream="order-1", position=1),
        event('{"sourceId": "1"}', type_="PaymentCompleted", stream="payment-9", position=2),
    ),
    "order_lines": (
        event('{"name": "General"}', type_="SeatCreated", stream="seattype-ga", position=1),
        event(
            '{"lines": [{"seatType": "ga", "quantity": 1}]}',
            type_="OrderTotalsCalculated",
            position=2,
        ),
    ),
    "seat_types": (
        event(
            '{"seats": [{"seatType": "ga", "quantity": 9}]}',
            type_="AvailableSeatsChanged",
            stream="seats-1",
            position=1,
        ),
        event('{"conferenceId": "1"}', type_="SeatCreated", stream="seattype-ga", position=2),
    ),
}
Linked = tuple[RecordedEvent, tuple[str, ...]]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> "Logs":
    return Logs(tmp_path_factory.mktemp("logs"))


class Logs:
    """Random logs that a projection listens to, each made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[int, str], list[Linked]] = {}

    def of(self, projection: Projection[Any], seed: int) -> list[Linked]:
        name = f"{seed}-{projection.name}"
        if (seed, name) not in self._made:
            path = make_log(
                self._folder / f"{name}.foldline",
                EVENTS,
                seed=seed,
                heard=projection.listens or frozenset(),
            )
            with reading(path) as log:
                events = log.page(1, EVENTS)
                self._made[seed, name] = [(it, log.links(it.position)) for it in events]
        return self._made[seed, name]


def folded(projection: Projection[Any], events: list[Linked]) -> dict[Any, tuple[Any, ...]]:
    """The rows by key, each with its values and the position that wrote it last."""
    memory = Memory()
    buffer = RowBuffer(MemorySink(memory), projection)
    buffer.take([it for it, _ in events], {it.position: links for it, links in events})
    buffer.flush(Mark(position=events[-1][0].position, event_id=events[-1][0].id))
    return {
        key: (*decoded(columns(projection), (*key, *it.values)), it.position)
        for key, it in memory.rows.items()
        if it.values is not None
    }


def parts(by: str, events: list[Linked]) -> Iterator[list[Linked]]:
    found = defaultdict[str | None, list[Linked]](list)
    for it in events:
        found[partition_of(by, it[0])].append(it)
    return iter(found.values())


@pytest.mark.parametrize("projection", DECLARED, ids=lambda it: it.name)
@settings(max_examples=5)
@given(seed=st.integers(0, 20))
def test_the_parts_of_a_log_folded_alone_give_the_rows_of_the_whole(
    projection: Projection[Any], logs: Logs, seed: int
) -> None:
    events, by = logs.of(projection, seed), require_shippable(projection)

    together = dict[Any, tuple[Any, ...]]()
    for part in parts(by, events):
        rows = folded(projection, part)
        assert not together.keys() & rows.keys()
        together |= rows

    assert together == folded(projection, events)
    assert together
    assert first_crossing(projection, events, by=by) is None


@pytest.mark.parametrize("projection", UNDECLARED, ids=lambda it: it.name)
def test_a_projection_that_declares_nothing_has_a_reason_and_is_not_shipped(
    projection: Projection[Any], logs: Logs
) -> None:
    events = [(it, ()) for it in TWO_STREAMS.get(projection.name, ())]

    found = first_crossing(projection, events or logs.of(projection, 7), by="stream")

    assert found is not None
    assert found.owner != found.partition == found.event.stream
    with pytest.raises(NotShippable, match=projection.name):
        require_shippable(projection)


def test_one_that_reads_others_is_refused_whatever_it_declares() -> None:
    with pytest.raises(NotShippable, match="reads rows that other events write"):
        require_shippable(replace(seats_left.PROJECTION, partition_by=None, reads_others=True))
    with pytest.raises(ValueError, match="reads others"):
        replace(seats_left.PROJECTION, reads_others=True)


class Seen(Struct, frozen=True):
    """One row."""

    stream: str
    before: int


def peek(rows: Rows[Seen], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """Writes its own row alone, and looks at another's."""
    other = rows.get("order-0")
    rows.put(Seen(event.stream, other.before + 1 if other else 0))


def test_a_declaration_that_is_not_true_is_noticed_by_a_row_that_is_only_read(logs: Logs) -> None:
    lying = Projection(
        name="lying",
        version=1,
        title="",
        row=Seen,
        key=("stream",),
        apply=peek,
        partition_by="stream",
    )
    events = logs.of(lying, 7)

    found = first_crossing(lying, events, by="stream")

    assert found is not None
    assert found.key == "order-0"
    together = dict[Any, tuple[Any, ...]]()
    for part in parts("stream", events):
        together |= folded(lying, part)
    assert together != folded(lying, events)


@pytest.mark.parametrize("by", ["", "version", "data", "data.", "data.a..b", "Data.a"])
def test_what_no_event_has_is_no_partition(by: str) -> None:
    with pytest.raises(ValueError, match="partitioned by"):
        replace(streams.PROJECTION, partition_by=by)


def test_a_number_and_its_text_are_two_partitions_as_they_are_two_groups() -> None:
    one = event('{"order": {"n": 1}}')
    texts = ("1", "1.0", '"1"', "true", '"true"')
    found = [partition_of("data.order.n", event(f'{{"order": {{"n": {it}}}}}')) for it in texts]

    assert found == ["1", "1", '"1"', "true", '"true"']
    assert partition_of("data.order.gone", one) is partition_of("data.a", event("3")) is None
    assert partition_of("type", one) == "Placed"
    assert event_types.PROJECTION.partition_by == "type"
