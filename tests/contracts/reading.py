"""What every reader of a log must do. Subclass it and supply `holding`."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from store.events import NewEvent
from store.filter.parse import parse
from store.interface import EventReader
from store.query import EVERYTHING, EventQuery
from tests.contracts.given_events import STREAMS, TYPES, events
from tests.contracts.plain_log import Given, PlainLog

UNKNOWN = "nobody-9"


def logs() -> st.SearchStrategy[list[Given]]:
    """A few events, or none."""
    return events("e", most=14, least=0, offset_min=60)


names = st.sampled_from((*STREAMS, UNKNOWN))
positions = st.integers(0, 16)
queries = st.builds(
    EventQuery,
    streams=st.lists(names, max_size=2, unique=True).map(tuple),
    types=st.lists(st.sampled_from((*TYPES, "Nothing")), max_size=2, unique=True).map(tuple),
    text=st.sampled_from(("", "pAI", '"n":1', "CART", "e-3", "%_")),
)


class ReadingContract:
    def holding(self, given: Sequence[Given]) -> AbstractContextManager[EventReader]:
        """A reader of a log with these events, in this order, and no others."""
        raise NotImplementedError

    @given(
        given=logs(),
        query=queries,
        after=positions,
        until=st.none() | positions,
        limit=st.none() | st.integers(0, 5),
        reverse=st.booleans(),
    )
    def test_events_are_read_within_bounds_oldest_or_newest_first(
        self,
        given: list[Given],
        query: EventQuery,
        after: int,
        until: int | None,
        limit: int | None,
        reverse: bool,
    ) -> None:
        plain = PlainLog(given)
        with self.holding(given) as log:
            for asked in (EVERYTHING, query):
                found = log.read(asked, after=after, until=until, limit=limit, reverse=reverse)
                assert list(found) == plain.read(
                    asked, after=after, until=until, limit=limit, reverse=reverse
                )
            assert list(log.positions(query, after=after, until=until)) == [
                it.position
                for it in plain.read(query, after=after, until=until, limit=None, reverse=False)
            ]
            for name in (*STREAMS, UNKNOWN):
                of_stream = log.read_stream(
                    name, after=after, until=until, limit=limit, reverse=reverse
                )
                assert list(of_stream) == plain.read(
                    EventQuery(streams=(name,)),
                    after=after,
                    until=until,
                    limit=limit,
                    reverse=reverse,
                )
                said = log.stream_payloads(name, after=after, until=until)
                assert list(said) == plain.stream_payloads(name, after=after, until=until)

    @given(given=logs(), first=positions, last=positions, some=st.lists(positions, max_size=5))
    def test_positions_are_dense_and_each_holds_its_event(
        self, given: list[Given], first: int, last: int, some: list[int]
    ) -> None:
        plain = PlainLog(given)
        with self.holding(given) as log:
            assert log.head() == len(given)
            assert log.page(first, last) == plain.page(first, last)
            assert log.payloads(first, last) == plain.payloads(first, last)
            assert log.at_positions(some) == [it for it in plain.events if it.position in some]
            assert [log.event(it) for it in range(len(given) + 2)] == [None, *plain.events, None]
            assert [log.event_by_id(it.id) for it in plain.events] == plain.events
            assert log.event_by_id("nobody's") is None
            assert [log.links(it) for it in range(17)] == [plain.links(it) for it in range(17)]
            assert log.links_between(first, last) == plain.links_between(first, last)

    @given(given=logs(), until=st.none() | positions, after=positions)
    def test_a_stream_has_versions_without_a_gap_as_of_any_position(
        self, given: list[Given], until: int | None, after: int
    ) -> None:
        plain = PlainLog(given)
        with self.holding(given) as log:
            asked = range(len(given) + 2)
            assert log.positions_before(asked) == plain.positions_before(asked)
            for name in (*STREAMS, UNKNOWN):
                home = plain.of_home(name)
                assert [it.version for it in home] == list(range(1, len(home) + 1))
                assert log.stream_version(name, until=until) == len(plain.of_home(name, until))
                for version in range(len(home) + 2):
                    assert log.position_of(name, version) == plain.position_of(name, version)
                assert log.has_stream(name) == (name in plain.stream_names())
                category = name.partition("-")[0]
                in_it = [it for it in plain.stream_names() if it.startswith(f"{category}-")]
                assert log.has_category(category) == bool(in_it)
                assert log.stream_moments(name, after=after) == plain.stream_moments(name, after)

    @given(given=logs(), first=positions, last=positions, asked_us=st.integers(-5, 11))
    def test_as_of_a_time_is_a_prefix_though_clocks_step_back_and_tie(
        self, given: list[Given], first: int, last: int, asked_us: int
    ) -> None:
        """Up to the last position whose running maximum is not later."""
        plain = PlainLog(given)
        with self.holding(given) as log:
            assert log.position_as_of(asked_us) == plain.position_as_of(asked_us)
            assert log.moments(first, last) == plain.moments(first, last)
            for position in range(len(given) + 2):
                assert log.running_max_us(position) == plain.running_max_us(position)

    @given(given=logs(), versions=st.integers(1, 4), after=positions, until=positions)
    def test_names_and_counts_are_those_of_the_events(
        self, given: list[Given], versions: int, after: int, until: int
    ) -> None:
        plain = PlainLog(given)
        with self.holding(given) as log:
            assert log.stream_names() == plain.stream_names()
            assert log.stream_lengths() == plain.stream_lengths()
            assert list(log.type_counts().items()) == list(plain.type_counts().items())
            assert log.type_names() == list(plain.type_counts())
            assert log.every_nth(versions, after=after, until=until) == plain.every_nth(
                versions, after=after, until=until
            )

    @pytest.mark.parametrize("reverse", [False, True])
    def test_long_answers_have_no_seam(self, reverse: bool) -> None:
        given = [_numbered(n) for n in range(2_500)]
        with self.holding(given) as log:
            found = log.read(after=10, until=2_400, limit=2_300, reverse=reverse)
            of_stream = log.read_stream("s", after=10, until=2_400, reverse=reverse)

            everything = list(range(11, 2_401))[:: -1 if reverse else 1]
            assert [it.position for it in found] == everything[:2_300]
            assert [it.position for it in of_stream] == everything

    @pytest.mark.parametrize("reverse", [False, True])
    def test_a_filter_is_met_over_the_whole_log_within_bounds_and_up_to_a_limit(
        self, reverse: bool
    ) -> None:
        given = [_numbered(n, "A" if n % 3 else "B") for n in range(2_500)]
        query = EventQuery(streams=("s",), types=("A",), where=parse("data.n >= 1000.0"))
        with self.holding(given) as log:
            found = log.read(query, until=2_450, reverse=reverse)
            first = log.read(query, until=2_450, reverse=reverse, limit=1_100)
            none = log.read(EventQuery(where=parse("n = '7'")), limit=1)

            met = [n + 1 for n in range(1_000, 2_450) if n % 3][:: -1 if reverse else 1]
            assert [it.position for it in found] == met
            assert [it.position for it in first] == met[:1_100]
            assert list(none) == []
            assert list(log.positions(query, until=2_450)) == sorted(met)

    @pytest.mark.parametrize(
        "ask",
        [
            lambda log: list(log.read(limit=1)),
            lambda log: log.page(1, 1),
            lambda log: log.at_positions([1]),
            lambda log: list(log.read_stream("s", limit=1)),
            lambda log: [log.event_by_id("e-0")],
        ],
    )
    def test_an_event_is_the_same_by_whatever_way_it_is_read(
        self, ask: Callable[[EventReader], list[object]]
    ) -> None:
        one = NewEvent(
            type="T",
            id="e-0",
            data_json='{ "a" : 0.10, "b":123456789012345678901234567890 }',
            metadata_json='{"occurred":"then"}',
            source_json='{"origin": [1]}',
            recorded_at_us=2_000_000,
            recorded_offset_min=None,
            occurred_at_us=-1,
            occurred_offset_min=-90,
        )
        given = [Given(stream="s", event=one)]
        with self.holding(given) as log:
            assert ask(log) == PlainLog(given).events

    @pytest.mark.parametrize("name", ["n", "ж", 'with "', "a\\b", "\udc00"])
    def test_nothing_that_may_name_a_field_is_left_out(self, name: str) -> None:
        texts = [
            json.dumps({name: 1}),
            json.dumps({name: 2}, ensure_ascii=False).encode("utf-8", "replace").decode(),
            "".join(('{"', *(f"\\u{ord(it):04x}" for it in name), '": 3}')),
            "[4]",
            ' {"other": 5}',
            '{"other": 6}',
        ]
        given = [
            Given(stream="s", event=structs.replace(_numbered(n).event, data_json=text))
            for n, text in enumerate(texts)
        ]
        with self.holding(given) as log:
            found = list(log.stream_payloads("s", naming=name))

            everything = list(log.stream_payloads("s"))
            assert [it for it in everything if it in found] == found
            needed = [it for it in everything if not isinstance(it.data, dict) or name in it.data]
            assert [it for it in needed if it not in found] == []

    def test_a_run_of_events_says_together_what_they_say_one_by_one(self) -> None:
        texts = ['{"n": 1}', "[4, {}]", '{"n": "]}, {"}', "null", '{"n":2}']
        given = [
            Given(
                stream="s",
                event=structs.replace(_numbered(n).event, data_json=text, metadata_json=told),
            )
            for n, (text, told) in enumerate(zip(texts, ["{}"] * 4 + ['{"v":1}'], strict=True))
        ]
        with self.holding([*given, _numbered(5, "Other")]) as log:
            for after, until in ((0, 6), (0, 4), (2, 5), (6, 6)):
                said = list(log.stream_payloads("s", after=after, until=until))
                for payloads_only in (False, True):
                    runs = log.stream_texts(
                        "s", after=after, until=until, payloads_only=payloads_only
                    )
                    for run in () if runs is None else runs:
                        assert list(run.events()) == said
                        assert [it.position for it in said] == list(run.positions)
                        assert json.loads(run.data_json or "") == [it.data for it in said]
                        if not payloads_only:
                            assert [it.type for it in said] == list(run.types)
                            assert json.loads(run.metadata_json) == [it.metadata for it in said]
            assert not list(log.stream_texts(UNKNOWN, after=0, until=6) or ())

    @given(given=logs(), first=positions, last=positions)
    def test_a_run_of_the_log_says_together_what_its_events_say(
        self, given: list[Given], first: int, last: int
    ) -> None:
        with self.holding(given) as log:
            found = log.log_texts(first, last)
            if found is None:
                return  # whoever reads it goes by the events
            events = log.page(first, last)
            assert list(found.positions) == [it.position for it in events]
            assert [found.streams[it] for it in found.homes] == [it.stream for it in events]
            assert list(found.types) == [it.type for it in events]
            assert list(found.recorded_at_us) == [it.recorded_at_us for it in events]
            assert json.loads(found.data_json) == [json.loads(it.data_json) for it in events]
            assert json.loads(found.metadata_json) == [it.metadata for it in events]

    def test_every_event_is_in_one_run_in_its_order(self) -> None:
        """Be they many, or so long that few are put together."""
        texts = ['{"n":1}'] * 600 + [json.dumps({"text": "x" * 100_000})] * 60
        given = [
            Given(stream="s", event=structs.replace(_numbered(n).event, data_json=text))
            for n, text in enumerate(texts)
        ]
        with self.holding(given) as log:
            for after in (0, 600):
                runs = list(log.stream_texts("s", after=after, until=660) or ())
                found = [it for run in runs for it in run.positions]
                assert found in ([], list(range(after + 1, 661)))

    def test_an_event_arrives_once(self) -> None:
        with self.holding([_numbered(0)]) as log:
            assert log.arrived_at_us(1) == 0
            assert log.arrived_at_us(2) is None

    def test_a_reader_says_which_log_it_reads(self) -> None:
        with self.holding([_numbered(0)]) as log, self.holding([_numbered(0)]) as other:
            assert log.store_id()
            assert log.store_id() == log.store_id()
            assert log.store_id() != other.store_id()

    def test_what_is_there_is_news_once(self) -> None:
        with self.holding([_numbered(0)]) as log, closing(log.commits()) as commits:
            assert commits.has_changed()
            assert not commits.has_changed()

    def test_an_interrupt_between_two_questions_is_no_interrupt(self) -> None:
        with self.holding([_numbered(0)]) as log:
            log.interrupt()

            assert log.head() == 1


def _numbered(n: int, type_: str = "T") -> Given:
    return Given(
        stream="s",
        event=NewEvent.of(type_, {"n": n}, id=f"e-{n}", recorded_at_us=n, occurred_at_us=n),
    )
