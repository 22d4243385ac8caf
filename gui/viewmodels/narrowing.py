"""Listing less by what one points at: only events that have a value, those without it, or only one
conversation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.event_rows import EventRow
from gui.viewmodels.filter import FilterViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.causality import correlation_of
from store.events import RecordedEvent
from store.filter.tokens import path_of
from store.filter.tree import DATA, METADATA, Claim, Field, Value, kind_of
from store.filter.write import claim_text, value_text

FACTS_OF_LABELS: Final = {
    "type": "type",
    "stream": "stream",
    "id": "id",
    "version": "version",
    "user": "actor",
    "command": "command",
    "correlation": "correlation",
}
DEEPEST: Final = 4  # keys of a path that is offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A field and its value in one event."""

    field: Field
    value: Value

    @property
    def text(self) -> str:
        """As a filter."""
        return claim_text(self.field, "=", self.value)

    @property
    def opposite(self) -> str:
        """As a filter that leaves it out."""
        if self.value is None:
            return claim_text(self.field, "=", None).replace(" is missing", " is present")
        return claim_text(self.field, "!=", self.value)

    @property
    def condition(self) -> str:
        """Of a payload's field: as a condition on a state that has the field too."""
        claim = "is missing" if self.value is None else f"= {value_text(self.value)}"
        return f"{path_of(self.field[1:])} {claim}"


class NarrowingViewModel(QObject):
    """Adds to the filter of the event list. `failed(error)`."""

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, filter_: FilterViewModel) -> None:
        super().__init__()
        self._tasks, self._filter = tasks, filter_

    def only(self, term: Term) -> None:
        """List only those of the listed events that have this value."""
        self._filter.add(term.text)

    def without(self, term: Term) -> None:
        """Leave out those that have it."""
        self._filter.add(term.opposite)

    def conversation(self, position: int) -> None:
        """List the conversation of an event, and nothing else."""
        work = partial(_conversation, position=position)
        self._tasks.latest(
            "conversation filter", work, done=self._list_alone, failed=self.failed.emit
        )

    def _list_alone(self, where: str) -> None:
        if where:
            self._filter.clear()
            self._filter.set_where(where)


def term_of_row(row: EventRow, column: str) -> Term | None:
    """What a cell of the event table stands for; None for one that no filter asks about."""
    texts = {"stream": row.stream, "type": row.type, "actor": row.actor}
    numbers = {"position": row.position, "version": row.version}
    if column in texts:
        return Term(field=(column,), value=texts[column] or None)
    return Term(field=(column,), value=numbers[column]) if column in numbers else None


def term_of_fact(label: str, value: str) -> Term | None:
    """What a line of the Event tab stands for."""
    fact = FACTS_OF_LABELS.get(label)
    if fact is None:
        return None
    return Term(field=(fact,), value=int(value) if fact == "version" else value)


def term_of_path(value: Any, path: tuple[str | int, ...], root: str = DATA) -> Term | None:
    """What a row of a tree stands for: a value in the data, or in the metadata; items of lists are
    any of them."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    keys = tuple(it for it in path if isinstance(it, str))
    if not keys or kind_of(value) == "other":
        return None
    return Term(field=(root, *keys), value=value)


def terms_of(event: RecordedEvent) -> list[Term]:
    """All that can be asked about an event: its facts, then its data and metadata."""
    facts: dict[str, Value] = {
        "type": event.type,
        "stream": event.stream,
        "category": event.stream.partition("-")[0],
    }
    told = [Term(field=(fact,), value=value) for fact, value in facts.items()]
    told += _terms((DATA,), event.data)
    told += _terms((METADATA,), event.metadata)
    return told


def _terms(path: Field, value: Any) -> Iterator[Term]:
    if isinstance(value, Mapping) and len(path) <= DEEPEST:
        for key, it in value.items():
            yield from _terms((*path, key), it)
    elif len(path) > 1 and kind_of(value) != "other":
        yield Term(field=path, value=value)


def _conversation(reads: Reads, *, position: int) -> str:
    """Of the event that began it too, which need not name it."""
    event = reads.log.event(position)
    if event is None:
        return ""
    named = Claim(field=("correlation",), comparison="=", value=correlation_of(event))
    where = claim_text(named.field, "=", named.value)
    first = reads.log.event_by_id(str(named.value))
    if first is None or first.metadata.get("correlation_id") == named.value:
        return where
    return f"{where} or {claim_text(('id',), '=', named.value)}"
