"""What every backend must do; each is found by being in its folder.

The tests of a backend, in a file of their own in tests/store/backends, subclass
EventStoreContract, name the backend's scheme and the class that keeps its log, and supply `store`,
`fresh` and `address`.
"""

import pkgutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from store.errors import DuplicateEventId, InvalidEvent, VersionConflict
from store.events import ANY_VERSION, NEW_STREAM, NewEvent
from store.interface import EventReader, EventStore
from store.query import EventQuery
from store.times import now_us
from tests.contracts.plain_log import Given
from tests.contracts.reading import ReadingContract


def event(type_: str = "Noted", n: int = 0, **facts: Any) -> NewEvent:
    return NewEvent.of(type_, {"n": n}, **facts)


def ids(events: Sequence[object]) -> list[int]:
    return [it.position for it in events]  # type: ignore[attr-defined]


class EventStoreContract(ReadingContract):
    scheme: str  # of the backend
    keeps: type  # of what the backend opens to write to

    @contextmanager
    def holding(self, given: Sequence[Given]) -> Iterator[EventReader]:
        store = self.fresh()
        try:
            waiting = [
                store.append_soon(it.stream, [it.event], expected=ANY_VERSION) for it in given
            ]
            assert [it.result(60).position for it in waiting] == list(range(1, len(given) + 1))
            yield store
        finally:
            store.close()

    @pytest.fixture
    def store(self) -> EventStore:
        raise NotImplementedError

    def test_versions_and_positions_count_from_one(self, store: EventStore) -> None:
        store.append("order-1", [event("Placed"), event("Paid")], expected=NEW_STREAM)
        appended = store.append("order-2", [event("Placed")], expected=NEW_STREAM)

        assert [(it.position, it.version) for it in store.read()] == [(1, 1), (2, 2), (3, 1)]
        assert (appended.version, appended.position) == (1, 3)

    @pytest.mark.parametrize("expected", [1, ANY_VERSION])
    def test_a_current_decision_is_recorded(self, store: EventStore, expected: int | None) -> None:
        store.append("order-1", [event("Placed")], expected=NEW_STREAM)

        assert store.append("order-1", [event("Paid")], expected=expected).version == 2

    @pytest.mark.parametrize("expected", [NEW_STREAM, 2, 99, -1])
    def test_any_other_decision_leaves_no_trace(self, store: EventStore, expected: int) -> None:
        store.append("order-1", [event("Placed")], expected=NEW_STREAM)

        with pytest.raises(VersionConflict) as conflict:
            store.append("order-1", [event("Paid")], expected=expected)

        assert (conflict.value.expected, conflict.value.actual) == (expected, 1)
        assert store.head() == 1

    def test_a_span_ends_with_the_event_at_its_end(self, store: EventStore) -> None:
        store.append("s-1", [event(n=n) for n in range(5)], expected=NEW_STREAM)

        assert ids(list(store.read(after=1, until=3))) == [2, 3]
        assert ids(list(store.read(after=1, until=3, reverse=True))) == [3, 2]
        assert ids(list(store.read_stream("s-1", after=1, until=3))) == [2, 3]

    def test_the_recorded_axis_never_runs_backwards(self, store: EventStore) -> None:
        times_us = (30, 10, 20, 40)
        events = [event(recorded_at_us=it, recorded_offset_min=0) for it in times_us]
        store.append("s-1", events, expected=NEW_STREAM)

        assert [store.position_as_of(it) for it in (9, 20, 30, 39, 40)] == [0, 0, 3, 3, 4]

    def test_an_id_is_recorded_once(self, store: EventStore) -> None:
        store.append("order-1", [event(id="e-1")], expected=NEW_STREAM)

        with pytest.raises(DuplicateEventId):
            store.append("order-2", [event(id="e-2"), event(id="e-1")], expected=NEW_STREAM)

        assert (store.head(), store.stream_version("order-2")) == (1, 0)

    @pytest.mark.parametrize(
        "bad",
        [
            NewEvent(type="", data_json="{}"),
            NewEvent(type="T", data_json="{broken"),
            NewEvent(type="T", data_json="NaN"),
            NewEvent(type="T", metadata_json="[]"),
            NewEvent(type="T", source_json="1"),
        ],
    )
    def test_an_event_that_cannot_be_recorded_takes_its_whole_append_with_it(
        self, store: EventStore, bad: NewEvent
    ) -> None:
        with pytest.raises(InvalidEvent):
            store.append("order-1", [event(), bad], expected=NEW_STREAM)

        assert store.head() == 0

    def test_an_append_needs_a_stream(self, store: EventStore) -> None:
        with pytest.raises(InvalidEvent):
            store.append("", [event()], expected=ANY_VERSION)

    def test_appending_nothing_records_nothing(self, store: EventStore) -> None:
        store.append("order-1", [], expected=NEW_STREAM)

        assert (store.head(), store.stream_version("order-1")) == (0, 0)
        assert not store.has_stream("order-1")

    def test_an_append_is_noticed(self, store: EventStore) -> None:
        with closing(store.commits()) as commits:
            commits.has_changed()

            for _ in range(3):
                store.append("order-1", [event()], expected=ANY_VERSION)
                assert commits.has_changed()
                assert not commits.has_changed()

    @pytest.mark.parametrize(
        "payload", ['{"n":123456789012345678901234567890}', '{"n":1e400}', '{ "a" : 0.10 }', "null"]
    )
    def test_payloads_come_back_byte_for_byte(self, store: EventStore, payload: str) -> None:
        store.append("s", [NewEvent(type="T", data_json=payload)], expected=NEW_STREAM)

        (kept,) = store.read()
        assert kept.data_json == payload

    def test_a_time_that_others_claim_never_moves_our_clock(self, store: EventStore) -> None:
        """Row A3. The claim is kept; as of a time the event counts from when it came."""
        before_us = now_us()
        claims = [
            event(recorded_at_us=4_000_000_000_000_000, recorded_offset_min=0),
            event(occurred_at_us=4_000_000_000_000_000, occurred_offset_min=0),
        ]
        store.append("s", claims, expected=NEW_STREAM)

        store.append("s", [event(), event()], expected=ANY_VERSION)

        claim, *ours = store.read()
        assert claim.recorded_at_us == 4_000_000_000_000_000
        assert all(before_us <= it.recorded_at_us <= now_us() for it in ours)
        assert store.position_as_of(ours[-1].recorded_at_us) == 4
        assert store.position_as_of(before_us - 1) == 0
        assert before_us <= store.running_max_us(1) <= ours[0].recorded_at_us

    def test_both_times_keep_their_offsets(self, store: EventStore) -> None:
        """Row A3."""
        stated = event(
            recorded_at_us=2_000_000,
            recorded_offset_min=60,
            occurred_at_us=-1,
            occurred_offset_min=None,
        )
        store.append("s", [stated], expected=NEW_STREAM)

        (kept,) = store.read()
        assert kept.recorded_at == "1970-01-01T01:00:02.000000+01:00"
        assert kept.occurred_at == "1969-12-31T23:59:59.999999"

    def test_an_event_is_read_in_the_streams_it_is_linked_into(self, store: EventStore) -> None:
        store.append("order-1", [event(), event(links=("cart-9", "cart-9"))], expected=NEW_STREAM)
        store.append("cart-9", [event()], expected=NEW_STREAM)

        linked = list(store.read_stream("cart-9"))

        assert [(it.position, it.stream, it.version) for it in linked] == [
            (2, "order-1", 2),
            (3, "cart-9", 1),
        ]
        assert store.links(2) == ("cart-9",)
        assert store.stream_version("cart-9") == 1

    def test_a_query_meets_types_streams_and_text_over_the_whole_log(
        self, store: EventStore
    ) -> None:
        store.append("order-1", [event("Placed", 1), event("Paid", 2)], expected=NEW_STREAM)
        store.append("order-2", [event("Placed", 3, links=("order-1",))], expected=NEW_STREAM)

        def found(**parts: object) -> list[int]:
            return ids(list(store.read(EventQuery(**parts))))  # type: ignore[arg-type]

        assert found(types=("Placed",)) == [1, 3]
        assert found(streams=("order-1",)) == [1, 2, 3]
        assert found(text='"N":3') == [3]
        assert found(text="PAI") == [2]
        assert found(text="100%_") == []
        assert found(types=("Placed",), streams=("order-2",)) == [3]

    def test_unknown_things_are_empty_not_errors(self, store: EventStore) -> None:
        assert store.event(1) is None
        assert store.event_by_id("nope") is None
        assert list(store.read_stream("nope")) == []
        assert store.stream_moments("nope") == []
        assert store.stream_version("nope") == 0
        assert store.position_of("nope", 1) is None

    def test_an_event_is_found_by_id_version_and_position(self, store: EventStore) -> None:
        store.append("s", [event(id="a"), event(id="b")], expected=NEW_STREAM)

        by_id, by_position = store.event_by_id("b"), store.event(2)

        assert by_id is not None
        assert by_id == by_position
        assert store.position_of("s", 2) == 2
        assert store.positions_before([]) == {}
        assert store.stream_version("s", until=1) == 1

    def test_a_subscription_catches_up_and_then_follows(self, store: EventStore) -> None:
        store.append("s", [event() for _ in range(5)], expected=NEW_STREAM)
        subscription = store.subscribe(after=2)

        caught_up = ids(subscription.batch(limit=2)) + ids(subscription.batch())
        nothing = subscription.batch(timeout_s=0.01)
        store.append("s", [event()], expected=ANY_VERSION)
        live = ids(subscription.batch(timeout_s=60))
        subscription.close()

        assert (caught_up, list(nothing), live) == ([3, 4, 5], [], [6])
        assert subscription.position == 6

    def test_closing_a_subscription_ends_a_wait(self, store: EventStore) -> None:
        subscription = store.subscribe()
        got: list[Sequence[object]] = []
        waiting = threading.Thread(target=lambda: got.append(subscription.batch(timeout_s=60)))
        waiting.start()

        subscription.close()
        waiting.join(60)

        assert [list(it) for it in got] == [[]]

    def test_appends_that_wait_together_are_all_answered(self, store: EventStore) -> None:
        answers = [
            store.append_soon(f"s-{n % 7}", [event(n=n)], expected=ANY_VERSION) for n in range(200)
        ]
        refused = store.append_soon("s-0", [event()], expected=99)

        positions = sorted(it.result(60).position for it in answers)

        assert positions == list(range(1, 201))
        assert isinstance(refused.exception(10), VersionConflict)

    def fresh(self) -> EventStore:
        """An empty store of this backend; the caller closes it."""
        raise NotImplementedError

    @classmethod
    def address(cls, folder: Path) -> str:
        """The address of an empty store of this backend, in a folder if it has a file."""
        raise NotImplementedError


def contracts() -> Mapping[str, type[EventStoreContract]]:
    """The contract of each backend, by the backend's scheme."""
    folder = import_module("tests.store.backends")
    for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
        import_module(module.name)
    return {it.scheme: it for it in EventStoreContract.__subclasses__()}
