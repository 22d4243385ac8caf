"""The commands that process managers would send if they heard a log again: counted, never sent.

A rebuild folds events into views and runs no process manager. This says what such a run would
have sent once more, so that a person sees what is kept from happening.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from replay.commands.situations import DecisionSituation, derived_id, refuse_to_ask
from replay.process import Heard, ProcessManager
from replay.states.model_set import AnyModel, ModelSet
from replay.states.state_at import StateReader
from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery


def held_commands(
    log: EventReader, models: ModelSet, processes: Sequence[ProcessManager[Any]]
) -> Mapping[str, int]:
    """By type, most first: what each event would lead to, its process being in the state that
    is recorded up to then. Reads the log once, and only the events that are of use for it."""
    count = _Count(log, models, processes)
    for event in _of_use(log, processes):
        count.take(event)
    return dict(count.held.most_common())


def _of_use(log: EventReader, processes: Sequence[ProcessManager[Any]]) -> Iterator[RecordedEvent]:
    types = {it for one in processes for it in one.listens}
    types |= {it.__name__ for one in processes for it in one.model.events}
    return log.read(EventQuery(types=tuple(sorted(types))))


class _Count:
    def __init__(
        self, log: EventReader, models: ModelSet, processes: Sequence[ProcessManager[Any]]
    ) -> None:
        self.held: Counter[str] = Counter()
        self._log = log
        self._models = models
        self._processes = processes
        self._own = {it.model.name for it in processes}
        self._states: dict[str, Any] = {}  # of instances, by stream
        self._readers: dict[str, StateReader[Any]] = {}

    def take(self, event: RecordedEvent) -> None:
        """Fold a process manager's own event; let the others hear any other."""
        model = self._models.of_stream(event.stream)
        if model is None:
            return
        try:
            if model.name in self._own:
                before = self._states.get(event.stream, model.initial())
                self._states[event.stream] = self._models.fold(model).evolve(before, event)
            else:
                self._let_hear(model, event)
        except Exception:  # the edge: what cannot be read, or fails at it, would send nothing
            return

    def _let_hear(self, model: AnyModel, event: RecordedEvent) -> None:
        heard = Heard(
            event=event,
            typed=self._models.reading(model).typed(event),
            command_id=str(event.metadata.get("command_id", "")),
            before=lambda: self._state(event.stream, event.position - 1)[0],
        )
        for process in self._processes:
            if event.type in process.listens:
                self._hear(process, heard)

    def _hear(self, process: ProcessManager[Any], heard: Heard) -> None:
        instance = process.instance_of(heard)
        if not instance:
            return
        stream = f"{process.model.category}-{instance}"
        state = self._states.get(stream, process.model.initial())
        reaction = process.react(state, heard, self._situation(process, heard.event))
        self.held.update(type(it.command).__name__ for it in reaction.sends)

    def _situation(self, process: ProcessManager[Any], event: RecordedEvent) -> DecisionSituation:
        return DecisionSituation(
            command=process.model.title,
            command_id=derived_id(event.id, process.model.name),
            actor=process.model.name,
            # A claim that lies ahead of the log's own clock is no clock to decide by.
            now_us=min(event.recorded_at_us, self._log.running_max_us(event.position)),
            reads=process.reads,
            ask=refuse_to_ask,
            state_of=partial(self._state, position=event.position),
            row=_no_row,
        )

    def _state(self, stream: str, position: int) -> tuple[Any, int]:
        model = self._models.of_stream(stream)
        if model is None:
            raise LookupError(f"no model gives this stream a meaning: {stream}")
        found = self._reader(model).at(self._log, stream, position)
        return found.state, found.version

    def _reader(self, model: AnyModel) -> StateReader[Any]:
        if model.name not in self._readers:
            self._readers[model.name] = StateReader(self._models.fold(model))
        return self._readers[model.name]


def _no_row(view: str, _key: str) -> Any:
    raise LookupError(f"a process manager reads no views: {view}")
