"""The list of issued commands as a Qt model that the grid paints."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot

from gui.viewmodels.commands import CommandsViewModel, SentRow
from gui.viewmodels.painted_row import PaintedRow

Index = QModelIndex | QPersistentModelIndex

TITLES: Final = ("status", "issued", "command", "stream", "by", "reason")
SIGNS: Final = {"done": "✓", "refused": "✗", "failed": "✗", "pending": "…", "expired": "⌛",
                "cancelled": "–"}  # fmt: skip
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NOWHERE: Final = QModelIndex()


class SentModel(QAbstractTableModel):
    """Newest first."""

    def __init__(self, commands: CommandsViewModel) -> None:
        super().__init__()
        self._commands = commands
        self._rows: tuple[SentRow, ...] = commands.sent
        commands.sent_changed.connect(self._reset)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        is_title = role == _DISPLAY and orientation == Qt.Orientation.Horizontal
        return TITLES[section] if is_title and 0 <= section < len(TITLES) else None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _ACCESSIBLE) or not index.isValid():
            return None
        return self.cells(index.row()).texts[index.column()]

    def row(self, number: int) -> SentRow:
        """What a row says."""
        return self._rows[number]

    def cells(self, row: int) -> PaintedRow:
        """The row ready to be painted."""
        it = self._rows[row]
        status = f"{SIGNS.get(it.status, '')} {it.status}"
        return PaintedRow(
            texts=(status, it.at, it.command, it.stream, it.actor, it.reason),
            color_index=0,
            is_warning=it.status in ("refused", "failed", "expired"),
        )

    @Slot()
    def _reset(self) -> None:
        self.beginResetModel()
        self._rows = self._commands.sent
        self.endResetModel()
