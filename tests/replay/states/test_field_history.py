"""The history of a field is what folding every prefix of its stream by hand tells, on both axes."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.states.diff import Path, diff
from replay.states.field_histories import Axis, FieldHistories
from replay.states.field_history import WHOLE_TEXT, Brief, brief, number
from replay.states.fold import fold
from replay.states.generic_model import GENERIC
from replay.states.model import Model
from replay.states.model_set import bundled_models
from replay.states.state_part import ABSENT, is_same, json_part, part_of
from replay.states.stream_states import StreamStates
from store import json_text
from store.events import NewEvent, RecordedEvent
from store.memory import MemoryStore
from tests.replay.json_values import VALUES

PATHS: tuple[Path, ...] = (
    (),
    ("a",),
    ("a", "b"),
    ("a", "b", "c"),
    ("b", 0),
    ("b", 1, "a"),
    ("",),
    ("ж",),
    (0,),
    (0, "a"),
)
TEXTS = st.sampled_from(
    [
        "[]",
        '[{"a": 1}]',
        "null",
        '"text"',
        " 3",
        '{"a": 1, "a": 2}',
        '{"\\u0061": 5}',
        '{"b": "\\ud800", "a": 6}',
        '{"b": 1e999999999999999999999, "a": 7}',
        '{"a": "\\ud800"}',
        '{"deep": ' + "[" * 150 + "]" * 150 + ', "a": 8}',
    ]
)
PAYLOADS = VALUES.map(json_text.encode) | TEXTS
AXES: tuple[Axis, ...] = ("recorded", "occurred")


def log_of(events: Sequence[tuple[str, int]], stream: str = "thing-1") -> MemoryStore:
    """A log with these payloads, each with when it occurred, between events of another stream."""
    store = MemoryStore()
    for text, occurred in events:
        event = NewEvent(type="Set", data_json=text, occurred_at_us=occurred)
        store.append(stream, [event], expected=None)
        store.append("other-1", [NewEvent.of("Set", {"a": 9})], expected=None)
    return store


def ordered(log: MemoryStore, stream: str, axis: Axis) -> list[RecordedEvent]:
    found = list(log.read_stream(stream))
    return sorted(found, key=lambda it: it.occurred_at_us) if axis == "occurred" else found


def by_hand(
    model: Model[Any], events: Sequence[RecordedEvent], path: Path
) -> list[tuple[int, Any]]:
    """Position and value of each change, by folding every prefix from its beginning."""
    states = [model.to_json(fold(model, events[:count]).state) for count in range(len(events) + 1)]
    values = [plain_part(it, path) for it in states]
    return [
        (events[at].position, values[at + 1])
        for at in range(len(events))
        if not plain_same(values[at], values[at + 1])
    ]


def plain_part(state: Any, path: Path) -> Any:
    for key in path:
        if isinstance(state, dict) and (key in state or str(key) in state):
            state = state[key if key in state else str(key)]
        elif isinstance(state, list) and isinstance(key, int) and key < len(state):
            state = state[key]
        else:
            return ABSENT
    return state


def plain_same(before: Any, after: Any) -> bool:
    if before is ABSENT or after is ABSENT:
        return before is after
    return not list(diff(before, after))


@given(
    events=st.lists(st.tuples(PAYLOADS, st.integers(0, 5)), max_size=8),
    path=st.sampled_from(PATHS),
    more=st.integers(0, 8),
)
def test_a_history_is_what_every_prefix_folded_by_hand_tells(
    events: list[tuple[str, int]], path: Path, more: int
) -> None:
    """Of payloads of every form, on both axes, also where it was asked for before all events were
    there; and as of any position the last change up to it."""
    histories = FieldHistories()
    log = log_of(events[:more])
    for axis in AXES:
        histories.at(log, GENERIC, "thing-1", path, position=log.head(), axis=axis)
    for text, occurred in events[more:]:
        new = NewEvent(type="Set", data_json=text, occurred_at_us=occurred)
        log.append("thing-1", [new], expected=None)

    for axis in AXES:
        order = ordered(log, "thing-1", axis)
        wanted = by_hand(GENERIC, order, path)
        found = histories.at(log, GENERIC, "thing-1", path, position=log.head(), axis=axis)
        history = found.history
        assert list(history.positions) == [it for it, _ in wanted]
        assert all(map(plain_same, map(brief, (it for _, it in wanted)), history.values))
        for count, event in enumerate(order, 1):
            at = histories.at(log, GENERIC, "thing-1", path, position=event.position, axis=axis).at
            assert at + 1 == len(by_hand(GENERIC, order[:count], path))


@given(
    amounts=st.lists(st.integers(1, 3), max_size=6),
    path=st.sampled_from([("balance",), ("owner",), ("isClosed",), ("nothing",), ()]),
)
def test_a_typed_field_has_the_history_of_its_json_form(amounts: list[int], path: Path) -> None:
    log = MemoryStore()
    log.append("account-1", [NewEvent.of("Strange", {"owner": "x"})], expected=None)
    log.append(
        "account-1", [NewEvent.of("BankAccountCreated", {"id": "1", "owner": "Ada"})], expected=None
    )
    for it in amounts:
        data = {"accountId": "1", "amount": it, "reference": "r"}
        kind = "DepositPerformed" if it < 3 else "WithdrawalPerformed"
        log.append("account-1", [NewEvent.of(kind, data)], expected=None)
    states = StreamStates()
    model = states.fold_of(log, "account-1")

    found = states.field(log, "account-1", path, position=log.head())

    wanted = by_hand(model, list(log.read_stream("account-1")), path)
    assert list(found.history.positions) == [it for it, _ in wanted]
    assert all(map(plain_same, map(brief, (it for _, it in wanted)), found.history.values))


def test_before_its_model_owns_a_stream_a_field_is_what_merging_makes_it() -> None:
    log = MemoryStore()
    log.append("account-1", [NewEvent.of("Strange", {"owner": "x"})], expected=None)
    log.append(
        "account-1", [NewEvent.of("BankAccountCreated", {"id": "1", "owner": "Ada"})], expected=None
    )
    states = StreamStates()

    before, now = (states.field(log, "account-1", ("owner",), position=it) for it in (1, 2))

    assert (before.history.values[before.at], now.history.values[now.at]) == ("x", "Ada")


def test_every_part_of_every_bundled_state_is_where_its_json_form_has_it() -> None:
    for model in bundled_models().models:
        state, form = model.initial(), bundled_models().fold(model).to_json(model.initial())
        assert plain_same(json_part(state), form)
        for key, value in form.items():
            assert plain_same(json_part(part_of(state, (key,))), value)
        assert part_of(state, ("no such field",)) is ABSENT


@given(before=VALUES, after=VALUES)
def test_values_are_the_same_where_nothing_differs(before: Any, after: Any) -> None:
    assert is_same(before, after) == (not list(diff(before, after)))
    assert is_same(before, json_text.decode(json_text.encode(before)))


def test_what_is_large_is_kept_by_its_size_for_each_change() -> None:
    long = "x" * (WHOLE_TEXT + 1)
    log = log_of([(json.dumps({"a": it}), 0) for it in ([1, 2], {"b": 1}, long, "short")])

    found = FieldHistories().at(log, GENERIC, "thing-1", ("a",), position=log.head())

    assert found.history.values == [
        Brief(kind="array", size=2),
        Brief(kind="object", size=1),
        Brief(kind="text", size=WHOLE_TEXT + 1, start="x" * WHOLE_TEXT),
        "short",
    ]
    assert found.history.before(0) is ABSENT
    assert found.history.before(3) == found.history.values[2]


def test_of_a_long_history_every_change_is_there() -> None:
    log = MemoryStore()
    events = [NewEvent.of("Set", {"n": n // 2}) for n in range(5_000)]
    log.append("thing-1", events, expected=0)

    history = FieldHistories().at(log, GENERIC, "thing-1", ("n",), position=5_000).history

    assert list(history.positions) == list(range(1, 5_001, 2))
    assert history.values == list(range(2_500))


@pytest.mark.parametrize(
    ("value", "drawn"),
    [(3, 3.0), (Decimal("0.5"), 0.5), (True, None), ("3", None), (None, None), (10**400, None)],
)
def test_a_number_can_be_drawn(value: Any, drawn: float | None) -> None:
    assert number(value) == drawn


def test_the_histories_that_are_held_are_few_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those longest unused are folded again."""
    log = log_of([(json.dumps({"a": n, "b": n}), 0) for n in range(6)])
    histories = FieldHistories(most=8)
    first = histories.at(log, GENERIC, "thing-1", ("a",), position=1).history
    again = histories.at(log, GENERIC, "thing-1", ("a",), position=1).history

    histories.at(log, GENERIC, "thing-1", ("b",), position=1)
    later = histories.at(log, GENERIC, "thing-1", ("a",), position=1).history

    assert first is again
    assert later is not first
    assert later == first


@pytest.mark.parametrize("name", ["", 'with "', "back\\slash", "tab\t", "a"])
def test_a_field_of_any_name_that_comes_and_goes_is_told(name: str) -> None:
    """Also where the decoder takes no such name, and where nothing is taken away twice."""
    texts = [json.dumps({name: it}) for it in (None, 1, None, None, {"b": 1}, {"b": None})]
    log = log_of([(it, 0) for it in texts])

    history = FieldHistories().at(log, GENERIC, "thing-1", (name,), position=log.head()).history

    assert list(history.positions) == [3, 5, 9, 11]
    assert history.values == [
        1,
        ABSENT,
        Brief(kind="object", size=1),
        Brief(kind="object", size=0),
    ]


def test_what_occurred_last_is_put_behind_and_what_occurred_earlier_begins_again() -> None:
    log = log_of([('{"a": 1}', 5), ('{"a": 2}', 3)])
    histories, model = FieldHistories(), GENERIC

    def told() -> list[Any]:
        head = log.head()
        found = histories.at(log, model, "thing-1", ("a",), position=head, axis="occurred")
        return list(found.history.values)

    before = told()
    log.append("thing-1", [NewEvent.of("Set", {"a": 3}, occurred_at_us=9)], expected=None)
    later = told()
    log.append("thing-1", [NewEvent.of("Set", {"a": 4}, occurred_at_us=4)], expected=None)

    assert (before, later, told()) == ([2, 1], [2, 1, 3], [2, 4, 1, 3])


def test_who_has_come_further_meanwhile_is_not_thrown_back() -> None:
    """Two threads ask for one field; the one that began earlier ends later."""
    log = log_of([(json.dumps({"a": n}), 0) for n in range(4)])
    histories = FieldHistories()

    class Earlier:
        """The log as it was a while ago; another thread answers while it is read."""

        def __getattr__(self, name: str) -> Any:
            return getattr(log, name)

        def head(self) -> int:
            return 3

        def stream_payloads(self, stream: str, **bounds: Any) -> Any:
            histories.at(log, GENERIC, "thing-1", ("a",), position=1)
            return log.stream_payloads(stream, **bounds)

    earlier: Any = Earlier()
    first = histories.at(earlier, GENERIC, "thing-1", ("a",), position=1).history
    held = histories.at(log, GENERIC, "thing-1", ("a",), position=1).history

    assert list(first.positions) == [1, 3]
    assert list(held.positions) == [1, 3, 5, 7]
