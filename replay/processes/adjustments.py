"""What was sent against what should have been: messages whose event was taken back, or whose
model says otherwise today.

Before a message is sent, it is put right without a word to anyone outside. What has been sent
cannot be; an adjustment is proposed, and goes out when a person says so. Source: Fowler, Event
Sourcing, sections "External Updates" and "Code Changes".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from replay.commands.compensations import compensated_by
from replay.commands.situations import derived_id
from replay.commands.would_send import WouldSend, would_send
from replay.states.model_set import ModelSet
from store import json_text
from store.beside.outbox import Message
from store.beside.outcomes import Done, Outcome
from store.interface import CommandStore, EventWriter

Kind: TypeAlias = Literal["adjust", "cancel", "add"]

DIFFERENT: Final = "the model says otherwise today"
UNTOLD: Final = "nothing was sent for its event, and the model sends this today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a message should say: None for nothing at all. `why` is empty when it is right."""

    payload_json: str | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A message that was sent and should have been another, or none; or one that is missing."""

    kind: Kind
    message_id: str
    position: int  # of the event
    gateway: str
    sent: Any  # None: nothing
    instead: Any  # likewise
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The adjustments, and what was looked at for them."""

    adjustments: tuple[Adjustment, ...]
    messages: int
    commands: int  # that led to events


class _Counted:
    def __init__(self, tell: Callable[[int], None]) -> None:
        self.count = 0
        self._tell = tell

    def one_more(self) -> None:
        self.count += 1
        self._tell(self.count)


class Adjustments:
    """For one store. One thread."""

    def __init__(self, store: CommandStore, models: ModelSet) -> None:
        self._store = store
        self._models = models

    def meant(self, message: Message) -> Meant:
        """What a message should say today. One that a person has written says what it should."""
        if message.corrects is not None:
            return Meant(payload_json=message.payload_json)
        event = self._store.event(message.position)
        if event is None:
            return Meant(payload_json=message.payload_json)
        if taken_back := compensated_by(self._store, self._models, event):
            why = f"its event was taken back by {taken_back.type} at {taken_back.position}"
            return Meant(payload_json=None, why=why)
        found = would_send(self._models, event)
        if found is None or found.gateway != message.gateway:
            return Meant(payload_json=None, why="the model sends nothing for its event today")
        is_same = json_text.decode(found.payload_json) == json_text.decode(message.payload_json)
        return Meant(payload_json=found.payload_json, why="" if is_same else DIFFERENT)

    def proposed(
        self, *, newest: int | None = None, tell: Callable[[int], None] = lambda _looked_at: None
    ) -> Proposed:
        """What should follow the messages that were sent, oldest first; then what should have
        been sent for events that were decided on here, and was not. Looks at all of both, or at
        so many of the newest; `tell` hears how many so far."""
        counted = _Counted(tell)
        found = list(self._proposed(counted, newest))
        messages = counted.count
        found += self._missing(counted, newest)
        return Proposed(
            adjustments=tuple(found), messages=messages, commands=counted.count - messages
        )

    def _missing(self, counted: _Counted, newest: int | None) -> Iterator[Adjustment]:
        """Events of an import are told to nobody; what was decided here should have been."""
        beside = self._store.beside
        told = beside.outbox.told()
        commands = beside.commands
        issued: Iterable[tuple[object, Outcome | None]] = (
            commands.done() if newest is None else commands.latest(limit=newest)[::-1]
        )
        for _, outcome in issued:
            counted.one_more()
            if not isinstance(outcome, Done) or outcome.first_position is None:
                continue
            events = self._store.read(after=outcome.first_position - 1, until=outcome.last_position)
            for event in events:
                found = would_send(self._models, event)
                if found is None or (event.position, found.gateway) in told:
                    continue
                if compensated_by(self._store, self._models, event) is None:
                    yield _addition(found)

    def _proposed(self, counted: _Counted, newest: int | None) -> Iterator[Adjustment]:
        outbox = self._store.beside.outbox
        followed = outbox.followed()
        found = outbox.all() if newest is None else outbox.latest(limit=newest)[::-1]
        for message, last in found:
            counted.one_more()
            if message.id in followed or last is None or last.status != "sent":
                continue
            meant = self.meant(message)
            if meant.why:
                instead = meant.payload_json
                yield Adjustment(
                    kind="cancel" if instead is None else "adjust",
                    message_id=message.id,
                    position=message.position,
                    gateway=message.gateway,
                    sent=json_text.decode(message.payload_json),
                    instead=None if instead is None else json_text.decode(instead),
                    why=meant.why,
                )

    def put(self, adjustments: Sequence[Adjustment], *, now_us: int) -> int:
        """Put adjustments into the outbox, each once; returns how many there are."""
        messages = [_message(it, now_us) for it in adjustments]

        def work(writer: EventWriter) -> None:
            writer.beside.outbox.add(messages)

        self._store.write(work)
        return len(messages)


def _addition(it: WouldSend) -> Adjustment:
    return Adjustment(
        kind="add",
        message_id=derived_id(it.event_id, f"add {it.gateway}"),
        position=it.position,
        gateway=it.gateway,
        sent=None,
        instead=it.payload,
        why=UNTOLD,
    )


def _message(it: Adjustment, now_us: int) -> Message:
    if it.kind == "add":
        return Message(
            id=it.message_id,
            position=it.position,
            gateway=it.gateway,
            payload_json=json_text.encode(it.instead),
            release_at_us=now_us,
        )
    payload = {"adjusts": it.message_id, "sent": it.sent, "instead": it.instead}
    return Message(
        id=derived_id(it.message_id, f"{it.kind} {json_text.encode(it.instead)}"),
        position=it.position,
        gateway=it.gateway,
        payload_json=json_text.encode(payload),
        release_at_us=now_us,
        corrects=it.message_id,
    )
