"""Which columns the event table has: those of every log, and those that were added."""

from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.column_source import ColumnSource
from gui.viewmodels.event_columns import EVENT_COLUMNS, EventColumn, with_years
from gui.viewmodels.field_column import FieldSource, field_column
from gui.viewmodels.time_text import time_text

MOST_ADDED: Final = 24  # each costs a text for every row that is read


class ShownColumns(QObject):
    """`added(place)` and `removed(place)` count from 0 in `table`, the order in which rows are
    painted, `replaced()` when a column shows something else, `years_shown()` when those of times
    are others. Where a column stands in the window is the header's.

    A part that adds columns calls `add(column)` with a `source`, and adds them again when the
    store is opened the next time; those of fields are kept here.
    """

    added = Signal(int)
    removed = Signal(int)
    replaced = Signal()
    years_shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.table: tuple[EventColumn, ...] = EVENT_COLUMNS
        self.has_years = False

    @property
    def sources(self) -> tuple[ColumnSource, ...]:
        """What rows are read with, beside what every row has."""
        return tuple(it.source for it in self.table if it.source is not None)

    def show_years(self) -> None:
        """Times are of more than one year: each says which."""
        if not self.has_years:
            self.has_years = True
            self.table = tuple(map(with_years, self.table))
            self.years_shown.emit()

    def time_text(self, at_us: int) -> str:
        """A moment as the table writes it."""
        return time_text(at_us, has_year=self.has_years)

    def has(self, id_: str) -> bool:
        """Whether there is a column of this id."""
        return any(it.id == id_ for it in self.table)

    def add(self, column: EventColumn) -> bool:
        """Add a column behind the others; whether it is there then. One of the same id stays."""
        if self.has(column.id):
            return True
        if len(self.table) - len(EVENT_COLUMNS) >= MOST_ADDED:
            return False
        self.table = (*self.table, column)
        self.added.emit(len(self.table) - 1)
        return True

    def remove(self, id_: str) -> None:
        """Take away a column that was added; any other stays."""
        place = next((at for at, it in enumerate(self.table) if it.id == id_), None)
        if place is not None and self.table[place].source is not None:
            self.table = self.table[:place] + self.table[place + 1 :]
            self.removed.emit(place)

    def replace(self, column: EventColumn) -> None:
        """Another column in place of the one of the same id, if there is one."""
        if self.has(column.id):
            self.table = tuple(column if it.id == column.id else it for it in self.table)
            self.replaced.emit()

    def kept(self) -> list[dict[str, Any]]:
        """The columns of fields, as JSON values for the next start."""
        return [
            {"path": list(it.source.path), "is_number": it.is_right}
            for it in self.table
            if isinstance(it.source, FieldSource)
        ]

    def restore(self, kept: Any) -> None:
        """Add the columns that were kept; what is no such list is passed over."""
        for it in kept if isinstance(kept, list) else ():
            match it:
                case {"path": [("data" | "metadata"), _, *_] as path, "is_number": bool(is_number)}:
                    if all(isinstance(key, str | int) for key in path):
                        self.add(field_column(tuple(path), is_number=is_number))
