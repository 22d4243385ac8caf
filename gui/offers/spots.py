"""Where things stand in a panel: a widget, and what is at a point of it or has the keyboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractItemView, QWidget

from gui.viewmodels.things import Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """`find(point)` gives the things at a point of the widget (of a scrolled one: of what is in
    sight), the most particular first; `find(None)` those at what has the keyboard. `place` is
    where a menu opens by keys; else it is the current item, or the middle."""

    widget: QWidget
    find: Callable[[QPoint | None], Sequence[Thing]]
    place: Callable[[], QPoint] | None = None


@runtime_checkable
class HasSpots(Protocol):
    """A panel in which things can be pointed at."""

    def spots(self) -> Sequence[Spot]:
        """All of them."""


def cells_spot(table: QAbstractItemView, things: Callable[[int, int], Sequence[Thing]]) -> Spot:
    """Of a table or a list: `things(row, column)` are asked for; by keys the column is -1 where a
    table has no current cell."""

    def find(at: QPoint | None) -> Sequence[Thing]:
        index = table.currentIndex() if at is None else table.indexAt(at)
        marked = getattr(table, "marked_column", -1)
        return things(index.row(), index.column() if at else marked) if index.isValid() else ()

    return Spot(widget=table, find=find)
