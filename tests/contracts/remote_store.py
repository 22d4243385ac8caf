"""What every event store on a server that is written to must do; those that need one run by
`make test-engines`.

The tests of a kind subclass RemoteStoreContract and supply `opened`: a store, empty at first, each
call another connection to the same one. What is asked of a reader (remote_reader.py) is part of it.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import DuplicateEventId, InvalidEvent, VersionConflict
from store.events import ANY_VERSION, NEW_STREAM, NewEvent
from store.remote.interface import RemoteStore
from tests.contracts.remote_reader import RemoteReaderContract, Write, everything

Opened = Callable[[], RemoteStore]
WRITERS = 8
EACH = 10
PATIENCE_S = 60.0


def event(type_: str = "Noted", n: int = 0, **facts: Any) -> NewEvent:
    return NewEvent.of(type_, {"n": n}, **facts)


class RemoteStoreContract(RemoteReaderContract):
    @pytest.fixture
    def opened(self) -> Iterator[Opened]:
        raise NotImplementedError

    @pytest.fixture
    def write(self, opened: Opened) -> Write:
        def write(stream: str, many: int) -> None:
            with closing(opened()) as mine:
                mine.append(stream, [event(n=n) for n in range(many)], expected=ANY_VERSION)

        return write

    @pytest.fixture
    def store(self, opened: Opened) -> RemoteStore:
        return opened()

    def test_versions_count_from_one_in_each_stream(self, store: RemoteStore) -> None:
        store.append("a", [event(n=1), event(n=2)], expected=NEW_STREAM)
        done = store.append("b", [event(n=3)], expected=NEW_STREAM)

        assert [(it.stream, it.version) for it in everything(store)] == [
            ("a", 1),
            ("a", 2),
            ("b", 1),
        ]
        assert (done.version, done.was_there) == (1, False)
        assert done.cursor in (None, store.head())

    @pytest.mark.parametrize("expected", [NEW_STREAM, 2, 99])
    def test_a_decision_on_another_version_leaves_no_trace(
        self, store: RemoteStore, expected: int
    ) -> None:
        store.append("a", [event()], expected=NEW_STREAM)

        with pytest.raises(VersionConflict) as conflict:
            store.append("a", [event()], expected=expected)

        assert (conflict.value.expected, conflict.value.actual) == (expected, 1)
        assert len(everything(store)) == 1

    def test_the_same_events_are_recorded_once_however_often_they_are_sent(
        self, store: RemoteStore
    ) -> None:
        sent = [event(n=1), event(n=2)]
        first = store.append("a", sent, expected=NEW_STREAM)
        store.append("a", [event(n=3)], expected=2)

        again = store.append("a", sent, expected=NEW_STREAM)

        assert (again.version, again.cursor, again.was_there) == (2, first.cursor, True)
        assert store.version("a") == 3

    @pytest.mark.parametrize("change", ["data", "type", "metadata", "stream", "order", "more"])
    def test_an_id_that_belongs_to_another_event_is_refused(
        self, store: RemoteStore, change: str
    ) -> None:
        one, two = event("One", 1), event("Two", 2)
        store.append("a", [one, two], expected=NEW_STREAM)
        sent = {
            "data": [NewEvent(type="One", id=one.id, data_json='{"n":9}'), two],
            "type": [NewEvent(type="Else", id=one.id, data_json=one.data_json), two],
            "metadata": [
                NewEvent(
                    type="One", id=one.id, data_json=one.data_json, metadata_json='{"actor":"x"}'
                ),
                two,
            ],
            "stream": [one, two],
            "order": [two, one],
            "more": [event("New"), one],
        }[change]

        if change == "stream" and store.abilities.ids == "stream":
            assert store.append("b", sent, expected=ANY_VERSION).version == 2
            return
        with pytest.raises(DuplicateEventId) as refused:
            store.append("b" if change == "stream" else "a", sent, expected=ANY_VERSION)

        assert refused.value.event_id in {one.id, two.id}
        assert len(everything(store)) == 2

    def test_an_id_stands_once_within_an_append(self, store: RemoteStore) -> None:
        with pytest.raises(DuplicateEventId):
            store.append("a", [event(id="x"), event(id="x")], expected=ANY_VERSION)

        assert store.head() is None

    @pytest.mark.parametrize(
        "bad",
        [
            NewEvent(type="", data_json="{}"),
            NewEvent(type="T", data_json="{broken"),
            NewEvent(type="T", data_json="NaN"),
            NewEvent(type="T", metadata_json="[]"),
            NewEvent(type="T", source_json="1"),
            NewEvent(type="T\0", data_json="{}"),
            NewEvent(type="T", data_json='{"a":"\ud800"}'),
            NewEvent(type="T", links=("elsewhere",)),
        ],
        ids=["no type", "broken", "NaN", "metadata", "source", "NUL", "half a pair", "links"],
    )
    def test_an_event_that_cannot_be_recorded_takes_its_append_with_it(
        self, store: RemoteStore, bad: NewEvent
    ) -> None:
        with pytest.raises(InvalidEvent):
            store.append("a", [event(), bad], expected=ANY_VERSION)

        assert store.head() is None

    def test_an_append_needs_a_stream(self, store: RemoteStore) -> None:
        with pytest.raises(InvalidEvent):
            store.append("", [event()], expected=ANY_VERSION)

    @pytest.mark.parametrize(
        "text",
        [
            '{"n":123456789012345678901234567890}',
            '{ "a" : 0.10 }',
            "null",
            '{"a":1,"a":2}',
            '{"nul":"\\u0000"}',
            '{"half":"\\ud800"}',
            '{"é":"日本語 🎫"}',
        ],
    )
    def test_payloads_come_back_byte_for_byte(self, store: RemoteStore, text: str) -> None:
        store.append("a", [NewEvent(type="T", data_json=text)], expected=NEW_STREAM)

        (kept,) = everything(store)
        assert kept.event.data_json == text

    def test_everything_else_of_an_event_comes_back(self, store: RemoteStore) -> None:
        sent = NewEvent(
            type="Typ é",
            id="own id: 1",
            metadata_json='{"actor":"eve"}',
            occurred_at_us=-1,
            occurred_offset_min=-90,
            source_json='{"format":"x"}',
        )
        store.append("stream 'quoted' 日", [sent], expected=NEW_STREAM)

        (kept,) = everything(store)

        assert kept.stream == "stream 'quoted' 日"
        assert kept.event.recorded_at_us is not None
        for name in ("type", "id", "metadata_json", "occurred_at_us", "occurred_offset_min"):
            assert getattr(kept.event, name) == getattr(sent, name)
        assert kept.event.source_json == sent.source_json

    def test_many_writers_on_one_stream_get_versions_of_their_own_without_gaps(
        self, opened: Opened
    ) -> None:
        accepted, failed = list[int](), list[BaseException]()
        stores = [opened() for _ in range(WRITERS)]

        def write(mine: RemoteStore) -> None:
            try:
                for n in range(EACH):
                    accepted.append(appended_at_last(mine, "hot", [event(n=n)]))
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=write, args=[it]) for it in stores]
        for it in threads:
            it.start()
        for it in threads:
            it.join(PATIENCE_S)

        assert failed == []
        assert sorted(accepted) == list(range(1, WRITERS * EACH + 1))
        assert [it.version for it in stores[0].stream("hot")] == sorted(accepted)

    def test_a_wait_ends_when_something_comes(self, opened: Opened) -> None:
        reader, writer = opened(), opened()
        if not reader.abilities.has_wake_up:
            return
        reader.wait(0.0)
        reader.wait(0.0)
        woken = threading.Event()

        def listen() -> None:
            while not reader.wait(PATIENCE_S):
                pass
            woken.set()

        thread = threading.Thread(target=listen)
        thread.start()
        writer.append("a", [event()], expected=NEW_STREAM)

        assert woken.wait(PATIENCE_S)
        thread.join(PATIENCE_S)

    @given(
        st.lists(
            st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 4), st.booleans()),
            max_size=12,
        )
    )
    def test_it_holds_what_a_plain_list_would(
        self, opened: Opened, steps: Sequence[tuple[str, int, bool]]
    ) -> None:
        """On top of what the examples before have left there."""
        store = opened()
        before = everything(store, limit=500)
        plain = {name: sum(it.stream == name for it in before) for name in "abc"}
        wanted = list[tuple[str, int, str]]()
        for stream, many, is_right in steps:
            sent = [event(n=n) for n in range(many)]
            expected = plain[stream] + (0 if is_right else 1)
            try:
                store.append(stream, sent, expected=expected)
            except VersionConflict:
                assert not is_right
                continue
            assert is_right
            for it in sent:
                plain[stream] += 1
                wanted.append((stream, plain[stream], it.id))

        behind = everything(store, before[-1].cursor if before else None, limit=5)
        assert [(it.stream, it.version, it.event.id) for it in behind] == wanted
        store.close()


def appended_at_last(store: RemoteStore, stream: str, events: Sequence[NewEvent]) -> int:
    """Decide again as long as somebody else was first; the version of the last event."""
    while True:
        try:
            return store.append(stream, events, expected=store.version(stream)).version
        except VersionConflict:
            continue
