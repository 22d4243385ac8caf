"""The clock that timers of a store go by: the real one, put ahead by a person."""

from replay.words import said
from store.interface import CommandStore
from store.times import now_us


class StoreClock:
    """Any thread. Going back is not possible: what was due has happened."""

    def __init__(self, store: CommandStore) -> None:
        self._store = store

    def now_us(self) -> int:
        """Microseconds since 1970 UTC."""
        return now_us() + self.ahead_us()

    def ahead_us(self) -> int:
        """How far it is ahead of the real clock."""
        return self._store.beside.clock.ahead_us()

    def put_ahead(self, by_us: int) -> None:
        """Move it on. Raises ValueError for a step back."""
        if by_us < 0:
            raise ValueError(said("the clock only moves forward"))
        ahead = self.ahead_us() + by_us
        self._store.write(lambda writer: writer.beside.clock.move(ahead))
