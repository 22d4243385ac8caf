"""Where the rows of a view go: what a store must do that is to hold them.

SQLite is the first such store (`sqlite_sink`). One that has no transactions over many rows
fulfils this too when it writes in this order: the versions, the rows, its checkpoint. After a
crash in between the same events are folded again, and whatever is there already is recognised by
its write. That holds for a projection which reads only the rows it writes, and its lookup table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from msgspec import Struct

from replay.projection import KeyValue
from replay.views.lookup import LookupVersion

WRITES_PER_EVENT: Final = 65_536

KeyValues: TypeAlias = tuple[KeyValue, ...]
# One version of a row: its write, the row's number, whether it is deleted, and the columns beside
# the key; JSON as text, None where it is left out for its size.
RowVersion: TypeAlias = tuple[Any, ...]


class RowRefused(Exception):
    """The store does not take what a projection has put. Its cause says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a sink has come."""

    position: int = 0  # of the last event that is in the rows
    event_id: str = ""


class RowState(Struct, kw_only=True, gc=False):
    """One row as it stands; without `values` its key, which has none now."""

    key: KeyValues
    values: tuple[Any, ...] | None  # the columns beside the key, JSON as text
    number: int  # from 1, in the order in which the keys first appear
    write: int  # the last one: position of the event * WRITES_PER_EVENT + number within it
    first_position: int  # of the event that made the row
    writes: int  # how many there were
    is_cut: bool  # its next version leaves JSON out
    was_stored: bool = False  # the sink has a row of this key
    was_deleted: bool = False  # the sink has the key, without a row

    @property
    def position(self) -> int:
        """Of the event that wrote it last."""
        return self.write // WRITES_PER_EVENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a run of events has made of the rows."""

    versions: Sequence[RowVersion]  # every write, in order
    rows: Sequence[RowState]  # each row that was written, once, as it stands now
    growth: int  # rows that came, less those that went
    lookup: Sequence[LookupVersion] = ()  # for a projection that keeps a lookup table


@dataclass(frozen=True, slots=True, kw_only=True)
class Flushed:
    """What a flush added to the tables."""

    rows: int  # may be negative: deleted rows
    writes: int


class Sink(Protocol):
    """The rows of one version of one view, with a checkpoint of their own. One thread."""

    def checkpoint(self) -> Mark:
        """How far it has come; a fresh mark when nothing was written yet."""

    def last_number(self) -> int:
        """The highest number of a row; 0 when there has never been one."""

    def find(self, key: KeyValues) -> RowState | None:
        """A row, or a key that had one. Raises RowRefused for a key that no row can have."""

    def find_lookup(self, key: str, before: int, /) -> str | None:
        """The value under a key of the lookup table as it was before the event at a position, as
        JSON text; None for nothing. Asked only for a projection that keeps such a table. A sink
        whose writes are all or nothing may give the newest."""

    def write(self, batch: Batch, until: Mark) -> None:
        """Store a batch and move the checkpoint, all or nothing where the store can do that.

        Writing a batch again, or one behind the checkpoint, changes nothing. Raises RowRefused.
        """

    def forget(self) -> None:
        """Another writer may have been here: what is known without asking is known no more."""
