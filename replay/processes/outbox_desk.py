"""The outbox for a person: what is in it, and what is withdrawn or corrected before it is sent."""

from collections.abc import Callable
from typing import Final

from replay.processes.deliveries import Deliveries
from replay.processes.desk_messages import SHOWN, OutboxMessage
from replay.words import said
from store import json_text
from store.beside.outbox import Delivery, Message
from store.errors import StoreError
from store.events import new_event_id
from store.interface import CommandStore
from store.times import format_moment

ENDED: Final = {"sent": said("was sent"), "withdrawn": said("was withdrawn")}


class NoMessage(StoreError):
    hint = said("List the messages and their ids with: main.py outbox STORE")


class NotWaiting(StoreError):
    """A message that was sent or withdrawn is what it is."""

    hint = said("Correct a sent message with an adjustment: main.py adjust STORE")


class WrongPayload(StoreError):
    hint = said('Write the whole message as JSON, such as {"to":"ada@example.org"}.')


class NoReason(StoreError):
    hint = said("Give a reason, for people who read the outbox later.")


class OutboxDesk:
    """For one store. One thread."""

    def __init__(
        self, store: CommandStore, deliveries: Deliveries, *, clock_us: Callable[[], int]
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._clock_us = clock_us

    def messages(self) -> tuple[OutboxMessage, ...]:
        """The newest messages, and what came of each."""
        now_us = self._clock_us()
        found = self._store.beside.outbox.latest(limit=SHOWN)
        return tuple(message_facts(message, last, now_us) for message, last in found)

    def withdraw(self, message_id: str, reason: str) -> None:
        """It shall not be sent. Raises NoMessage, NotWaiting, NoReason."""
        message = self._waiting(message_id)
        if not reason.strip():
            raise NoReason(said("withdrawing a message needs a reason"))
        self._deliveries.withdraw(message.id, reason)

    def correct(self, message_id: str, payload: str) -> str:
        """Send this instead, at the same time. Returns the id of the message that goes. Raises
        NoMessage, NotWaiting, WrongPayload."""
        message = self._waiting(message_id)
        try:
            stated = json_text.encode(json_text.decode(payload))
        except ValueError as error:
            raise WrongPayload(
                said("the corrected message is not valid JSON: {error}", error=error)
            ) from error
        new_id = new_event_id()
        self._deliveries.correct(message, stated, new_id)
        return new_id

    def _waiting(self, message_id: str) -> Message:
        outbox = self._store.beside.outbox
        message = outbox.find(message_id)
        if message is None:
            raise NoMessage(said("there is no message {message_id}", message_id=message_id))
        last = next((it for one, it in outbox.latest(limit=SHOWN) if one.id == message_id), None)
        if last is None:
            last = next((it for one, it in outbox.all() if one.id == message_id), None)
        if last is not None and last.status in ENDED:
            raise NotWaiting(
                said(
                    "the message {message_id} {ended} already",
                    message_id=message_id,
                    ended=ENDED[last.status],
                )
            )
        return message


def message_facts(message: Message, last: Delivery | None, now_us: int) -> OutboxMessage:
    """A message as a list shows it."""
    waiting = "held" if message.release_at_us > now_us else "waiting"
    return OutboxMessage(
        id=message.id,
        position=message.position,
        gateway=message.gateway,
        payload=message.payload_json,
        release_at=format_moment(message.release_at_us),
        status=last.status if last else waiting,
        attempts=last.attempt if last else 0,
        answer=last.answer if last else "",
    )
