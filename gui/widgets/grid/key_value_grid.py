"""Facts, one a row: a label, a value that can be selected and copied, perhaps a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.look.icons import icon
from gui.look.theme import themes
from gui.widgets.tips import set_tip
from gui.words import said
from store.visible_text import begun, visible

FRAME_PX: Final = 3  # around the text of a value, with the line's own margin
CUT: Final = "…"
LABEL_PX: Final = 64  # labels are at least this wide, so that they align between panels


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. A `link` is the owner's: it comes back by `link_chosen`."""

    label: str
    value: str
    is_mono: bool = True
    link: str = ""


class KeyValueGrid(QWidget):
    """Rows are written over, not made again, so it can follow a cursor.

    `link_chosen(link)` when a person follows one; `menu_opens(menu, label, value)` for whoever has
    more to add to the menu of a value.
    """

    link_chosen = Signal(str)
    menu_opens = Signal(object, str, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._rows: list[_FactRow] = []
        self._facts: tuple[Fact, ...] = ()
        theme = themes().current
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(theme.padding_px, theme.unit_px, theme.unit_px, 0)
        self._layout.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        themes().changed.connect(self._restyle)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts in place of those before."""
        self._facts = tuple(facts)
        while len(self._rows) < len(facts):
            self._add_row()
        width = _label_width(facts)
        for row, fact in zip(self._rows, facts, strict=False):
            row.show_fact(fact, label_px=width)
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(facts))

    def menu(self, label: str) -> QMenu:
        """The menu of the value with this label; the caller deletes it. Raises StopIteration."""
        shown = zip(self._facts, self._rows, strict=False)
        return next(row for fact, row in shown if fact.label == label).menu()

    def text(self) -> str:
        """All facts as lines, for the clipboard."""
        return "\n".join(f"{fact.label}: {fact.value}" for fact in self._facts)

    def _add_row(self) -> None:
        row = _FactRow(self)
        row.link_chosen.connect(self.link_chosen)
        row.menu_opens.connect(self.menu_opens)
        self._rows.append(row)
        self._layout.addWidget(row)

    @Slot()
    def _restyle(self) -> None:
        for row in self._rows:
            row.restyle()


class _FactRow(QWidget):
    """Label, value, and two buttons. That to copy takes its room from the value while somebody
    points at the row; the link stands at the right end and keeps its place."""

    link_chosen = Signal(str)
    menu_opens = Signal(object, str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._fact = Fact("", "")
        self._label, self._value = QLabel(), _Value()
        self._copy, self._follow = QToolButton(), QToolButton()
        self._label.setProperty("role", "dim")
        self._value.setProperty("role", "fact")
        self._value.setReadOnly(True)
        self._value.setFrame(False)
        self._copy.clicked.connect(self._copy_value)
        self._follow.clicked.connect(self._follow_link)
        self._value.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._value.customContextMenuRequested.connect(self._show_menu)
        self._lay_out()
        self.restyle()

    def show_fact(self, fact: Fact, *, label_px: int) -> None:
        """Write another fact over this one."""
        self._label.setFixedWidth(label_px)
        is_restyled = fact.is_mono != self._fact.is_mono
        if fact == self._fact:
            return
        self._fact = fact
        self._label.setText(fact.label)
        self._value.setText(visible(begun(fact.value)))
        self._value.setCursorPosition(0)
        set_tip(self._value, fact.value if len(fact.value) > 24 else "")
        self._value.setAccessibleName(fact.label)
        self._copy.setAccessibleName(said("Copy {label}", label=fact.label))
        self._follow.setAccessibleName(said("Go to {label}", label=fact.label))
        self._follow.setVisible(bool(fact.link))
        if is_restyled:
            self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme in force."""
        theme = themes().current
        self._value.setFont(theme.mono_font() if self._fact.is_mono else theme.ui_font())
        self._copy.setIcon(icon("copy", theme["text_dim"]))
        self._follow.setIcon(icon("arrow-right", theme["accent"]))
        self.setFixedHeight(theme.row_px)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._copy.show()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._copy.hide()

    def _lay_out(self) -> None:
        theme = themes().current
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.unit_px)
        row.addWidget(self._label)
        row.addWidget(self._value, 1)
        for button, tip in ((self._copy, said("Copy")), (self._follow, said("Go there"))):
            button.setToolTip(tip)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.hide()
            row.addWidget(button)
        self._follow.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def menu(self) -> QMenu:
        """Of the value; the caller deletes it."""
        menu = self._value.createStandardContextMenu()
        self.menu_opens.emit(menu, self._fact.label, self._fact.value)
        return menu

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._value.mapToGlobal(at))

    @Slot()
    def _copy_value(self) -> None:
        QApplication.clipboard().setText(self._fact.value)

    @Slot()
    def _follow_link(self) -> None:
        self.link_chosen.emit(self._fact.link)


class _Value(QLineEdit):
    """Begins with its beginning again when the keyboard leaves it, and ends with … where it is cut
    then."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        metrics = self.fontMetrics()
        is_cut = metrics.horizontalAdvance(self.text()) > self.width() - 2 * FRAME_PX
        if is_cut and not self.hasFocus():
            end = metrics.horizontalAdvance(CUT) + FRAME_PX
            box = self.rect().adjusted(self.width() - end, FRAME_PX, 0, -FRAME_PX)
            painter = QPainter(self)
            painter.fillRect(box, themes().current["panel"])
            painter.setPen(themes().current["text"])
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, CUT)
            painter.end()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its menu copies what is selected
            self.setCursorPosition(0)


def _label_width(facts: Sequence[Fact]) -> int:
    metrics = QFontMetrics(themes().current.ui_font())
    widths = [metrics.horizontalAdvance(fact.label) for fact in facts]
    return max([LABEL_PX, *widths]) + themes().current.unit_px
