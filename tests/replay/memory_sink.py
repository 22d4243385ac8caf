"""Rows in memory: a second sink, which shows that SQLite is no condition. It has no transactions,
and can be killed anywhere between its rows and its checkpoint."""

from msgspec import structs

from replay.views.sink import Batch, KeyValues, Mark, RowState, RowVersion


class Memory:
    """What is stored; it outlives the sinks that write to it."""

    def __init__(self) -> None:
        self.rows: dict[KeyValues, RowState] = {}
        self.versions: dict[int, RowVersion] = {}
        self.lookup: dict[str, dict[int, str | None]] = {}
        self.mark = Mark()

    def clear(self) -> None:
        """Nothing was ever stored."""
        self.rows, self.versions, self.lookup, self.mark = {}, {}, {}, Mark()


class Killed(BaseException):
    """The process came to its end here: nothing handles that."""


class MemorySink:
    """A Sink without transactions: versions, rows, lookup table, checkpoint, in this order. It is
    killed when so many of these were stored."""

    def __init__(self, memory: Memory, *, killed_after: int | None = None) -> None:
        self._memory = memory
        self._left = killed_after

    def checkpoint(self) -> Mark:
        """How far it has come."""
        return self._memory.mark

    def last_number(self) -> int:
        """The highest number of a row."""
        return max((it.number for it in self._memory.rows.values()), default=0)

    def find(self, key: KeyValues) -> RowState | None:
        """A row, or a key that had one."""
        return self._memory.rows.get(key)

    def find_lookup(self, key: str, before: int) -> str | None:
        """What stood under a key before a position."""
        texts = self._memory.lookup.get(key, {})
        earlier = [position for position in texts if position < before]
        return texts[max(earlier)] if earlier else None

    def write(self, batch: Batch, until: Mark) -> None:
        """Store the batch piece by piece."""
        if until.position <= self._memory.mark.position:
            return
        for version in batch.versions:
            self._live()
            self._memory.versions[version[0]] = version
        for row in batch.rows:
            self._live()
            is_gone = row.values is None
            self._memory.rows[row.key] = structs.replace(
                row, was_stored=not is_gone, was_deleted=is_gone
            )
        for key, position, text in batch.lookup:
            self._live()
            self._memory.lookup.setdefault(key, {})[position] = text
        self._live()
        self._memory.mark = until

    def forget(self) -> None:
        """It keeps nothing of its own."""

    def _live(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise Killed
