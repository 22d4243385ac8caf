"""Which model owns a stream: one rule, wherever a state is told.

The model of a stream's category (the longest one, where several fit) owns it from the first event
on whose type it knows; an event that is linked into the stream is one of its events. What comes
before that event, and later ones of other types, it ignores. As of a position nothing behind it
counts, so what a state was told to be stays true.

A stream whose events are all unknown to that model is nobody's: other systems use the same names
for other things. Its payloads are merged. Before its first event a stream is whose it will be, and
one without any event is its category's. A command names
its model, and decides on what that model reads of the stream: the state that the rule gives, as
the events it records make the stream the model's.
"""

from collections import OrderedDict
from typing import Final

from replay.states.model_set import AnyModel, ModelSet
from store.interface import EventReader

STREAMS_KEPT: Final = 10_000


class Owners:
    """The rule for the streams of one log. Any thread; what it has found it keeps."""

    def __init__(self, models: ModelSet) -> None:
        self._models = models
        # stream → position of the first event that its model knows (0: none yet), looked until
        self._found: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def of(self, log: EventReader, stream: str, position: int | None = None) -> AnyModel | None:
        """The model that owns a stream as of a position, or now; None: its payloads are merged."""
        model = self._models.of_stream(stream)
        if model is None:
            return None
        first = self._first_known(log, stream, model)
        if first and (position is None or first <= position):
            return model
        if _has_events(log, stream, position):
            return None
        return None if not first and _has_events(log, stream, None) else model

    def begins_at(self, log: EventReader, stream: str) -> int:
        """The position from which on a stream is its model's, where it has events before that;
        else 0."""
        model = self._models.of_stream(stream)
        first = 0 if model is None else self._first_known(log, stream, model)
        return first if first and _has_events(log, stream, first - 1) else 0

    def _first_known(self, log: EventReader, stream: str, model: AnyModel) -> int:
        first, seen = self._found.get(stream, (0, 0))
        if first:
            return first
        knows = self._models.reading(model).knows
        if not any(knows(type_) for type_ in log.type_names()):
            return 0
        for event in log.read_stream(stream, after=seen):
            seen = event.position
            if knows(event.type):
                first = seen
                break
        self._found[stream] = (first, seen)
        if len(self._found) > STREAMS_KEPT:
            self._found.popitem(last=False)
        return first


def _has_events(log: EventReader, stream: str, until: int | None) -> bool:
    return next(log.read_stream(stream, until=until, limit=1), None) is not None
