"""Fields, drop-down lists and buttons whose words have no room tell them where the mouse rests."""

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QToolTip,
    QWidget,
)

from gui.look.style_fields import INSET_PX
from gui.widgets.tips import tip_text


class CutTips(QObject):
    """One filter for all of them. A tip that a widget has of its own goes first."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_asked = isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip
        if not is_asked or not isinstance(watched, QWidget) or watched.toolTip():
            return False
        if told := cut_words(watched):
            assert isinstance(event, QHelpEvent)
            QToolTip.showText(event.globalPos(), tip_text(told), watched)
        return bool(told)


def cut_words(widget: QWidget) -> str:
    """What a field, a drop-down list or a button would say in full; empty where there is room."""
    if isinstance(widget, QPushButton):
        words, room = widget.text().replace("&", ""), widget.rect()
    elif isinstance(widget, QComboBox) and not widget.isEditable():
        words, room = widget.currentText(), _combo_room(widget)
    elif isinstance(widget, QLineEdit) and not widget.text():
        words, room = widget.placeholderText(), _line_room(widget)
    else:
        return ""
    return words if widget.fontMetrics().horizontalAdvance(words) > room.width() else ""


def _combo_room(combo: QComboBox) -> QRect:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(control, option, part, combo)
    return room.adjusted(INSET_PX, 0, -INSET_PX, 0)


def _line_room(line: QLineEdit) -> QRect:
    """Within its frame and beside the signs that stand in it."""
    option = QStyleOptionFrame()
    line.initStyleOption(option)
    inner = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line)
    signs = [it for it in line.findChildren(QWidget) if it.isVisible()]
    left = [it.geometry().right() for it in signs if it.geometry().right() < line.width() / 2]
    right = [it.x() for it in signs if it.x() >= line.width() / 2]
    start = max([inner.left(), *left])
    return QRect(start, inner.top(), min([inner.right(), *right]) - start - 4, inner.height())
