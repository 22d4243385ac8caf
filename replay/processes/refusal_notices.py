"""What tells the instance of a process manager that a command it sent was not done."""

from collections.abc import Callable
from typing import Any

from replay.commands.authority import PROCESS
from replay.commands.situations import derived_id
from replay.processes.instances import Instances
from store import json_text
from store.beside.commands import IssuedCommand


class RefusalNotices:
    """Any thread that may use the log."""

    def __init__(self, instances: Instances, *, clock_us: Callable[[], int]) -> None:
        self._instances = instances
        self._clock_us = clock_us

    def of(self, command: IssuedCommand, reason: str) -> list[IssuedCommand]:
        """The command to the instance that sent this one, to be recorded with the refusal; none
        when nobody wants to be told."""
        process = self._instances.processes.get(command.actor)
        if process is None or process.on_refusal is None or command.causation_id is None:
            return []
        stream = self._instances.stream_of(command)
        if not stream or command.type == process.on_refusal.__name__:
            return []
        told: Any = process.on_refusal
        instance = stream.removeprefix(f"{process.model.category}-")
        now_us = self._clock_us()
        return [
            IssuedCommand(
                id=derived_id(command.id, "refusal"),
                type=told.__name__,
                stream=stream,
                data_json=json_text.encode(
                    told(instance=instance, command=command.type, reason=reason)
                ),
                actor=process.model.name,
                roles=(PROCESS,),
                expected=None,
                issued_at_us=now_us,
                due_at_us=now_us,
                expires_at_us=None,
                causation_id=command.id,
                correlation_id=command.correlation_id,
            )
        ]
