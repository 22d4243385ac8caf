"""States by models that run in another process: a person's own never run in the asker's."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from replay.children.questions import A, Question
from replay.own.user_models import ModelFailed
from replay.states.condition_moments import FoundMoments, Which
from replay.states.diff import Path
from replay.states.field_histories import Axis, FoundField
from replay.states.field_history import FieldHistory
from replay.states.model_set import bundled_models
from replay.states.state_at import StateAt
from replay.workers.field_answers import joined, question_of
from replay.workers.worker_messages import StateFound, TellMoments, TellSentences, TellState
from replay.workers.worker_process import CommandWorker
from store.events import RecordedEvent
from store.interface import EventReader

FIELDS_KEPT: Final = 16  # histories; what was longest unused goes first


class WorkerStates:
    """For the streams of the model files that the worker has. Any thread; an answer may take as
    long as the worker is patient. Every method but `sentences` raises ModelFailed."""

    def __init__(self, worker: CommandWorker) -> None:
        self._worker = worker
        self._categories: frozenset[str] = frozenset()
        self._speaking: frozenset[str] = frozenset()
        self._why_not = ""  # their models are run; empty when they are
        self._fields: OrderedDict[tuple[str, Path, bool, int | None], FieldHistory] = OrderedDict()
        self._keeping = threading.Lock()

    def learn(
        self,
        categories: frozenset[str],
        *,
        speaking: frozenset[str] = frozenset(),
        why_not: str = "",
    ) -> None:
        """Answer for streams of these categories from now on; models of those that are `speaking`
        have sentences for events. With `why_not` say of each that its model is not run."""
        with self._keeping:
            self._speaking, self._why_not = speaking, why_not
            self._categories = frozenset(set(categories))  # another object: another model
            self._fields.clear()

    def forget(self) -> None:
        """Positions mean other events from now on."""
        with self._keeping:
            self._fields.clear()

    def owns(self, stream: str) -> bool:
        """Whether the stream's model runs there: that of the longest category that fits."""
        found = [len(it) for it in self._categories if stream.startswith(f"{it}-")]
        if not found:
            return False
        bundled = bundled_models().of_stream(stream)
        return bundled is None or len(bundled.category) <= max(found)

    def _ask(self, question: Question[A]) -> A:
        if self._why_not:
            raise ModelFailed(self._why_not)
        return self._worker.ask(question)

    def sentences(self, events: Sequence[RecordedEvent]) -> dict[int, str]:
        """By position, what models say of events. A model that fails is not asked again: the
        events speak for themselves."""
        wanted = [it.position for it in events if it.stream.partition("-")[0] in self._speaking]
        if not wanted:
            return {}
        try:
            told = self._worker.ask(TellSentences(positions=tuple(wanted)))
        except ModelFailed:
            self._speaking = frozenset()
            return {}
        return {int(at): said for at, said in told.items()}

    def at(self, log: EventReader, stream: str, position: int) -> StateAt[Any]:
        """The state of a stream as of a position, as a JSON value."""
        last = next(log.read_stream(stream, until=position, limit=1, reverse=True), None)
        found = self._ask(TellState(stream=stream, position=position))
        return replace(_state_at(found), stream=stream, position=position, last=last)

    def as_occurred(
        self,
        log: EventReader,
        stream: str,
        until_us: int,
        position: int | None = None,
        *,
        known: int | None = None,
    ) -> StateAt[Any]:
        """The state from what had occurred by a time, and was known, as a JSON value."""
        question = TellState(stream=stream, until_us=until_us, position=position, known=known)
        found = self._ask(question)
        last = log.event(found.last) if found.last else None
        return replace(_state_at(found), stream=stream, position=found.position, last=last)

    def field(
        self,
        _log: EventReader,
        stream: str,
        path: Path,
        *,
        position: int,
        axis: Axis,
        known: int | None = None,
    ) -> FoundField:
        """The history of a field of the state, and its last change as of a position on an axis.
        One message asks for what is new in it."""
        key = (stream, path, axis == "occurred", known)
        with self._keeping:
            held, categories = self._fields.get(key), self._categories
        question = question_of(
            stream, path, position=position, axis=axis, held=held, known_at=known
        )
        found = joined(held, self._ask(question), path)
        with self._keeping:
            if categories is self._categories:  # else by a model that is gone
                self._fields[key] = found.history
                self._fields.move_to_end(key)
            while len(self._fields) > FIELDS_KEPT:
                self._fields.popitem(last=False)
        return found

    def moments(
        self, stream: str, condition: str, *, which: Which, position: int | None, axis: Axis
    ) -> FoundMoments:
        """When a condition on the state came true."""
        question = TellMoments(
            stream=stream, condition=condition, which=which, position=position, axis=axis
        )
        return self._worker.ask(question)


def _state_at(found: StateFound) -> StateAt[Any]:
    return StateAt(
        stream="",
        position=0,
        version=found.version,
        events=found.events,
        last=None,
        state=found.state,
        previous=found.previous,
        basis=found.basis,
        folded=found.folded,
    )
