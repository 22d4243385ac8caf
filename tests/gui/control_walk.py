"""Every control that a person can use in a window, and what is wrong with it."""

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

LEAST_PX: Final = 24
USED: Final = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
INNER: Final = (QComboBox, QAbstractSpinBox, QLineEdit, QTabBar)  # their parts belong to them


def controls(root: QWidget) -> list[QWidget]:
    """What takes the keyboard, or is of a kind that a person uses; in sight and switched on."""
    return [it for it in root.findChildren(QWidget) if _is_control(it) and _is_in_sight(it, root)]


def faults(window: QWidget, part: QWidget | None = None) -> list[str]:
    """What is wrong with the controls of a part of a window, one line each; of the whole window
    with None. Tab is pressed through the whole window."""
    found = controls(part or window)
    named = (*found, *buttons_within(found))
    told = [f"{_words(it)} has no accessible name" for it in named if not _name(it)]
    told += [f"{_words(it)} is {it.width()} × {it.height()} px" for it in found if _is_small(it)]
    came, steps = chain(controls(window))
    told += [f"Tab does not come to {_words(it)}" for it in found if _stop(it) not in came]
    told += [
        f"{_words(after)} comes behind {_words(before)} in the Tab order"
        for before, after in steps
        if {before, after} & {_stop(it) for it in found}
    ]
    return told


def chain(among: list[QWidget]) -> tuple[list[QWidget], list[tuple[QWidget, QWidget]]]:
    """What Tab comes to, pressed until it has come round, from the first of these on; and the
    steps that lead back on the screen, looked at as each is made: what is scrolled moves on."""
    found: list[QWidget] = []
    back: list[tuple[QWidget, QWidget]] = []
    if among:
        first = min(among, key=lambda it: (_box(it).top(), _box(it).left()))
        _stop(first).setFocus()
    while (it := QApplication.focusWidget()) is not None and it not in found:
        if found and _stands_before(_box(it), _box(found[-1])):
            back.append((found[-1], it))
        found.append(it)
        QTest.keyClick(it, Qt.Key.Key_Tab)
    has_begun_within = found and it is not None and not _stands_before(_box(it), _box(found[-1]))
    if has_begun_within and back:
        back.pop()  # what stands highest is not what is read first: this step is the one around
    return found, back


def buttons_within(found: list[QWidget]) -> list[QWidget]:
    """Buttons inside a line, such as the one that clears it: no Tab comes to them, but a screen
    reader does."""
    lines = [it for it in found if isinstance(it, QLineEdit)]
    return [it for line in lines for it in line.findChildren(QAbstractButton) if it.isVisible()]


def _is_control(it: QWidget) -> bool:
    if isinstance(it, QHeaderView | QScrollBar) or _is_inner(it):
        return False
    if isinstance(it, QRadioButton) and not it.isChecked():
        return False  # the arrow keys come to it, from the one that is chosen
    if isinstance(it, QLabel) and it.focusPolicy() == Qt.FocusPolicy.NoFocus:
        return False
    is_used = isinstance(it, USED) or bool(it.property("activeTab"))  # of tabs beside one another
    return is_used or bool(it.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)


def _is_inner(it: QWidget) -> bool:
    parent = it.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, INNER):
            return True
        if isinstance(parent, QAbstractScrollArea) and it is parent.viewport():
            return True
        parent = parent.parentWidget()
    return isinstance(it.parentWidget(), QAbstractItemView | QHeaderView)


def _is_in_sight(it: QWidget, root: QWidget) -> bool:
    seen = it.viewport() if isinstance(it, QAbstractScrollArea) else it  # else it is covered
    return it.isVisibleTo(root.window()) and it.isEnabled() and not seen.visibleRegion().isEmpty()


def _stop(it: QWidget) -> QWidget:
    """Who gets the keyboard in place of a control."""
    proxy = it.focusProxy()
    return it if proxy is None else _stop(proxy)


def _name(it: QWidget) -> str:
    text = getattr(it, "text", None)
    return it.accessibleName() or (str(text()) if isinstance(it, QAbstractButton) and text else "")


def _is_small(it: QWidget) -> bool:
    is_pointed_at = isinstance(it, USED) or bool(it.property("activeTab"))
    return is_pointed_at and (it.width() < LEAST_PX or it.height() < LEAST_PX)


def _box(it: QWidget) -> QRect:
    return QRect(it.mapToGlobal(it.rect().topLeft()), it.size())


def _stands_before(it: QRect, other: QRect) -> bool:
    """In the order of reading: above it, unless it begins a column at the right; or at its left in
    the same row."""
    is_above = it.bottom() < other.top() and it.left() <= other.right()
    has_row = it.top() <= other.bottom() and it.bottom() >= other.top()
    return is_above or (has_row and it.right() < other.left())


def _words(it: QWidget) -> str:
    parent = it.parentWidget()
    within = f" in {type(parent).__name__} {parent.accessibleName()!r}" if parent else ""
    return f"{it.metaObject().className()} {_name(it)!r}{within}"
