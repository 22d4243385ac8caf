"""A column that shows one field of each event's data or metadata."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from gui.viewmodels.event_columns import EventColumn, added_column
from gui.viewmodels.value_text import cell_text
from gui.work.reads import Reads
from store import json_text
from store.events import RecordedEvent
from store.number_text import are_numbers

FieldPath: TypeAlias = tuple[str | int, ...]  # begins with data or metadata

_MISSING: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSource:
    """The field at a path; a list is entered by
    number, from 0, or by a name that its items have."""

    path: FieldPath

    @property
    def id(self) -> str:
        """`data.total`, `data.lines[0].sku`."""
        return path_words(self.path)

    def texts(self, _reads: Reads, events: Sequence[RecordedEvent]) -> list[str]:
        """What each event has there; empty where it has nothing."""
        return [field_text(it, self.path) for it in events]


def field_column(path: FieldPath, *, is_number: bool = False) -> EventColumn:
    """A column of a field. Numbers stand at the right."""
    title = path_words(path).removeprefix("data.")
    return added_column(FieldSource(path=path), title=title, is_number=is_number)


def column_as_in(event: RecordedEvent, path: FieldPath) -> EventColumn:
    """A column of a field that an event has; of numbers, if it is one there."""
    return field_column(path, is_number=are_numbers([field_text(event, path)]))


def field_text(event: RecordedEvent, path: FieldPath) -> str:
    """The value at a path of an event as a cell shows it; empty when there is none."""
    text = event.data_json if path[0] == "data" else event.metadata_json
    try:
        value = value_at(json_text.decode(text), path[1:])
    except (ValueError, ArithmeticError):
        return ""
    return "" if value is _MISSING else cell_text(value)


def value_at(value: Any, path: Sequence[str | int]) -> Any:
    """What stands at a path; a value of its own kind when nothing does."""
    for at, key in enumerate(path):
        if isinstance(value, list) and isinstance(key, str):
            return _of_items(value, path[at:])
        if not _has(value, key):
            return _MISSING
        value = value[key]
    return value


def _of_items(items: list[Any], path: Sequence[str | int]) -> Any:
    """What the items of a list have there."""
    found = [it for it in (value_at(item, path) for item in items) if it is not _MISSING]
    return found or _MISSING


def _has(value: Any, key: str | int) -> bool:
    if isinstance(key, str):
        return isinstance(value, dict) and key in value
    return isinstance(value, list) and 0 <= key < len(value)


def path_words(path: FieldPath) -> str:
    """A path as a person writes it."""
    steps = (f"[{it}]" if isinstance(it, int) else f".{it}" for it in path)
    return "".join(steps).removeprefix(".")
