"""The violations of the rules are those that the states of every prefix tell, however the log was
cut while it was folded."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from replay.rules import log_order
from replay.rules.rule import Rule, is_about
from replay.rules.rules_view import RulesWriter, rules_view
from replay.states.condition_fold import asks_for_changes
from replay.states.model_set import bundled_models
from replay.states.stream_states import StreamStates
from replay.views.text_page import TextPage
from store import json_text
from store.events import NewEvent, RecordedEvent
from store.filter.condition import condition
from store.filter.parse import parse_condition
from store.log_texts import LogTexts
from store.memory import MemoryStore
from tests.replay.json_values import VALUES

CONDITIONS = (
    "a = 1",
    "a > 0 and b is present",
    "a is missing",
    "a.b >= 1 or b = x",
    "not a.b = 1",
    "a changed",
    "b in (0, 1, true)",
    "c.a between 0 and 5",
    "balance < 0",
    "balance changed and balance < 0",
)
RULES = tuple(
    Rule(name=f"{of or 'any'}: {it}", where=it, of=of)
    for it in CONDITIONS
    for of in ("", "thing", "account")
)
STREAMS = ("thing-1", "thing-2", "account-1", "things-1", "thing")
PAYLOADS = (
    VALUES
    | st.fixed_dictionaries(
        {},
        optional={
            "a": st.integers(-1, 2) | st.none() | st.fixed_dictionaries({"b": st.integers(0, 2)}),
            "b": st.sampled_from(["x", 0, 1, True, None, [0, 1], [{"b": 1}]]),
            "c": st.lists(st.fixed_dictionaries({"a": st.integers(0, 9)}), max_size=2),
            "balance": st.integers(-1, 1),
        },
    )
).map(json_text.encode)
GENERIC = st.tuples(st.sampled_from(STREAMS), st.just("Set"), PAYLOADS)
BOOKED = st.tuples(
    st.just("account-1"),
    st.sampled_from(["DepositPerformed", "WithdrawalPerformed"]),
    st.sampled_from(['{"accountId":"1","amount":1}', '{"accountId":"1","amount":600}', "{}"]),
)

Violation = tuple[str, str, int, int | None]


def log_of(events: Sequence[tuple[str, str, str]], *, is_linked: bool = True) -> MemoryStore:
    store = MemoryStore()
    for number, (stream, type_, text) in enumerate(events):
        links = ("thing-2",) if number % 3 == 0 and is_linked else ()
        event = NewEvent(type=type_, data_json=text, links=links)
        store.append(stream, [event], expected=None)
    return store


def by_hand(log: MemoryStore) -> set[Violation]:
    """By the states of every prefix of every stream."""
    return {it for rule in RULES for it in _of_rule(log, rule)} | set(_of_invariants(log))


def _of_rule(log: MemoryStore, rule: Rule) -> Iterator[Violation]:
    tree, states = parse_condition(rule.where), StreamStates()
    holds = condition(tree)
    for stream in sorted(it for it in log.stream_names() if is_about(rule, it)):
        since: int | None = None
        before: Any = {}
        for event in log.read_stream(stream):
            after = states.at(log, stream, event.position).state
            is_broken = holds(before, after)
            if asks_for_changes(tree):
                if is_broken:
                    yield rule.name, stream, event.position, event.position
            elif is_broken and since is None:
                since = event.position
            elif since is not None and not is_broken:
                yield rule.name, stream, since, event.position
                since = None
            before = after
        if since is not None:
            yield rule.name, stream, since, None


def _of_invariants(log: MemoryStore) -> Iterator[Violation]:
    states = StreamStates()
    model = bundled_models().named("bank account")
    assert model is not None
    for what, holds in model.invariants.items():
        since: int | None = None
        for event in log.read_stream("account-1"):
            if states.model_of(log, "account-1", event.position) is None:
                continue
            fold = bundled_models().fold(model)
            state = fold.from_json(states.at(log, "account-1", event.position).state)
            if holds(state) and since is not None:
                yield f"bank account: {what}", "account-1", since, event.position
                since = None
            elif not holds(state) and since is None:
                since = event.position
        if since is not None:
            yield f"bank account: {what}", "account-1", since, None


def as_texts(log: MemoryStore, events: Sequence[RecordedEvent]) -> TextPage:
    """The same, of which nobody may read a whole event but the first and the last."""
    names = sorted({it.stream for it in events})
    texts = LogTexts(
        positions=[it.position for it in events],
        homes=[names.index(it.stream) for it in events],
        streams=dict(enumerate(names)),
        types=[it.type for it in events],
        recorded_at_us=[it.recorded_at_us for it in events],
        data_json=f"[{','.join(it.data_json for it in events)}]",
        metadata_json=f"[{','.join(it.metadata_json for it in events)}]",
    )
    return TextPage(log, texts)


def folded(
    log: MemoryStore, cuts: Sequence[int], *, reads_texts: bool = False
) -> list[list[tuple[object, ...]]]:
    """Every table, after folding a batch up to each cut by a writer that has just begun."""
    view = rules_view(RULES)
    with closing(sqlite3.connect(":memory:")) as db:
        view.create(db, view.of)
        for after, until in pairwise([0, *sorted({*cuts, log.head()})]):
            writer = RulesWriter(db, view.of, RULES, bundled_models())
            if events := log.page(after + 1, until):
                page = as_texts(log, events) if reads_texts else events
                writer.take(page, log.links_between(after + 1, until))
                writer.flush()
        return [
            db.execute(
                f'SELECT * FROM "{view.name}{it.suffix}" ORDER BY {", ".join(it.key)}'
            ).fetchall()
            for it in view.tables
        ]


@given(st.lists(GENERIC | BOOKED, max_size=12), st.lists(st.integers(0, 12), max_size=4))
def test_violations_are_those_that_the_state_of_every_prefix_tells(
    events: list[tuple[str, str, str]], cuts: list[int]
) -> None:
    log = log_of(events)

    rows = folded(log, [it for it in cuts if it <= log.head()])[0]

    assert {tuple(it[:4]) for it in rows} == by_hand(log)


@given(st.lists(GENERIC | BOOKED, max_size=12), st.lists(st.integers(0, 12), max_size=4))
def test_every_table_is_the_same_wherever_the_log_was_cut(
    events: list[tuple[str, str, str]], cuts: list[int]
) -> None:
    log = log_of(events)

    assert folded(log, [it for it in cuts if it <= log.head()]) == folded(log, [])


@given(
    st.lists(GENERIC | BOOKED, max_size=12),
    st.lists(st.integers(0, 12), max_size=2),
    st.booleans(),
    st.sampled_from([2, 1_000]),
)
def test_every_table_is_the_same_from_the_texts_of_a_page_as_from_its_events(
    events: list[tuple[str, str, str]], cuts: list[int], is_linked: bool, at_once: int
) -> None:
    log = log_of(events, is_linked=is_linked)
    cuts = [it for it in cuts if it <= log.head()]

    with patch.object(log_order, "AT_ONCE", at_once):
        found = folded(log, cuts, reads_texts=True)

    assert found == folded(log, [])
