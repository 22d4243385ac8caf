"""A projection that goes row by row writes what it would write event by event, however cut."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.projection import Projection, RowByRow
from replay.projections import event_types, find_projections, latest_states, streams
from replay.views.row_buffer import LONGEST_KEPT, RowBuffer
from replay.views.sink import Mark
from store import json_text
from store.events import RecordedEvent
from tests.replay.memory_sink import Memory, MemorySink

FORMS = [it for it in find_projections() if isinstance(it.apply, RowByRow)]
STREAMS = ("order-1", "order-2", "seats", "x-é")
LONG = "long " * (LONGEST_KEPT // 5)  # what holds it is left out of the history

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "é", LONG]),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner),
    max_leaves=5,
)
told = st.tuples(
    st.sampled_from(STREAMS),
    st.sampled_from(["Placed", "Paid"]),
    values,
    st.sets(st.sampled_from(STREAMS), max_size=3),
)


def recorded(log: Sequence[tuple[str, str, Any, set[str]]]) -> list[RecordedEvent]:
    """Events as a log would give them."""
    versions: dict[str, int] = {}
    found = []
    for position, (stream, type_, data, _) in enumerate(log, 1):
        versions[stream] = versions.get(stream, 0) + 1
        text = json_text.encode(data)
        at = (1_000 + position % 7, None, 1_000 - position, None)
        found.append(
            RecordedEvent(
                position, stream, versions[stream], type_, f"e-{position}", *at, text, "{}", None
            )
        )
    return found


def folded(
    projection: Projection[Any],
    events: Sequence[RecordedEvent],
    links: dict[int, tuple[str, ...]],
    cuts: Sequence[int],
) -> Memory:
    """What is stored when the events come in parts, each to a buffer that knows nothing yet or
    to the one before."""
    memory = Memory()
    buffer = RowBuffer(MemorySink(memory), projection)
    edges = [0, *sorted(it % (len(events) + 1) for it in cuts), len(events)]
    for number, (start, end) in enumerate(pairwise(edges)):
        if start < end:
            if number % 2:
                buffer = RowBuffer(MemorySink(memory), projection)
            part = events[start:end]
            buffer.take(part, links)
            buffer.flush(Mark(position=part[-1].position, event_id=part[-1].id))
    return memory


def event_by_event(projection: Projection[Any]) -> Projection[Any]:
    """The same, as if it had no other form."""
    form = projection.apply
    return replace(projection, apply=lambda rows, event, links: form(rows, event, links))


@pytest.mark.parametrize("projection", FORMS, ids=lambda it: it.name)
@given(
    log=st.lists(told, min_size=1, max_size=90),
    cuts=st.lists(st.integers(0, 90), max_size=6),
    others=st.lists(st.integers(0, 90), max_size=6),
)
def test_a_run_of_events_writes_what_they_write_one_by_one_however_cut(
    projection: Projection[Any],
    log: list[tuple[str, str, Any, set[str]]],
    cuts: list[int],
    others: list[int],
) -> None:
    events = recorded(log)
    links = {n: tuple(sorted(it[3] - {it[0]})) for n, it in enumerate(log, 1) if it[3] - {it[0]}}

    at_once = folded(projection, events, links, cuts)
    one_by_one = folded(event_by_event(projection), events, links, others)

    assert at_once.rows == one_by_one.rows
    assert at_once.versions == one_by_one.versions
    assert at_once.mark == one_by_one.mark


@pytest.mark.parametrize("projection", FORMS, ids=lambda it: it.name)
def test_more_writes_than_the_history_tells_apart_are_kept_for_a_row(
    projection: Projection[Any],
) -> None:
    events = recorded([("order-1", "Placed", {"n": n, "a": LONG}, set()) for n in range(200)])

    at_once = folded(projection, events, {}, [3, 70])

    assert at_once.versions == folded(event_by_event(projection), events, {}, [150]).versions


def test_the_form_is_that_of_the_views_that_write_a_row_an_event() -> None:
    assert [it.name for it in FORMS] == ["event_types", "latest_states", "streams"]
    assert {event_types.apply.key, latest_states.apply.key, streams.apply.key} == {"type", "stream"}


def test_rows_read_between_two_runs_are_those_of_the_last_one() -> None:
    events = recorded([("order-1", "Placed", {"n": n}, set()) for n in range(4)])
    buffer = RowBuffer(MemorySink(Memory()), latest_states.PROJECTION)

    buffer.take(events[:3], {})
    row = buffer.get("order-1")

    assert row is not None
    assert (row.version, row.state) == (3, {"n": 2})


def test_what_fails_is_told_with_its_position() -> None:
    def fail(_kept: Any, event: RecordedEvent, _is_linked: bool) -> tuple[Any, ...]:
        if event.position == 3:
            raise LookupError("no such thing")
        return (1, 1, 1, 1, 1)

    form = replace(event_types.apply, go_on=fail)
    events = recorded([("order-1", "Placed", {}, set())] * 4)
    buffer = RowBuffer(MemorySink(Memory()), replace(event_types.PROJECTION, apply=form))

    with pytest.raises(LookupError) as raised:
        buffer.take(events, {})

    assert isinstance(raised.value, LookupError)
    assert buffer.failure(raised.value).position == 3


RUNNING = [it for it in FORMS if isinstance(it.apply, RowByRow) and it.apply.run is not None]
bookings = st.tuples(
    st.just("account-1"),
    st.sampled_from(["DepositPerformed", "WithdrawalPerformed", "BankAccountCreated", "Paid"]),
    st.sampled_from([{"id": "1", "owner": "é"}, {"accountId": "1", "amount": 7}, {"amount": "x"}]),
    st.sets(st.just("account-2")),
)


@pytest.mark.parametrize("projection", RUNNING, ids=lambda it: it.name)
@given(log=st.lists(told | bookings, min_size=1, max_size=60), cut=st.integers(0, 60))
def test_what_goes_on_over_several_events_tells_what_it_tells_one_by_one(
    projection: Projection[Any], log: list[tuple[str, str, Any, set[str]]], cut: int
) -> None:
    form, events = projection.apply, recorded(log)
    assert isinstance(form, RowByRow)
    run = form.run
    assert run is not None
    key = events[-1].stream
    of_key = [(it, it.stream != key) for it in events if it.stream == key or it.position % 5 == 0]
    at_once, one_by_one = form.begin(key, None), form.begin(key, None)

    told = [run(at_once, iter(it)) for it in (of_key[:cut], of_key[cut:]) if it]

    each = [form.go_on(one_by_one, event, is_linked) for event, is_linked in of_key]
    assert json_text.encode(told[-1]) == json_text.encode(each[-1])
    if 0 < cut < len(of_key):
        assert told[0][:-1] == each[cut - 1][:-1]


def test_the_latest_state_goes_on_over_several_events() -> None:
    assert [it.name for it in RUNNING] == ["latest_states"]


def test_a_run_asks_for_the_state_as_json_once() -> None:
    asked: list[Any] = []
    folders = latest_states.Folders(latest_states.MODELS)
    folder = folders.of_stream("account-1")
    assert folder is not None
    to_json = folder.to_json
    folder.to_json = lambda state: asked.append(state) or to_json(state)  # type: ignore[func-returns-value,method-assign]
    booked = ("account-1", "DepositPerformed", {"accountId": "1", "amount": 1}, set[str]())
    events = recorded([booked] * 100)
    form = latest_states.by(folders).apply
    assert isinstance(form, RowByRow)
    kept = form.begin("account-1", None)

    assert form.run is not None
    form.run(kept, ((it, False) for it in events))

    assert len(asked) <= 3  # of no events, after the first, and after the last
