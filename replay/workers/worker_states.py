"""States by models that run in another process: a person's own never run in the asker's."""

from dataclasses import replace
from typing import Any

from replay.states.field_history import FieldHistory
from replay.states.state_at import StateAt
from replay.workers.worker_messages import StateFound, TellHistory, TellState
from replay.workers.worker_process import CommandWorker
from store.interface import EventReader


class WorkerStates:
    """For the streams of the model files that the worker has. Any thread; an answer may take as
    long as the worker is patient. Every method raises ModelFailed."""

    def __init__(self, worker: CommandWorker) -> None:
        self._worker = worker
        self._categories: frozenset[str] = frozenset()

    def learn(self, categories: frozenset[str]) -> None:
        """Answer for streams of these categories from now on."""
        self._categories = categories

    def owns(self, stream: str) -> bool:
        """Whether the stream's model runs there."""
        return stream.partition("-")[0] in self._categories

    def at(self, log: EventReader, stream: str, position: int) -> StateAt[Any]:
        """The state of a stream as of a position, as a JSON value."""
        last = next(log.read_stream(stream, until=position, limit=1, reverse=True), None)
        found = self._worker.ask(TellState(stream=stream, position=position))
        return replace(_state_at(found), stream=stream, position=position, last=last)

    def as_occurred(
        self, log: EventReader, stream: str, until_us: int, position: int | None = None
    ) -> StateAt[Any]:
        """The state from what had occurred by a time, as a JSON value."""
        found = self._worker.ask(TellState(stream=stream, until_us=until_us, position=position))
        last = log.event(found.last) if found.last else None
        return replace(_state_at(found), stream=stream, position=found.position, last=last)

    def history(self, stream: str, path: tuple[str | int, ...], until: int) -> FieldHistory:
        """The values that a field of the state had."""
        found = self._worker.ask(TellHistory(stream=stream, path=path, until=until))
        return FieldHistory(path=path, positions=found.positions, values=found.values)


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
