"""The outbox emptied: released messages are handed to their gateways, each attempt recorded."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from replay.commands.gateways import GatewayFailed, Gateways
from replay.commands.situations import derived_id
from replay.processes.adjustments import Meant
from replay.processes.in_hand import InHand, is_suspected
from replay.processes.retry_policy import GATEWAYS
from replay.processes.retry_queue import RetryQueue, subject_of
from store import json_text
from store.beside.outbox import Delivery, DeliveryStatus, Message
from store.beside.retry_journal import JournalEntry
from store.errors import StoreBusy
from store.interface import CommandStore, EventWriter

BATCH: Final = 200


class Deliveries:
    """Sends at least once: a crash between sending and recording sends the same id again.

    `meant` says what a message should be when its time has come: what its event means no more
    is withdrawn or corrected instead of being sent.
    """

    def __init__(
        self,
        store: CommandStore,
        gateways: Gateways,
        *,
        clock_us: Callable[[], int],
        queue: RetryQueue | None = None,
        in_hand: InHand | None = None,
        meant: Callable[[Message], Meant] | None = None,
        pass_point: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._store = store
        self.sent = 0  # messages so far
        self._gateways = gateways
        self._queue = queue or RetryQueue(store, clock_us=clock_us)
        self._in_hand = in_hand or InHand()
        self._clock_us = clock_us
        self._meant = meant
        self._pass_point = pass_point

    def send_waiting(self) -> int:
        """Send a batch of what is released; returns how many were tried, whatever came of it:
        none when nothing is due."""
        beside = self._store.beside
        waiting = beside.outbox.waiting(self._clock_us(), limit=BATCH, hurried=self._queue.hurried)
        for message in waiting:
            tried = replace(_subject(message), attempt=beside.outbox.attempts(message.id) + 1)
            before = self._queue.entry("message", message.id)
            with self._in_hand.holding(tried, alone=is_suspected(before)):
                self._send(message)
        return len(waiting)

    def withdraw(self, message_id: str, reason: str) -> None:
        """Keep a message that was not sent yet from being sent."""
        self._queue.look()
        ends = self._queue.handled("message", message_id)
        self._record(message_id, "withdrawn", reason, ends)

    def correct(
        self, message: Message, payload_json: str, new_id: str, *, why: str = "corrected"
    ) -> None:
        """Send another text in a message's place; it must not have been sent yet."""
        corrected = Message(
            id=new_id,
            position=message.position,
            gateway=message.gateway,
            payload_json=payload_json,
            release_at_us=message.release_at_us,
            corrects=message.id,
        )
        attempt = self._store.beside.outbox.attempts(message.id) + 1
        withdrawn = Delivery(
            message_id=message.id,
            attempt=attempt,
            status="withdrawn",
            answer=why,
            at_us=self._clock_us(),
        )

        self._queue.look()
        ends = self._queue.handled("message", message.id)

        def work(writer: EventWriter) -> None:
            writer.beside.outbox.record(withdrawn)
            writer.beside.outbox.add([corrected])
            if ends is not None:
                writer.beside.retries.note(ends)

        self._store.write(work)

    def _send(self, message: Message) -> None:
        try:
            if self._put_right(message):
                return
            if why := self._gateways.why_closed:
                self.withdraw(message.id, why)
                return
            payload = json_text.decode(message.payload_json)
            answer = self._gateways.send(message.gateway, message.id, payload)
        except GatewayFailed as error:
            self._fail(message, str(error))
            return
        except StoreBusy:
            raise
        except Exception as error:  # the edge: a gateway or a model may raise anything
            self._fail(message, f"{type(error).__name__}: {error}")
            return
        self._pass_point("after sending")
        self._record(message.id, "sent", answer, self._queue.handled("message", message.id))
        self.sent += 1

    def _fail(self, message: Message, reason: str) -> None:
        entry = self._queue.failure(_subject(message), reason, GATEWAYS)
        self._record(message.id, "failed", reason, entry)

    def _put_right(self, message: Message) -> bool:
        """Withdraw or correct a message that its event means no more; whether that was so."""
        meant = self._meant(message) if self._meant else None
        if meant is None or not meant.why:
            return False
        if meant.payload_json is None:
            self.withdraw(message.id, meant.why)
        else:
            corrected_id = derived_id(message.id, f"corrected {meant.payload_json}")
            self.correct(message, meant.payload_json, corrected_id, why=meant.why)
        return True

    def _record(
        self, message_id: str, status: DeliveryStatus, answer: str, entry: JournalEntry | None
    ) -> None:
        attempt = self._store.beside.outbox.attempts(message_id) + 1
        delivery = Delivery(
            message_id=message_id,
            attempt=attempt,
            status=status,
            answer=answer,
            at_us=self._clock_us(),
        )

        def work(writer: EventWriter) -> None:
            writer.beside.outbox.record(delivery)
            if entry is not None:
                writer.beside.retries.note(entry)

        self._store.write(work)
        if entry is not None:
            self._queue.look()


def _subject(message: Message) -> JournalEntry:
    return subject_of("message", message.id, handler=message.gateway, position=message.position)
