"""The rows of one part while it is folded: a sink in memory that hands on every version."""

from collections.abc import Sequence
from typing import Protocol

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
        self.firsts: list[int] = []  # the first write of each row, by its number - 1
        self.keys: list[KeyValues] = []  # the same of its key
        self.lookup: list[LookupVersion] = []
        self.version_count = 0

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
        self._note_firsts(batch.versions)
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

    def _note_firsts(self, versions: Sequence[RowVersion]) -> None:
        known = len(self.firsts)
        for write, number in write_numbers(versions):
            if number > known:
                self.firsts.append(write)
                known = number


def write_numbers(versions: Sequence[RowVersion]) -> list[tuple[int, int]]:
    """Each version's write and the number of its row."""
    if isinstance(versions, FlatRows):
        flat, width = versions.values, versions.width
        return list(zip(flat[0::width], flat[1::width], strict=True))
    return [(it[0], it[1]) for it in versions]
