"""A tinted band that names the branch which a page or a dialog is about."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QHBoxLayout, QWidget

from gui.look.theme import themes
from gui.widgets.branch_tint import TINT_PX, paint_tint
from gui.widgets.elided_label import ElidedLabel
from gui.words import said


class BranchBand(QWidget):
    """Not in sight while it is about the log itself."""

    def __init__(self) -> None:
        super().__init__()
        self.label = ElidedLabel()
        cells = QHBoxLayout(self)
        cells.setContentsMargins(12, 4, 12, 4 + TINT_PX)
        cells.addWidget(self.label, 1)
        themes().changed.connect(self.update)
        self.hide()

    def show_branch(self, name: str) -> None:
        """The name of the branch; empty of the log."""
        self.label.set_text(said("branch {name}", name=name) if name else "")
        self.setVisible(bool(name))

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the bars of the window."""
        super().paintEvent(event)
        paint_tint(self)


def name_branch(dialog: QDialog, name: str) -> None:
    """Say in the title and at the top of a dialog that it is about a branch; nothing of the log.
    Call it when all is laid out."""
    rows = dialog.layout()
    if not name or not isinstance(rows, QBoxLayout):
        return
    band = BranchBand()
    band.show_branch(name)
    rows.insertWidget(0, band)
    title = said("{title} – branch {name}", title=dialog.windowTitle(), name=name)
    dialog.setWindowTitle(title)
