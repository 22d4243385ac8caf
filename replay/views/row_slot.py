"""One row of a view in memory, while events are folded into it."""

from typing import Any, Generic, TypeVar

from msgspec import Struct

from replay.views.flat_rows import FlatRows
from replay.views.sink import WRITES_PER_EVENT, KeyValues, RowState

R = TypeVar("R", bound=Struct)


class Slot(Generic[R]):
    """One key: its row as it is now, and how it stands in the sink."""

    __slots__ = (
        "exists",
        "first_new_write",
        "first_position",
        "is_cut",
        "is_deleted",
        "is_dirty",
        "is_stored",
        "kept",
        "key",
        "last_write",
        "number",
        "row",
        "size",
        "values",
        "version_at",
        "writes",
    )

    def __init__(self, key: KeyValues) -> None:
        self.key = key
        self.number = 0  # given at the first put
        self.writes = 0
        self.exists = False  # whether there is a row now
        self.row: R | None = None  # None, with a version in the batch: to be made of that
        self.kept: Any = None  # what the row-by-row form keeps of it; None: to be begun
        # Where its newest version begins in the batch, which is newer than `values` and
        # `last_write`; -1: it is not.
        self.version_at = -1
        self.is_stored = False  # the sink has the row
        self.is_deleted = False  # the sink has the key without a row
        self.is_dirty = False
        self.is_cut = False  # the next write may not keep its JSON columns
        self.first_position = 0
        self.first_new_write = 0  # what comes before it was in the row when it was read
        self.last_write = 0
        self.size = 0  # characters of JSON when last encoded
        self.values: tuple[Any, ...] | None = None  # columns beside the key; None: encode them

    def settle(self, batch: FlatRows) -> None:
        """Take over the values of the newest version."""
        at, flat = self.version_at, batch.values
        if at >= 0:
            self.last_write, self.values = flat[at], tuple(flat[at + 2 : at + batch.width])
            self.version_at = -1

    def state(self, values: tuple[Any, ...] | None, *, write: int) -> RowState:
        """The row as the sink is to have it, with its columns as text."""
        return RowState(
            key=self.key,
            values=values,
            number=self.number,
            write=write,
            first_position=self.first_position,
            writes=self.writes,
            is_cut=self.is_cut,
            was_stored=self.is_stored,
            was_deleted=self.is_deleted,
        )

    def fill(self, found: RowState) -> None:
        """Take over what the sink says of the key, but for the row itself."""
        self.number, self.writes, self.last_write = found.number, found.writes, found.write
        self.first_new_write = (found.position + 1) * WRITES_PER_EVENT
        if found.values is None:
            self.is_deleted = True
            return
        self.is_stored = self.exists = True
        self.first_position = found.first_position
