"""A conversation in the messaging intermediate language of the CQRS Journey.

    RegisterToConference? -> order-A7
    @order-A7::OrderPlaced! -> registration-A7
        *order-A7.conferenceId = "conf"

A command goes to its stream; an event to the process managers that hear it; what an event changes
in the state of its stream stands below it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from replay.history.conversation import Conversation, in_order
from replay.process import Heard, ProcessManager
from replay.states.diff import diff, path_text
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from store import json_text
from store.beside.commands import IssuedCommand
from store.events import RecordedEvent
from store.interface import EventReader

STEP: Final = "    "


def mil(
    log: EventReader,
    found: Conversation,
    models: ModelSet,
    processes: Sequence[ProcessManager[Any]],
) -> Iterator[str]:
    """One message a line, causes before effects. Raises MissingUpcast."""
    states = StreamStates(models=models)
    messages: dict[str, RecordedEvent | IssuedCommand] = {it.id: it for it in found.commands}
    messages |= {it.id: it for it in found.events}
    for id_, _depth in in_order(found):
        message = messages[id_]
        if isinstance(message, IssuedCommand):
            yield f"{message.type}? -> {message.stream}"
            continue
        heard_by = ", ".join(_hearers(message, models, processes))
        yield f"@{message.stream}::{message.type}! -> {heard_by}".rstrip()
        yield from _changes(log, states, message)


def _hearers(
    event: RecordedEvent, models: ModelSet, processes: Sequence[ProcessManager[Any]]
) -> Iterator[str]:
    """The instances of process managers that an event is for."""
    model = models.of_stream(event.stream)
    typed = None if model is None else models.reading(model).typed(event)
    heard = Heard(event=event, typed=typed, command_id=str(event.metadata.get("command_id", "")))
    for process in processes:
        if event.type in process.listens and (instance := process.instance_of(heard)):
            yield f"{process.model.category}-{instance}"


def _changes(log: EventReader, states: StreamStates, event: RecordedEvent) -> Iterator[str]:
    before = states.at(log, event.stream, event.position - 1).state
    after = states.at(log, event.stream, event.position).state
    for change in diff(before, after):
        value = "nothing" if change.kind == "removed" else json_text.encode(change.after)
        yield f"{STEP}*{event.stream}.{path_text(change.path)} = {value}"
