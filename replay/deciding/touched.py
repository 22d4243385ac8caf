"""The states of streams that are other ones than those that were recorded, as a pass goes on."""

from typing import Any

from replay.states.model_set import AnyModel, ModelSet
from replay.states.state_at import StateReader
from store.events import RecordedEvent
from store.interface import EventReader


class _State:
    def __init__(self, model: AnyModel, state: Any, version: int) -> None:
        self.model, self.state, self.version = model, state, version


class TouchedStates:
    """For one pass through a line, from its first edit on. One thread."""

    def __init__(self, line: EventReader, models: ModelSet) -> None:
        self._line, self._models = line, models
        self._kept: dict[str, _State | None] = {}  # None: no model has the stream
        self._readers: dict[str, StateReader[Any]] = {}

    def __contains__(self, stream: object) -> bool:
        return stream in self._kept

    def touch(self, stream: str, position: int) -> None:
        """From a position on the stream is another one."""
        model = self._models.of_stream(stream)
        self._kept[stream] = None
        if model is not None:
            self._kept[stream] = _State(model, *self._recorded(model, stream, position))

    def state_of(self, stream: str, position: int) -> tuple[Any, int]:
        """The state of a stream before what is at a position, and its version. Raises LookupError
        when no model has it."""
        kept = self._kept.get(stream)
        if kept is not None:
            return kept.state, kept.version
        model = self._models.of_stream(stream)
        if model is None:
            raise LookupError(f"no model gives this stream a meaning: {stream}")
        return self._recorded(model, stream, position)

    def before(self, stream: str, position: int) -> Any:
        """The same without the version; None when no model has it."""
        return (
            None if self._models.of_stream(stream) is None else self.state_of(stream, position)[0]
        )

    def evolve(self, stream: str, event: RecordedEvent) -> None:
        """An event has come in a touched stream, its own or linked into it."""
        kept = self._kept[stream]
        if kept is not None:
            kept.state = self._models.fold(kept.model).evolve(kept.state, event)
            kept.version += event.stream == stream

    def _recorded(self, model: AnyModel, stream: str, position: int) -> tuple[Any, int]:
        if model.name not in self._readers:
            self._readers[model.name] = StateReader(self._models.fold(model))
        found = self._readers[model.name].at(self._line, stream, position - 1)
        return found.state, found.version
