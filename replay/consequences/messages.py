"""Messages to the outside: what was sent for an event, against what should have been.

What was sent is looked up by the ids that follow from a message's cause, so that no outbox is read
through. Source: Fowler, Event Sourcing, "Code Changes".
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from replay.commands.situations import derived_id
from replay.commands.would_send import message_of, would_send
from replay.consequences.found import MessageDiffers
from replay.consequences.lines import Lines
from replay.states.model_set import AnyModel, ModelSet
from replay.typed_model import Event
from replay.words import said
from store import json_text
from store.beside.outbox import Message
from store.beside.outcomes import Done
from store.events import RecordedEvent

TAKEN_OUT: Final = said("its event is not in the branch")
PUT_IN: Final = said("its event is in the branch alone")
OTHERWISE: Final = said("its event says something else in the branch")
REFUSED: Final = said("its command would be refused in the branch")
DECIDED: Final = said("its command would record other events in the branch")


class Sent(NamedTuple):
    """A message in the outbox, and what became of it."""

    message: Message
    status: Any


class Messages:
    """For two lines. One thread."""

    def __init__(self, lines: Lines, models: ModelSet) -> None:
        self._lines, self._models = lines, models
        self._outbox = lines.left.beside.outbox

    def of_edits(self) -> Iterator[MessageDiffers]:
        """Those of events that one line alone has; what is on both is told once."""
        new = {it.event.id: it.event for it in self._lines.new}
        for it in self._lines.gone:
            yield from self._of_event(it.event, new.pop(it.event.id, None))
        for event in new.values():
            yield from self._of_event(None, event)

    def of_decision(
        self, model: AnyModel, then: Sequence[RecordedEvent], now: Sequence[Event], why: str
    ) -> Iterator[MessageDiffers]:
        """Those of a command's events, as recorded and as they would be."""
        for at in range(max(len(then), len(now))):
            event = then[at] if at < len(then) else None
            meant = message_of(model, now[at]) if at < len(now) else None
            yield from self._compared(event, None, meant, why)

    def _of_event(
        self, left: RecordedEvent | None, right: RecordedEvent | None
    ) -> Iterator[MessageDiffers]:
        found = None if right is None else would_send(self._models, right)
        meant = None if found is None else (found.gateway, found.payload)
        why = TAKEN_OUT if right is None else PUT_IN if left is None else OTHERWISE
        yield from self._compared(left, right, meant, why)

    def _compared(
        self,
        left: RecordedEvent | None,
        right: RecordedEvent | None,
        meant: tuple[str, Any] | None,
        why: str,
    ) -> Iterator[MessageDiffers]:
        sent = None if left is None else self._sent(left)
        if sent is None and meant is not None and left is not None and self._was_meant(left):
            return  # nobody was told of it, as of all that an import brought
        was = None
        if sent is not None and sent.status != "withdrawn":
            was = sent.message.gateway, json_text.decode(sent.message.payload_json)
        if was == meant or (was and meant and _is_same(was, meant)):
            return
        if was is not None and meant is not None and was[0] != meant[0]:
            yield self._told(left, right, sent, was, None, why)
            yield self._told(left, right, None, None, meant, why)
        else:
            yield self._told(left, right, sent, was, meant, why)

    def _told(
        self,
        left: RecordedEvent | None,
        right: RecordedEvent | None,
        sent: Sent | None,
        was: tuple[str, Any] | None,
        meant: tuple[str, Any] | None,
        why: str,
    ) -> MessageDiffers:
        gateway = (was or meant or ("", None))[0]
        return MessageDiffers(
            action="add" if was is None else "cancel" if meant is None else "adjust",
            message_id="" if sent is None else sent.message.id,
            position=None if left is None else left.position,
            branch_position=None if right is None else right.position,
            gateway=gateway,
            sent=None if was is None else was[1],
            instead=None if meant is None else meant[1],
            status="" if sent is None else sent.status,
            why=why,
        )

    def _was_meant(self, event: RecordedEvent) -> bool:
        return would_send(self._models, event) is not None

    def _sent(self, event: RecordedEvent) -> Sent | None:
        """What the log has put into its outbox for an event. One that a person has replaced says
        what it should."""
        for id_ in self._ids(event):
            message = self._outbox.find(id_)
            if message is not None and message.position == event.position:
                if message.id in self._followed:
                    return None
                last = self._outbox.delivery_of(message.id)
                return Sent(message, "waiting" if last is None else last.status)
        return None

    @cached_property
    def _followed(self) -> set[str]:
        return self._outbox.followed()

    def _ids(self, event: RecordedEvent) -> Iterator[str]:
        """The ids that the message of an event may have."""
        found = would_send(self._models, event)
        if found is not None:
            yield derived_id(event.id, f"reprocess {found.gateway}")
            yield derived_id(event.id, f"add {found.gateway}")
        metadata = event.metadata
        command_id = metadata.get("command_id")
        if isinstance(command_id, str):
            outcome = self._lines.left.beside.commands.outcome_of(command_id)
            if isinstance(outcome, Done) and outcome.first_position is not None:
                number = event.position - outcome.first_position + 1
                yield derived_id(command_id, f"message {number}")
        yield from self._ids_of_process(event, str(metadata.get("causation_id", "")))

    def _ids_of_process(self, event: RecordedEvent, cause: str) -> Iterator[str]:
        """Of an event that a process manager recorded."""
        process = next((it for it in self._models.processes if it.model.owns(event.stream)), None)
        if process is None:
            return
        name = process.model.name
        for number in range(1, event.version + 1):
            if derived_id(cause, f"{name} event {number}") == event.id:
                yield derived_id(derived_id(cause, name), f"message {number}")
                return


def _is_same(one: tuple[str, Any], other: tuple[str, Any]) -> bool:
    """As it is sent: a number may be told as a Decimal on one side."""
    plain = json_text.decode(json_text.encode(other[1]))
    return (one[0], one[1]) == (other[0], plain)
