"""The rows of one part while it is folded: a sink in memory that hands on every version."""

from array import array
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from replay.views.flat_rows import FlatRows
from replay.views.lookup import LookupVersion
from replay.views.sink import Batch, KeyValues, Mark, RowState, RowVersion


class Taker(Protocol):
    """What the versions of a part go to."""

    def take(self, versions: Sequence[RowVersion], sink: "PartSink") -> None:
        """Some more versions, in order. Raises RowRefused."""


class PartSink:
    """replay.views.sink.Sink. It holds each row once, as it stands, and no version.

    Rows are numbered within the part; what names a row in the whole view is its first write.
    """

    def __init__(self, takers: Sequence[Taker]) -> None:
        self._takers = takers
        self._mark = Mark()
        self._texts: dict[str, str | None] = {}
        self.rows: dict[KeyValues, RowState] = {}
        self.firsts = array("q")  # the first write of each row, by its number - 1
        self.keys: list[KeyValues] = []  # the same of its key
        self.lookup: list[LookupVersion] = []
        self.version_count = 0
        self.written: tuple[Any, Any] = ((), ())  # of the versions that are handed on: the write
        # of each, and the number of its row

    def checkpoint(self) -> Mark:
        return self._mark

    def last_number(self) -> int:
        return len(self.firsts)

    def find(self, key: KeyValues) -> RowState | None:
        return self.rows.get(key)

    def find_lookup(self, key: str, _before: int, /) -> str | None:
        """The newest: nothing is ever folded twice here."""
        return self._texts.get(key)

    def write(self, batch: Batch, until: Mark) -> None:
        self.written = write_numbers(batch.versions)
        self._note_firsts(*self.written)
        self.keys += [()] * (len(self.firsts) - len(self.keys))
        for it in batch.rows:
            if not (it.was_stored or it.was_deleted):
                self.keys[it.number - 1] = it.key
            self.rows[it.key] = it
        self.lookup += batch.lookup
        self._texts |= {key: text for key, _, text in batch.lookup}
        self.version_count += len(batch.versions)
        for taker in self._takers:
            taker.take(batch.versions, self)
        self._mark = until

    def forget(self) -> None:
        """Nobody else writes here."""

    def _note_firsts(self, writes: Any, numbers: Any) -> None:
        is_new = numbers > len(self.firsts)
        _, at = np.unique(numbers[is_new], return_index=True)  # rows are numbered as they come
        self.firsts.frombytes(writes[is_new][at].tobytes())


def write_numbers(versions: Sequence[RowVersion]) -> tuple[Any, Any]:
    """The write of each version, and the number of its row."""
    if isinstance(versions, FlatRows):
        flat, width = versions.values, versions.width
        found = flat[0::width], flat[1::width]
    else:
        found = [it[0] for it in versions], [it[1] for it in versions]
    writes, numbers = (np.array(it, np.int64) for it in found)
    return writes, numbers
