"""What a widget gets once, when the style first meets it: by its class, and by its `role`.

Colours are roles of the palette, so they follow another theme by themselves. Fonts and margins
belong to the scale of the text.
"""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QScrollBar,
    QTabBar,
    QWidget,
)

from gui.look.palette import GROUNDS, WORDS
from gui.look.tokens import Theme
from gui.words import said
from store.visible_text import visible

BAR_PX: Final = 4
LEAST_PX: Final = 24  # of what is pressed, so that a hand hits it
CLEAR: Final = "_q_qlineeditclearaction"  # as Qt names it
_HOVERED: Final = (QAbstractButton, QComboBox, QScrollBar, QTabBar)
_SMALL: Final = frozenset({"faint", "section", "chip"})
_HEAVY: Final = frozenset({"section", "card-title", "title"})
_LINED: Final = frozenset({"bar", "foot"})


def dress(widget: QWidget, theme: Theme) -> None:
    """Give it what its class and its role ask for."""
    role = str(widget.property("role") or "")
    if isinstance(widget, _HOVERED):
        widget.setAttribute(Qt.WidgetAttribute.WA_Hover)
    if isinstance(widget, QAbstractItemView):
        widget.setFrameShape(QFrame.Shape.NoFrame)
    if isinstance(widget, QCheckBox | QRadioButton):
        widget.setMinimumHeight(LEAST_PX)
    if widget.inherits("QLineEditIconButton"):
        _name_button(widget)
    if widget.inherits("ads::CDockWidgetTab"):
        _give_room(widget)
    elif widget.inherits("ads::CDockAreaTabBar"):
        _fill(widget, GROUNDS["panel"])
    elif isinstance(widget, QProgressBar):
        widget.setMaximumHeight(BAR_PX)
        widget.setTextVisible(False)
    elif isinstance(widget, QLabel):
        _dress_label(widget, role)
    if role:
        _dress_role(widget, role, theme)


def _name_button(button: QWidget) -> None:
    """Of a line, as the one that clears it: Qt gives it a picture alone."""
    action = next(iter(button.actions()), None)  # its defaultAction() would end with the button
    line = button.parentWidget()
    if action is not None and line is not None and not button.accessibleName():
        of_line = line.accessibleName()
        is_clear = action.objectName() == CLEAR
        tip = visible(action.toolTip() or action.text())
        what = said("Clear") if is_clear else tip or said("Sign")
        button.setAccessibleName(f"{what}: {of_line}" if of_line else what)


def _give_room(tab: QWidget) -> None:
    if (layout := tab.layout()) is not None:
        layout.setContentsMargins(12, 5, 12, 6)


def _dress_label(label: QLabel, role: str) -> None:
    words = WORDS.get(role, QPalette.ColorRole.NoRole)
    parent = label.parentWidget()
    if parent is not None and parent.inherits("ads::CDockWidgetTab"):
        is_active = bool(parent.property("activeTab"))
        words = QPalette.ColorRole.WindowText if is_active else WORDS["dim"]
    if label.foregroundRole() != words:
        label.setForegroundRole(words)


def _dress_role(widget: QWidget, role: str, theme: Theme) -> None:
    if (ground := GROUNDS.get(role)) is not None:
        _fill(widget, ground)
    if role in _LINED:
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if role in _SMALL or role in _HEAVY:
        weight = QFont.Weight.DemiBold if role in _HEAVY else QFont.Weight.Normal
        size_px = theme.small_px if role in _SMALL else theme.ui_px
        widget.setFont(
            theme.ui_font(px=theme.title_px if role == "title" else size_px, weight=weight)
        )
    if role == "fact" and isinstance(widget, QLineEdit):
        widget.setBackgroundRole(QPalette.ColorRole.NoRole)


def _fill(widget: QWidget, ground: QPalette.ColorRole) -> None:
    widget.setBackgroundRole(ground)
    widget.setAutoFillBackground(True)
    if isinstance(widget, QAbstractScrollArea):
        widget.viewport().setBackgroundRole(ground)
