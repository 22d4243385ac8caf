"""Names and values that states have, from a sample of them: what a line offers while a condition is
typed."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from replay.history.navigation import list_categories, list_category, list_streams
from replay.questions.sampled_names import Names, frequent, values_in
from replay.questions.unknown_state_fields import state_paths
from replay.states.stream_states import StreamStates
from store.errors import StoreError
from store.filter.parse import field_of
from store.filter.tokens import path_of
from store.filter.tree import Field, Value
from store.interface import EventReader

STREAMS: Final = 12  # the newest of a category
MOST_EVENTS: Final = 20_000  # of a stream whose state is folded for this
MOST_FIELDS: Final = 400
MOST_VALUES: Final = 200  # of a field that are counted


def sampled_states(
    log: EventReader, views: sqlite3.Connection | None, states: StreamStates, category: str
) -> Names:
    """Of the newest streams of a category; of any, where it is empty. A stream whose state cannot
    be told is left out."""
    head, found = log.head(), []
    for stream in _streams(views, category):
        try:
            found.append(states.at(log, stream, head).state)
        except StoreError:
            continue
    return names_of_states(found, head=head)


def names_of_states(states: Iterable[Any], *, head: int) -> Names:
    """The fields of these states, and the plain values in them. `head`: of the log then."""
    fields, counts = dict[str, None](), dict[Field, Counter[Value]]()
    for state in states:
        fields.update(dict.fromkeys(state_paths(state)))
        for path, value in values_in((), state):
            field = field_of(path_of(path))
            if field is None:
                continue
            of_field = counts.setdefault(field, Counter())
            if value in of_field or len(of_field) < MOST_VALUES:
                of_field[value] += 1
    values = {field: frequent(it) for field, it in counts.items()}
    return Names(fields=tuple(fields)[:MOST_FIELDS], values=values, head=head)


def known_categories(views: sqlite3.Connection | None) -> tuple[str, ...]:
    """Of all streams, those with most events first."""
    found = () if views is None else list_categories(views, sort="events")
    return tuple(it.name for it in found)


def _streams(views: sqlite3.Connection | None, category: str) -> list[str]:
    if views is None:
        return []
    if category:
        found = list_category(views, category, sort="newest", most=STREAMS)
    else:
        found = list_streams(views, sort="newest", most=STREAMS).streams
    return [it.name for it in found if it.count <= MOST_EVENTS]
