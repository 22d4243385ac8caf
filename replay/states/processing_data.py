"""Fields that events carry only so that stepping back needs no fold: exports leave them out.

Fowler, Event Sourcing: processing data is not source data, and no state depends on it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from replay.states.model_set import ModelSet
from store import json_text
from store.events import RecordedEvent


class ProcessingData:
    """What the models of a set declare as such. One thread."""

    def __init__(self, models: ModelSet) -> None:
        self._paths = {
            (model.category, type_.__name__): tuple(tuple(it.split(".")) for it in paths)
            for model in models.models
            for type_, paths in model.processing.items()
        }
        self._categories = {category for category, _ in self._paths}

    def without(self, event: RecordedEvent) -> RecordedEvent:
        """The event without them; the same object when it has none."""
        category = event.stream.partition("-")[0]
        paths = self._paths.get((category, event.type)) if category in self._categories else None
        if not paths or not any(it[-1] in event.data_json for it in paths):
            return event
        try:
            data = json_text.decode(event.data_json)
        except ValueError:
            return event
        kept = data
        for path in paths:
            kept = _without(kept, path)
        return event if kept == data else replace(event, data_json=json_text.encode(kept))


def processing_in(data: Any, path: str) -> list[tuple[str, Any]]:
    """Where in a payload a path of processing data leads, and what stands there."""
    return list(_found(data, tuple(path.split("."))))


def _without(value: Any, path: Sequence[str]) -> Any:
    if not isinstance(value, dict):
        return value
    first, rest = path[0], path[1:]
    return {
        key: _without(it, rest) if rest and _meets(first, key) else it
        for key, it in value.items()
        if rest or not _meets(first, key)
    }


def _found(value: Any, path: Sequence[str]) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        return
    for key, it in value.items():
        if not _meets(path[0], key):
            continue
        if len(path) == 1:
            yield key, it
        else:
            yield from ((f"{key}.{name}", found) for name, found in _found(it, path[1:]))


def _meets(step: str, key: str) -> bool:
    return step in ("*", key)
