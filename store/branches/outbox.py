"""The outbox of a branch: messages that are told and never sent."""

from collections.abc import Iterable, Iterator

from msgspec import structs

from store.beside.interface import OutboxReader, OutboxWriter
from store.beside.outbox import Delivery, Message
from store.branches.kept_positions import KeptPositions


class BranchOutbox:
    """An OutboxReader: of the branch's own messages, each with the position that its event has
    now. Of an event that was left out it is that of the one before it."""

    def __init__(self, own: OutboxReader, positions: KeptPositions) -> None:
        self._own, self._positions = own, positions

    def waiting(self, now_us: int, *, limit: int, hurried: int = 0) -> list[Message]:
        return [self._here(it) for it in self._own.waiting(now_us, limit=limit, hurried=hurried)]

    def unsent(self, now_us: int) -> int:
        return self._own.unsent(now_us)

    def find(self, message_id: str) -> Message | None:
        found = self._own.find(message_id)
        return None if found is None else self._here(found)

    def latest(self, *, limit: int) -> list[tuple[Message, Delivery | None]]:
        return [(self._here(it), last) for it, last in self._own.latest(limit=limit)]

    def all(self) -> Iterator[tuple[Message, Delivery | None]]:
        return ((self._here(it), last) for it, last in self._own.all())

    def count(self) -> int:
        return self._own.count()

    def followed(self) -> set[str]:
        return self._own.followed()

    def told(self) -> set[tuple[int, str]]:
        return {(self._positions.near(at), gateway) for at, gateway in self._own.told()}

    def attempts(self, message_id: str) -> int:
        return self._own.attempts(message_id)

    def delivery_of(self, message_id: str) -> Delivery | None:
        return self._own.delivery_of(message_id)

    def _here(self, it: Message) -> Message:
        return structs.replace(it, position=self._positions.near(it.position))


class BranchOutboxWriter(BranchOutbox):
    """An OutboxWriter in the same way."""

    def __init__(self, own: OutboxWriter, positions: KeptPositions) -> None:
        super().__init__(own, positions)
        self._writer = own

    def add(self, messages: Iterable[Message]) -> None:
        kept = self._positions.kept
        self._writer.add([structs.replace(it, position=kept(it.position)) for it in messages])

    def record(self, delivery: Delivery) -> None:
        self._writer.record(delivery)
