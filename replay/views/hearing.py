"""What a projection hears of an event: the payload that its model reads today, or the stored one.

An event of an older shape comes to a projection with the type, the payload and the
`schema_version` that the upcasts of its stream's model make of it, so a projection is written for
today's shape alone. One that says `payloads="stored"` hears what was recorded. A shape that no
upcast leads on from is heard as it is stored: its model says so elsewhere. Upcasts of models of a
person's own are not run here.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final

from msgspec.structs import replace

from replay.projection import Payloads, Projection
from replay.states.model_set import ModelSet, bundled_models
from replay.states.typed_fold import MissingUpcast
from store import json_text
from store.events import RecordedEvent

SCHEMA_VERSION: Final = "schema_version"
_TYPE: Final = attrgetter("type")


class CurrentShapes:
    """Events in the shape that a set of models reads. Any thread."""

    def __init__(self, models: ModelSet) -> None:
        self._models = models
        self.older = frozenset(it.type for model in models.models for it in model.upcasts)

    def of(self, event: RecordedEvent) -> RecordedEvent:
        """The event in today's shape; the same object where it is in that."""
        if event.type not in self.older:
            return event
        model = self._models.of_stream(event.stream)
        if model is None or all(it.type != event.type for it in model.upcasts):
            return event
        try:
            newest = self._models.reading(model).upcast(event)
        except MissingUpcast:
            return event
        if len(newest.steps) == 1:
            return event
        metadata = {**event.metadata, SCHEMA_VERSION: newest.version}
        return replace(
            event,
            type=newest.type,
            data_json=json_text.encode(newest.data),
            metadata_json=json_text.encode(metadata),
        )

    def meant_for(self, listens: frozenset[str] | None) -> str:
        """A hash of the upcasts that lead to a type listened to; empty when none does."""
        found = [
            f"{model.name} {self._models.fold(model).definition}"
            for model in self._models.models
            if any(listens is None or (it.becomes or it.type) in listens for it in model.upcasts)
        ]
        return hashlib.sha256("\n".join(found).encode()).hexdigest() if found else ""


@cache
def shapes() -> CurrentShapes:
    """Those of the bundled models."""
    return CurrentShapes(bundled_models())


def heard(
    events: Sequence[RecordedEvent], listens: frozenset[str] | None, payloads: Payloads
) -> Sequence[RecordedEvent]:
    """The events that a projection is to fold, as it is to have them."""
    if payloads == "current":
        older, current = shapes().older, shapes().of
        if not older.isdisjoint(map(_TYPE, events)):
            events = [current(it) if it.type in older else it for it in events]
    if listens is None or listens.issuperset(map(_TYPE, events)):
        return events
    return [it for it in events if it.type in listens]


def ear_of(
    listens: frozenset[str] | None, payloads: Payloads
) -> Callable[[RecordedEvent], RecordedEvent | None]:
    """`heard` for one event after the other: as a projection is to have it, or None."""
    older = shapes().older if payloads == "current" else frozenset[str]()
    current = shapes().of

    def hear(event: RecordedEvent) -> RecordedEvent | None:
        it = current(event) if event.type in older else event
        return it if listens is None or it.type in listens else None

    return hear


def heard_by(projection: Projection[Any], events: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """As `heard`, for a few events."""
    return list(heard(list(events), projection.listens, projection.payloads))


def definition_heard(definition: str, listens: frozenset[str] | None, payloads: Payloads) -> str:
    """What a view is defined by: its code, and the upcasts of what it hears."""
    upcasts = shapes().meant_for(listens) if payloads == "current" else ""
    return hashlib.sha256(f"{definition} {upcasts}".encode()).hexdigest() if upcasts else definition
