"""Commands of process managers to themselves, such as timers, handled again as an experiment.

They are no business of the instance's model: its process manager handled them then, and is asked
again, in the state that the instance was in. Nothing is written, nothing is sent.
"""

from functools import partial
from typing import Any

from replay.commands.command_form import command_of
from replay.commands.situations import DecisionSituation, derived_id, refuse_to_ask
from replay.process import ProcessManager, Reaction
from replay.states.model_set import AnyModel, ModelSet
from replay.states.state_at import StateReader
from replay.typed_model import Command
from store import json_text
from store.beside.commands import IssuedCommand
from store.beside.outcomes import Done
from store.interface import EventReader


class ReactionRerun:
    """For one log. One thread: states are kept between questions."""

    def __init__(self, log: EventReader, models: ModelSet) -> None:
        self._log = log
        self._models = models
        self._readers: dict[str, StateReader[Any]] = {}

    def owner_of(self, command: IssuedCommand) -> ProcessManager[Any] | None:
        """The process manager that handled a command; None where a model decided on it."""
        return next((it for it in self._models.processes if _type_in(it, command)), None)

    def reaction(
        self, process: ProcessManager[Any], command: IssuedCommand, outcome: Done, position: int
    ) -> Reaction:
        """What it does about the command today, as of a position and at the time of then. Raises
        Refused, and what the process manager raises."""
        state, _ = self._state_of(command.stream, position=position)
        typed = command_of(_type_in(process, command) or Command, command.data_json)
        situation = DecisionSituation(
            command=process.model.title,
            command_id=derived_id(command.id, process.model.name),
            actor=process.model.name,
            now_us=outcome.decided_at_us,
            reads=process.reads,
            ask=refuse_to_ask,
            state_of=partial(self._state_of, position=position),
            row=_no_row,
        )
        return process.handle(state, typed, situation)

    def sent(self, process: ProcessManager[Any], command: IssuedCommand) -> list[dict[str, Any]]:
        """The commands that it sent then, in order."""
        found = self._log.beside.commands.of_correlation(command.correlation_id)
        return [
            {"command": it.type, "data": it.data, "after_us": it.due_at_us - it.issued_at_us}
            for it in found
            if it.causation_id == command.id and it.actor == process.model.name
        ]

    def _state_of(self, stream: str, *, position: int) -> tuple[Any, int]:
        model = self._models.of_stream(stream)
        if model is None:
            raise LookupError(f"no model gives this stream a meaning: {stream}")
        found = self._reader(model).at(self._log, stream, position)
        return found.state, found.version

    def _reader(self, model: AnyModel) -> StateReader[Any]:
        if model.name not in self._readers:
            self._readers[model.name] = StateReader(self._models.fold(model))
        return self._readers[model.name]


def events_of(reaction: Reaction) -> list[dict[str, Any]]:
    """The events of a reaction as they would be recorded."""
    return [{"type": type(it).__name__, "data": _plain(it)} for it in reaction.events]


def sends_of(reaction: Reaction) -> list[dict[str, Any]]:
    """The commands of a reaction, as `sent` tells those of then."""
    return [
        {
            "command": type(it.command).__name__,
            "data": _plain(it.command),
            "after_us": it.after_us,
        }
        for it in reaction.sends
    ]


def _type_in(process: ProcessManager[Any], command: IssuedCommand) -> type[Command] | None:
    """The type of a command to the process manager itself; None when it is for somebody else."""
    told = process.on_refusal
    if told is not None and (process.model.name, told.__name__) == (command.actor, command.type):
        return told
    return process.model.command(command.type)


def _plain(value: Any) -> Any:
    return json_text.decode(json_text.encode(value))


def _no_row(view: str, _key: str) -> Any:
    raise LookupError(f"a process manager reads no views: {view}")
