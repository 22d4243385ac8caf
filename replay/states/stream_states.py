"""States of any stream as JSON: by the model of its category, else by what a person taught of it,
else by merging payloads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeAlias, TypedDict

from replay.states.condition_moments import Earlier, FoundMoments, Told, Which, scanned
from replay.states.diff import Path
from replay.states.field_histories import Axis, FieldHistories, FoundField
from replay.states.fold import Folded
from replay.states.generic_model import GENERIC
from replay.states.model import Model
from replay.states.model_set import AnyModel, ModelSet, bundled_models
from replay.states.owners import Owners
from replay.states.sentences import sentence_of
from replay.states.state_at import StateAt, StateReader
from replay.taught.teaching import teaching_of_log
from store.events import RecordedEvent
from store.filter.parse import parse_condition
from store.interface import EventReader


class _Asked(TypedDict):
    position: int
    axis: Axis
    known: int | None


Before: TypeAlias = Callable[[Model[Any], str, int], Folded[Any] | None]


class Elsewhere(Protocol):
    """Answers for streams whose models run in another process. Every method but `owns` raises
    ModelFailed."""

    def owns(self, stream: str) -> bool:
        """Whether the stream's model runs there."""

    def at(self, log: EventReader, stream: str, position: int) -> StateAt[Any]:
        """The state of a stream as of a position, as a JSON value."""

    def as_occurred(
        self,
        log: EventReader,
        stream: str,
        until_us: int,
        position: int | None = None,
        *,
        known: int | None = None,
    ) -> StateAt[Any]:
        """The state from what had occurred by a time, as a JSON value; of the events at that very
        time the ones up to a position, or all. `known`: only what was recorded up to there."""

    def field(
        self,
        log: EventReader,
        stream: str,
        path: Path,
        *,
        position: int,
        axis: Axis,
        known: int | None = None,
    ) -> FoundField:
        """The history of a field of the state, and its last change as of a position on an axis.
        `known`, on the occurred axis: only what was recorded up to there."""

    def sentences(self, events: Sequence[RecordedEvent]) -> Mapping[int, str]:
        """By position, what the models that run there say of events of their streams."""

    def moments(
        self, stream: str, condition: str, *, which: Which, position: int | None, axis: Axis
    ) -> FoundMoments:
        """When a condition on the state came true, as replay.states.condition_moments has it."""


class StreamStates:
    """For one log. Any thread; `log` decides what may run side by side.

    `owners` says which model a stream has. `snapshot_before` gives saved states; `elsewhere`
    answers for streams whose models run in another process. `histories` of fields may be shared
    by several: they must have the same models.
    """

    def __init__(
        self,
        *,
        models: ModelSet | None = None,
        snapshot_before: Before = lambda _model, _stream, _at: None,
        elsewhere: Elsewhere | None = None,
        histories: FieldHistories | None = None,
    ) -> None:
        self._elsewhere = elsewhere
        self._histories = FieldHistories() if histories is None else histories
        self.models = models or bundled_models()
        self._snapshot_before = snapshot_before
        self._plain: dict[str, tuple[Model[Any], StateReader[Any]]] = {}  # by the model's name
        self._typed = {
            it.name: StateReader(fold, snapshot_before=partial(snapshot_before, fold))
            for it in self.models.models
            for fold in [self.models.fold(it)]
        }
        self._owners = Owners(self.models)

    def at(self, log: EventReader, stream: str, position: int) -> StateAt[Any]:
        """The state of a stream as of a position, as a JSON value. Raises MissingUpcast,
        ModelFailed."""
        if self._elsewhere is not None and self._elsewhere.owns(stream):
            return self._elsewhere.at(log, stream, position)
        return _as_json(*self.held_at(log, stream, position))

    def as_occurred(
        self,
        log: EventReader,
        stream: str,
        until_us: int,
        position: int | None = None,
        *,
        known: int | None = None,
    ) -> StateAt[Any]:
        """The state from what had occurred by a time, as a JSON value; of the events at that very
        time the ones up to a position, or all. `known`: only what was recorded up to there.
        Raises MissingUpcast, ModelFailed."""
        if self._elsewhere is not None and self._elsewhere.owns(stream):
            return self._elsewhere.as_occurred(log, stream, until_us, position, known=known)
        return _as_json(*self.held_as_occurred(log, stream, until_us, position, known=known))

    def held_at(
        self, log: EventReader, stream: str, position: int
    ) -> tuple[Model[Any], StateAt[Any]]:
        """What a stream is folded with as of a position, and its state as that model holds it: to
        fold on from there. Not for streams whose model runs elsewhere. Raises MissingUpcast."""
        model = self.model_of(log, stream, position)
        if model is None:
            plain, reader = self._plain_reader(log, stream)
            return plain, reader.at(log, stream, position)
        found = self._typed[model.name].at(log, stream, position)
        return self.models.fold(model), found

    def held_as_occurred(
        self,
        log: EventReader,
        stream: str,
        until_us: int,
        position: int | None = None,
        *,
        known: int | None = None,
    ) -> tuple[Model[Any], StateAt[Any]]:
        """The same from what had occurred by a time, and was known. Raises MissingUpcast."""
        model = self.model_of(log, stream, known)
        reader: StateReader[Any]
        if model is None:
            fold, reader = self._plain_reader(log, stream)
        else:
            fold, reader = self.models.fold(model), self._typed[model.name]
        return fold, reader.as_occurred(log, stream, until_us, position, known=known)

    def is_elsewhere(self, stream: str) -> bool:
        """Whether the model of the stream runs in another process."""
        return self._elsewhere is not None and self._elsewhere.owns(stream)

    def fold_of(self, log: EventReader, stream: str, position: int | None = None) -> Model[Any]:
        """What the stream's state is folded with, as of a position or now."""
        model = self.model_of(log, stream, position)
        return plain_of(log, stream) if model is None else self.models.fold(model)

    def field(
        self,
        log: EventReader,
        stream: str,
        path: Path,
        *,
        position: int,
        axis: Axis = "recorded",
        known: int | None = None,
    ) -> FoundField:
        """The history of a field of a stream's state as the log is now, and its last change as of
        a position on an axis. On the occurred axis `known` leaves only what had been recorded up
        to that position. Raises MissingUpcast, ModelFailed."""
        asked: _Asked = {"position": position, "axis": axis, "known": known}
        if self._elsewhere is not None and self._elsewhere.owns(stream):
            return self._elsewhere.field(log, stream, path, **asked)
        model = self.fold_of(log, stream, known if axis == "occurred" else position)
        return self._histories.at(log, model, stream, path, **asked)

    def sentences(self, events: Sequence[RecordedEvent]) -> dict[int, str]:
        """By position, what models say of these events; those of which none says anything have no
        entry. Raises ModelFailed."""
        told: dict[int, str] = {}
        apart: list[RecordedEvent] = []
        for event in events:
            if self.is_elsewhere(event.stream):
                apart.append(event)
            elif said := sentence_of(self.models, event):
                told[event.position] = said
        if apart and self._elsewhere is not None:
            told.update(self._elsewhere.sentences(apart))
        return told

    def moments(
        self,
        log: EventReader,
        stream: str,
        condition: str,
        *,
        which: Which = "all",
        position: int | None = None,
        axis: Axis = "recorded",
        told: Told = lambda _count: None,
    ) -> FoundMoments:
        """When a condition on a stream's state came true, as replay.states.condition_moments has
        it. Raises WrongFilter, MissingUpcast, ModelFailed, and what `told` raises."""
        tree = parse_condition(condition)
        if self._elsewhere is not None and self._elsewhere.owns(stream):
            return self._elsewhere.moments(
                stream, condition, which=which, position=position, axis=axis
            )
        model, begins = self.fold_of(log, stream), self._owners.begins_at(log, stream)
        return scanned(
            log,
            model,
            stream,
            tree,
            which=which,
            position=position,
            axis=axis,
            told=told,
            before=Earlier(plain_of(log, stream), until=begins - 1) if begins else None,
        )

    def model_of(
        self, log: EventReader, stream: str, position: int | None = None
    ) -> AnyModel | None:
        """The model that gives the stream its meaning, as of a position or now; None for the
        generic one, and for one that runs elsewhere."""
        if self._elsewhere is not None and self._elsewhere.owns(stream):
            return None
        return self._owners.of(log, stream, position)

    def _plain_reader(self, log: EventReader, stream: str) -> tuple[Model[Any], StateReader[Any]]:
        """For a stream that no model has: what was taught may change at any time."""
        model = plain_of(log, stream)
        held = self._plain.get(model.name)
        if held is None or held[0] is not model:
            before = partial(self._snapshot_before, model)
            held = self._plain[model.name] = (model, StateReader(model, snapshot_before=before))
        return held


def plain_of(log: EventReader, stream: str) -> Model[Any]:
    """What a stream is folded with while no model has it."""
    return teaching_of_log(log).of_stream(stream)


def _as_json(model: Model[Any], found: StateAt[Any]) -> StateAt[Any]:
    if model is GENERIC:
        return found  # it is a JSON value
    to_json = model.to_json
    return replace(found, state=to_json(found.state), previous=to_json(found.previous))
