"""Named things with counts as a Qt model, narrowed by a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from store.visible_text import visible

Index = QModelIndex | QPersistentModelIndex

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedItem:
    """One row. `key` is the owner's; `color_index` is -1 for a row without a swatch."""

    key: str
    text: str
    count: str = ""
    color_index: int = -1
    icon: str = ""
    level: int = 0  # of rows that stand below another one
    is_open: bool | None = None  # of a row with others below it; None: it has none


class CountedModel(QAbstractListModel):
    """The rows whose text contains the filter, in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: Sequence[CountedItem] = ()
        self._shown: Sequence[CountedItem] = ()
        self._filter = ""
        self._row_of: dict[str, int] | None = None  # made when somebody asks

    @property
    def has_items(self) -> bool:
        """Whether there are any, whatever the filter."""
        return bool(self._items)

    def item(self, row: int) -> CountedItem:
        """The row as it was given."""
        return self._shown[row]

    def rows_of(self, keys: set[str]) -> list[int]:
        """Where these keys are shown."""
        if not keys:
            return []
        if self._row_of is None:
            self._row_of = {item.key: row for row, item in enumerate(self._shown)}
        return sorted(self._row_of[key] for key in keys if key in self._row_of)

    def replace(self, items: Sequence[CountedItem], filter_text: str) -> bool:
        """Show other items; whether rows came, went or moved: then choose again."""
        wanted = filter_text.casefold()
        shown = _matching(items, wanted)
        self._items, self._filter, before = items, wanted, self._shown
        self._row_of = None
        kept = min(len(before), len(shown))
        if any(old.key != new.key for old, new in zip(before, shown, strict=False)):
            self.beginResetModel()
            self._shown = shown
            self.endResetModel()
            return True
        self._change_length(shown, len(before))
        if kept and any(map(_differ, before, shown)):
            self.dataChanged.emit(self.index(0), self.index(kept - 1))
        return len(shown) != len(before)

    def narrow(self, filter_text: str) -> bool:
        """Filter what is there by another text."""
        return self.replace(self._items, filter_text)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _TIP, _ACCESSIBLE) or not index.isValid():
            return None
        item = self._shown[index.row()]
        text = visible(item.text)
        if role == _DISPLAY:
            return text
        told = f"{text}, {item.count}" if item.count else text
        return told if item.is_open is None else f"{told}, {'open' if item.is_open else 'closed'}"

    def _change_length(self, shown: Sequence[CountedItem], old: int) -> None:
        new = len(shown)
        if new > old:
            self.beginInsertRows(QModelIndex(), old, new - 1)
            self._shown = shown
            self.endInsertRows()
        elif new < old:
            self.beginRemoveRows(QModelIndex(), new, old - 1)
            self._shown = shown
            self.endRemoveRows()
        else:
            self._shown = shown


def _matching(items: Sequence[CountedItem], wanted: str) -> Sequence[CountedItem]:
    if not wanted:
        return items
    return [item for item in items if wanted in item.text.casefold()]


def _differ(old: CountedItem, new: CountedItem) -> bool:
    return old is not new and old != new
