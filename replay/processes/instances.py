"""Which instance of a process manager a command came from."""

from collections.abc import Mapping, Sequence
from typing import Any

from replay.commands.situations import derived_id
from replay.process import Heard, ProcessManager
from replay.states.model_set import ModelSet
from store.beside.commands import IssuedCommand
from store.events import RecordedEvent
from store.interface import EventReader


class Instances:
    """For one log. Any thread that may use the log."""

    def __init__(
        self, log: EventReader, models: ModelSet, processes: Sequence[ProcessManager[Any]]
    ) -> None:
        self.processes: Mapping[str, ProcessManager[Any]] = {it.model.name: it for it in processes}
        self._log = log
        self._models = models

    def stream_of(self, command: IssuedCommand) -> str:
        """The stream of the instance that sent a command, or whose timer it is; empty when no
        process manager that is known sent it, or its cause is not there."""
        process = self.processes.get(command.actor)
        if process is None:
            return ""
        if process.model.owns(command.stream):
            return command.stream
        cause = command.causation_id or ""
        own = self._log.event_by_id(derived_id(cause, f"{process.model.name} event 1"))
        if own is not None:
            return own.stream
        heard = self._log.event_by_id(cause)
        if heard is not None:
            id_ = process.instance_of(self._heard(heard))
            return f"{process.model.category}-{id_}" if id_ else ""
        timer, _ = self._log.beside.commands.find(cause)
        return timer.stream if timer is not None and process.model.owns(timer.stream) else ""

    def _heard(self, event: RecordedEvent) -> Heard:
        model = self._models.of_stream(event.stream)
        typed = None if model is None else self._models.reading(model).typed(event)
        return Heard(event=event, typed=typed, command_id=str(event.metadata.get("command_id", "")))
