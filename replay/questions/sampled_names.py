"""Names and values that the events of a log have, from a sample of it: what a box offers while a
filter is typed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from store import json_text
from store.events import RecordedEvent
from store.filter.tree import DATA, FACTS, METADATA, Field, Value, kind_of
from store.filter.write import field_text
from store.interface import EventReader

NEWEST: Final = 400  # events of the end, which are asked about most
PLACES, RUN = 12, 32  # and runs of events spread over the log
DEEPEST: Final = 4  # keys of a path
MOST_ITEMS: Final = 8  # of a list
MOST_VALUES: Final = 200  # of a field that are counted
KEPT: Final = 40  # of them, the most frequent
LONGEST: Final = 60  # characters of a text that is offered
MOST_FIELDS: Final = 400
MOST_TYPES: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Fields as they are written, the most frequent first; values by field, likewise."""

    fields: tuple[str, ...]
    values: dict[Field, tuple[Value, ...]]
    head: int  # of the log when it was looked at


def sampled_names(log: EventReader) -> Names:
    """Some thousand events at most are read, however long the log is."""
    head, counts = log.head(), dict[Field, Counter[Value]]()
    for event in _sample(log, head):
        for field, value in _said(event):
            if field not in counts and len(counts) >= MOST_FIELDS:
                continue
            of_field = counts.setdefault(field, Counter())
            if value in of_field or len(of_field) < MOST_VALUES:
                of_field[value] += 1
    values = {field: frequent(it) for field, it in counts.items()}
    types = log.type_names()[:MOST_TYPES]
    values["type",] = tuple(dict.fromkeys((*values.get(("type",), ()), *types)))
    paths = sorted(counts, key=lambda it: -counts[it].total())
    fields = [field_text(it) for it in paths if len(it) > 1]
    return Names(fields=(*sorted(FACTS), *fields), values=values, head=head)


def _sample(log: EventReader, head: int) -> Iterator[RecordedEvent]:
    for place in range(PLACES):
        first = head * place // PLACES + 1
        yield from log.page(first, min(first + RUN - 1, head))
    yield from log.page(max(head - NEWEST + 1, 1), head)


def _said(event: RecordedEvent) -> Iterator[tuple[Field, Value]]:
    yield ("type",), event.type
    yield ("stream",), event.stream
    yield ("category",), event.stream.partition("-")[0]
    yield from _values((DATA,), event.data_json)
    for field, value in _values((METADATA,), event.metadata_json):
        yield field, value
        if field in _FACTS:
            yield _FACTS[field], str(value)


def _values(root: Field, text: str) -> Iterator[tuple[Field, Value]]:
    try:
        value = json_text.decode(text)
    except (ValueError, ArithmeticError):
        return
    yield from values_in(root, value)


def values_in(root: Field, whole: Any) -> Iterator[tuple[Field, Value]]:
    """The short plain values in a JSON value with their paths behind `root`, those in the items of
    lists too."""
    level: list[tuple[Field, Any]] = [(root, whole)]
    for _ in range(DEEPEST + 1):
        below = list[tuple[Field, Any]]()
        for path, value in level:
            for it in _items(value):
                if isinstance(it, dict):
                    below += [((*path, key), inner) for key, inner in it.items()]
                elif len(path) > len(root) and _is_offered(it):
                    yield path, it
        level = below


def _items(value: Any) -> Iterable[Any]:
    return value[:MOST_ITEMS] if isinstance(value, list) else (value,)


def _is_offered(value: Any) -> bool:
    is_short = not isinstance(value, str) or len(value) <= LONGEST
    return is_short and kind_of(value) not in ("other", "nothing")


def frequent(counts: Counter[Value]) -> tuple[Value, ...]:
    """Those that were met most often."""
    return tuple(value for value, _ in counts.most_common(KEPT))


_FACTS: Final[dict[Field, Field]] = {
    (METADATA, "user"): ("actor",),
    (METADATA, "command"): ("command",),
    (METADATA, "correlation_id"): ("correlation",),
}
