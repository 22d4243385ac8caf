"""Fields that events carry only so that stepping back needs no fold: exports leave them out.

Fowler, Event Sourcing: processing data is not source data, and no state depends on it.
"""

from msgspec.structs import replace

from replay.model_set import ModelSet
from store import json_text
from store.events import RecordedEvent


class ProcessingData:
    """What the models of a set declare as such. One thread."""

    def __init__(self, models: ModelSet) -> None:
        self._fields = {
            (model.category, type_.__name__): frozenset(fields)
            for model in models.models
            for type_, fields in model.processing.items()
        }
        self._categories = {category for category, _ in self._fields}

    def without(self, event: RecordedEvent) -> RecordedEvent:
        """The event without them; the same object when it has none."""
        category = event.stream.partition("-")[0]
        fields = self._fields.get((category, event.type)) if category in self._categories else None
        if not fields or not any(it in event.data_json for it in fields):
            return event
        try:
            data = json_text.decode(event.data_json)
        except ValueError:
            return event
        if not isinstance(data, dict) or fields.isdisjoint(data):
            return event
        kept = {key: value for key, value in data.items() if key not in fields}
        return replace(event, data_json=json_text.encode(kept))
