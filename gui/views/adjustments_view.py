"""Messages that went out and should have been others, and what should follow them."""

import json
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.process_facts import LOOKED_AT, Adjustment
from gui.viewmodels.processes import ProcessesViewModel
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import said

TITLES: Final = (
    said("what"),
    said("gateway"),
    said("event"),
    said("sent"),
    said("should have been sent"),
    said("why"),
)
NONE: Final = said(
    "No adjustment is needed. Up to {looked_at:,} of the newest sent messages are checked.",
    looked_at=LOOKED_AT,
)
SOME: Final = said(
    "These messages were sent before their events were undone or the model was "
    "fixed. No adjustment is sent until you send it."
)


class AdjustmentsView(QWidget):
    """Enter on a row goes to its event. `counted(title)` when there are more or fewer."""

    counted = Signal(str)

    def __init__(self, processes: ProcessesViewModel, selection: Selection) -> None:
        super().__init__()
        self.setAccessibleName(said("Adjustments"))
        self._processes, self._selection = processes, selection
        self.words = Words("dim")
        self.list = TextGrid(
            said("Messages that should have been different"),
            empty=said("Messages that should have been different are listed here."),
        )
        self.send = QPushButton(said("Send the adjustment"))
        self._lay_out()
        processes.changed.connect(self._show)
        self.list.row_activated.connect(self._go)
        self.send.clicked.connect(self._send)
        self._show()

    def catch_up(self) -> None:
        """Name the tab: this was made later than what it shows."""
        self._show()

    def _lay_out(self) -> None:
        self.send.setToolTip(said("Add it to the outbox. It is sent while processes run"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.send)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.words)
        rows.addWidget(self.list, 1)
        rows.addStretch(0)  # while there is no list
        rows.addLayout(foot)

    @Slot()
    def _show(self) -> None:
        found = self._processes.adjustments
        told = f"{SOME} {self._processes.part_of('adjustments')}".strip() if found else NONE
        self.words.say(told, role="warn" if found else "dim")
        self.list.show_rows(TITLES, [_row(it) for it in found])
        self.list.setVisible(bool(found))
        self.send.setEnabled(bool(found))
        self.counted.emit(
            said("Adjustments ({count:,})", count=len(found)) if found else said("Adjustments")
        )
        if found and self.list.grid.current_row() < 0:
            self.list.go_to_row(0)

    @Slot()
    def _send(self) -> None:
        row, found = self.list.grid.current_row(), self._processes.adjustments
        if 0 <= row < len(found):
            self._processes.adjust(found[row].message_id)

    @Slot(int)
    def _go(self, row: int) -> None:
        self._selection.seek(self._processes.adjustments[row].position)


def _row(it: Adjustment) -> TextRow:
    instead = "nothing" if it.instead is None else _text(it.instead)
    texts = (
        it.kind,
        it.gateway,
        f"{it.position:,}",
        _text(it.sent),
        instead,
        it.why,
    )
    return TextRow(texts=texts, is_warning=True)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


PANEL: Final = TabPanel(
    id="adjustments",
    title=said("Adjustments"),
    parent="processes",
    order=2,
    make=lambda it: AdjustmentsView(it.processes, it.selection),
    retitled=lambda it: it.counted,
)
