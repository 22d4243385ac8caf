"""Streams of one model, folded in the order of the log, tell what each of them tells by itself;
also where the model, or what it says of its states, raises."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from replay.rules import log_order
from replay.rules.rule import Rule
from replay.rules.rules_view import RulesWriter, rules_view
from store import json_text
from store.events import NewEvent
from store.memory import MemoryStore
from tests.replay.rules.test_rules_view import as_texts
from tests.replay.rules.test_stream_rules import COUNTERS, OF_COUNTERS, TEACHING

OF_TAUGHT = ("n > 2 and n != 4", "c is missing", "c contains x", "a changed", "a = 1 or n < 2")
RULES = (
    *(Rule(name=f"counter: {it}", where=it, of="counter") for it in OF_COUNTERS),
    *(Rule(name=f"taught: {it}", where=it, of="taught") for it in OF_TAUGHT),
)
COUNTED = st.tuples(
    st.sampled_from(["counter-1", "counter-2", "counter-3"]),
    st.sampled_from(["Counted", "Counted", "Other"]),
    st.fixed_dictionaries({"by": st.integers(0, 14) | st.just(2)}),
)
TAUGHT = st.tuples(
    st.sampled_from(["taught-1", "taught-2"]),
    st.sampled_from(["Set", "Added", "Listed"]),
    st.fixed_dictionaries(
        {},
        optional={
            "a": st.integers(0, 2) | st.just([1]),
            "b": st.sampled_from(["x", 1]),
            "n": st.integers(0, 3) | st.just("no number"),
        },
    ),
)
Given = list[tuple[str, str, Any]]


def log_of(events: Given) -> MemoryStore:
    store = MemoryStore()
    for stream, type_, value in events:
        new = NewEvent(type=type_, data_json=json_text.encode(value))
        store.append(stream, [new], expected=None)
    return store


def tables(
    log: MemoryStore, rules: Sequence[Rule], cuts: Sequence[int], *, reads_texts: bool
) -> list[list[Any]]:
    """After folding a batch up to each cut by one writer."""
    view = rules_view(rules, COUNTERS, TEACHING)
    with closing(sqlite3.connect(":memory:")) as db:
        view.create(db, view.of)
        writer = RulesWriter(db, view.of, rules, COUNTERS, TEACHING)
        for after, until in pairwise([0, *sorted({*cuts, log.head()})]):
            if events := log.page(after + 1, until):
                writer.take(as_texts(log, events) if reads_texts else events, {})
                writer.flush()
        return [
            db.execute(
                f'SELECT * FROM "{view.name}{it.suffix}" ORDER BY {", ".join(it.key)}'
            ).fetchall()
            for it in view.tables
        ]


@given(
    st.lists(COUNTED | TAUGHT, max_size=24),
    st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(0, 24), max_size=2),
    st.sampled_from([3, 1_000]),
)
def test_every_table_is_the_same_as_from_one_event_after_another(
    events: Given, rules: list[Rule], cuts: list[int], at_once: int
) -> None:
    log = log_of(events)
    cuts = [it for it in cuts if it <= log.head()]

    with patch.object(log_order, "AT_ONCE", at_once):
        found = tables(log, rules, cuts, reads_texts=True)

    assert found == tables(log, rules, range(log.head()), reads_texts=False)
