"""Many events of a stream are folded and asked together; that tells what one by one tells."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.rules.rule import Rule
from replay.rules.rule_book import RuleBook
from replay.rules.stream_rules import StreamRules
from replay.rules.stream_run import EventsRun, Happened
from replay.rules.windows import windows
from replay.states.model_set import ModelSet, bundled_models
from replay.taught.kept_taught import types_in
from replay.taught.steps import Taught
from replay.taught.teaching import NOTHING, Teaching
from replay.typed_model import Event, State, TypedModel
from store import json_text
from store.events import NewEvent, RecordedEvent
from store.memory import MemoryStore
from tests.replay.json_values import VALUES

CONDITIONS = (
    "a = 1",
    "a > 0 and b is present",
    "a is missing",
    "a.b >= 1 or b = x",
    "not a.b = 1",
    "a.b < null",
    "a = 1 or a.b = 1",
    "a changed",
    "a changed or b = 1",
    "b in (0, 1, true)",
    'b ~ "x*" or b contains y',
    "c.a between 0 and 5",
    "c is missing and n < 3",
    "n > 2 and n != 4",
    'a."odd\\"name" = 1',
    "balance < 0",
    "balance changed and balance < 0",
    "isClosed = false and n is missing",
)
TAUGHT = {
    "Added": [{"do": "add", "to": "n", "value": "n"}],
    "Listed": [{"do": "add to list", "to": "c", "entry": "b"}],
    "Set": [{"do": "set", "to": "a", "value": "a"}],
}
TEACHING = Teaching([Taught(category="taught", version=1, types=types_in(TAUGHT, "here"), by="")])
PAYLOADS = VALUES | st.fixed_dictionaries(
    {},
    optional={
        "a": st.integers(-1, 2) | st.none() | st.fixed_dictionaries({"b": st.integers(0, 2)}),
        "b": st.sampled_from(["x", "Xy", 0, 1, True, None, [0, 1], [{"b": 1}]]),
        "c": st.lists(st.fixed_dictionaries({"a": st.integers(0, 9)}), max_size=2),
        "n": st.integers(-1, 9) | st.decimals(0, 9, places=1) | st.just("no number"),
    },
)
STEADY = st.fixed_dictionaries(
    {"a": st.fixed_dictionaries({"b": st.integers(0, 2), "d": st.text(max_size=2)})},
    optional={"n": st.integers(0, 5), "b": st.sampled_from(["x", "y", None])},
)
BOOKED = st.sampled_from(
    [{"accountId": "1", "amount": 1}, {"accountId": "1", "amount": 600}, {"reason": "x"}, {}]
)
SAID = st.tuples(st.sampled_from(["Set", "Added", "Listed"]), PAYLOADS)
SAID_OF_ACCOUNTS = st.tuples(
    st.sampled_from(["DepositPerformed", "WithdrawalPerformed", "BankAccountClosed", "Set"]),
    BOOKED,
)

Told = list[tuple[Any, ...]]


class Heard:
    """What a report hears, as the tables keep it."""

    def __init__(self) -> None:
        self.told: Told = []
        self.problems: dict[str, tuple[int, str]] = {}
        self.kinds: dict[tuple[str, str, str], int] = {}

    def broken(self, rule: str, _stream: str, event: Happened, value: str) -> None:
        self.told.append(("broken", rule, event.position, value))

    def mended(self, rule: str, _stream: str, since: int, event: Happened) -> None:
        self.told.append(("mended", rule, since, event.position))

    def problem(self, rule: str, _stream: str, position: int, what: str) -> None:
        self.problems.setdefault(rule, (position, what))

    def kind(self, rule: str, path: str, kind: str, _stream: str, event: Happened) -> None:
        key = (rule, path, kind)
        self.kinds[key] = min(event.position, self.kinds.get(key, event.position))

    def all(self) -> tuple[Any, ...]:
        return sorted(self.told), self.problems, self.kinds


class Counted(Event, frozen=True):
    by: int


class Total(State, frozen=True):
    total: int = 0
    odd: Any = None


def count_on(state: Total, event: Any) -> Total:
    if event.by == 13:
        raise ValueError("thirteen")
    if event.by == 0:
        return state
    return Total(total=state.total + event.by, odd=[state.total] if event.by == 3 else event.by)


def is_even(state: Total) -> bool:
    if state.total % 7 == 6:
        raise ValueError("seven")
    return state.total % 2 == 0


def nothing_decided(*_: Any) -> Sequence[Event]:
    return ()


COUNTER = TypedModel(
    name="counter",
    title="Counter",
    version=1,
    category="counter",
    state=Total,
    events=(Counted,),
    commands=(),
    evolve=count_on,
    decide=nothing_decided,
    stream_of=lambda _command: "counter-1",
    invariants={"even": is_even},
)
COUNTERS = ModelSet([COUNTER])
OF_COUNTERS = ("total > 10", "odd = 1 or total < 3", "odd changed", "odd is missing", "no.such = 1")


def events_of(stream: str, said: Iterable[tuple[str, Any]]) -> list[RecordedEvent]:
    store = MemoryStore()
    for type_, value in said:
        new = NewEvent(type=type_, data_json=json_text.encode(value))
        store.append(stream, [new], expected=None)
    return store.page(1, store.head())


def rules_of(conditions: Iterable[str]) -> list[Rule]:
    return [Rule(name=it, where=it) for it in conditions]


def cut(events: Sequence[RecordedEvent], size: int) -> list[Sequence[RecordedEvent]]:
    return [events[at : at + size] for at in range(0, len(events), size)]


def one_by_one(book: RuleBook, stream: str, events: Sequence[RecordedEvent]) -> tuple[Any, ...]:
    rules, heard = StreamRules(book, stream), Heard()
    for event in events:
        rules.take(event, heard)
    return (*heard.all(), rules.stored())


def together(
    book: RuleBook, stream: str, runs: Iterable[Sequence[RecordedEvent]], *, is_kept: bool
) -> tuple[Any, ...]:
    """With `is_kept` each run goes on from what was kept of the one before."""
    rules, heard = StreamRules(book, stream), Heard()
    for run in runs:
        if is_kept and rules.was_kept:
            rules = StreamRules(book, stream, rules.stored())
        rules.take_run(EventsRun(run), heard)
        rules.stored()
    return (*heard.all(), rules.stored())


@pytest.mark.parametrize("stream", ["thing-1", "taught-1"])
@given(
    said=st.lists(SAID, min_size=1, max_size=16)
    | st.lists(st.tuples(st.just("Set"), STEADY), min_size=5, max_size=30),
    conditions=st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3, unique=True),
    size=st.integers(2, 30),
    is_kept=st.booleans(),
)
def test_events_taken_together_tell_what_each_of_them_tells(
    stream: str, said: list[tuple[str, Any]], conditions: list[str], size: int, is_kept: bool
) -> None:
    events, rules = events_of(stream, said), rules_of(conditions)
    book = RuleBook(rules, bundled_models(), TEACHING)

    found = together(book, stream, cut(events, size), is_kept=is_kept)

    assert found == one_by_one(RuleBook(rules, bundled_models(), TEACHING), stream, events)


@given(
    st.lists(SAID_OF_ACCOUNTS, min_size=1, max_size=20),
    st.lists(st.sampled_from(CONDITIONS), max_size=3, unique=True),
    st.integers(2, 20),
    st.booleans(),
)
def test_so_do_those_of_a_model_with_its_invariants(
    said: list[tuple[str, Any]], conditions: list[str], size: int, is_kept: bool
) -> None:
    events, rules = events_of("account-1", said), rules_of(conditions)
    book = RuleBook(rules, bundled_models())

    found = together(book, "account-1", cut(events, size), is_kept=is_kept)

    assert found == one_by_one(RuleBook(rules, bundled_models()), "account-1", events)


@given(
    st.lists(st.integers(0, 14) | st.just(2), min_size=1, max_size=20),
    st.lists(st.sampled_from(OF_COUNTERS), max_size=3, unique=True),
    st.integers(2, 20),
    st.booleans(),
)
def test_so_do_those_where_a_model_or_what_it_says_of_its_states_raises(
    by: list[int], conditions: list[str], size: int, is_kept: bool
) -> None:
    events = events_of("counter-1", [("Counted", {"by": it}) for it in by])
    book = RuleBook(rules_of(conditions), COUNTERS)

    found = together(book, "counter-1", cut(events, size), is_kept=is_kept)

    assert found == one_by_one(RuleBook(rules_of(conditions), COUNTERS), "counter-1", events)


@pytest.mark.parametrize(
    ("stream", "condition", "said"),
    [
        ("thing-1", "a.b = 1", ("Set", {"a": {"b": 2, "c": [1]}})),
        ("thing-1", "a.b = 1", ("Set", {"a": [{"b": 1}]})),
        ("thing-1", "a changed", ("Set", {"a": 1})),
        ("thing-1", "a is missing", ("Set", {"a": {"b": 1}})),
        ("taught-1", "n > 3", ("Added", {"n": 1})),
        ("account-1", "balance < 0", ("DepositPerformed", {"accountId": "1", "amount": 1})),
    ],
)
def test_what_is_read_together_is_not_read_one_by_one(
    stream: str, condition: str, said: tuple[str, Any]
) -> None:
    events, teaching = events_of(stream, [said] * 9), TEACHING if stream == "taught-1" else NOTHING
    book = RuleBook(rules_of([condition]), bundled_models(), teaching)
    model = book.would_be(stream)
    ruled = book.merged(stream) if model is None else book.owned(stream, model)

    found = windows(ruled, ruled.model.initial(), EventsRun(events))

    assert found is not None
    assert [place for it in found for place in it.places] == list(range(9))
