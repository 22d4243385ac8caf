"""The controls of a window in the order in which they are read: as they stand on the screen."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)

BESIDE_PX: Final = 12  # of a page that stay in sight above and below what has the keyboard
_WHOLE = (QComboBox, QAbstractSpinBox, QLineEdit, QTabBar)  # nothing in them is one of its own


def reading_order(root: QWidget) -> list[QWidget]:
    """Those in sight that Tab comes to: row by row, and part by part, whenever they were made."""
    return [it for it in _walked(root) if _takes_tab(it)]


def go_on(root: QWidget, *, is_next: bool) -> bool:
    """Give the keyboard to the control behind the one that has it, or before it; around at the
    ends. False: there is none."""
    order = reading_order(root)
    focused = QApplication.focusWidget()
    if not order:
        return False
    if focused in order:
        at = order.index(focused) + (1 if is_next else -1)
    else:
        at = _place(order, focused, root) + (0 if is_next else -1)
    reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
    found = order[at % len(order)]
    found.setFocus(reason)
    _bring_into_sight(found)
    return True


def begin_at_the_first(root: QWidget) -> None:
    """Give the keyboard to the first control of a part, where it does not say itself which one."""
    first = next((it for it in _walked(root) if _takes_tab(it)), None)
    if first is not None:
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _bring_into_sight(widget: QWidget) -> None:
    """Scroll to it, in every page that it stands in. Qt would do so for its own order of Tab only,
    and of a field for the text cursor alone."""
    inside: QWidget | None = widget.parentWidget()
    while inside is not None and not inside.isWindow():
        if isinstance(inside, QScrollArea) and (page := inside.widget()) is not None:
            middle = widget.mapTo(page, widget.rect().center())
            half = min(widget.height() // 2 + BESIDE_PX, inside.viewport().height() // 2)
            inside.ensureVisible(middle.x(), middle.y(), 0, half)
        inside = inside.parentWidget()


def _place(order: list[QWidget], focused: QWidget | None, root: QWidget) -> int:
    """Where something stands that Tab does not come to: before the first one that is behind it."""
    walked = list(_walked(root))
    if focused not in walked:
        return 0
    behind = set(walked[walked.index(focused) :])
    return next((at for at, it in enumerate(order) if it in behind), 0)


def _walked(widget: QWidget) -> Iterator[QWidget]:
    if not widget.isVisible():
        return
    yield widget
    if isinstance(widget, _WHOLE):
        return
    for child in _inner(widget):
        yield from _walked(child)


def _inner(widget: QWidget) -> Iterator[QWidget]:
    """What is directly in a widget: first what its kind puts in order, then the rest as it
    stands on the screen. Neither layouts nor `children()` are asked: Python then takes the items of
    layouts for its own, and those of a layout that is written in Python are gone."""
    kept = list(_kept(widget))
    yield from kept
    inside = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    rest = inside.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    shown = [it for it in rest if it not in kept and it.isVisible() and not it.isWindow()]
    yield from _by_lines(shown)


def _kept(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QTabWidget):
        yield widget.tabBar()  # the pages follow: they are in a stack of its own
    elif isinstance(widget, QStackedWidget):
        if (page := widget.currentWidget()) is not None:
            yield page
    elif isinstance(widget, QSplitter):
        yield from (it for at in range(widget.count()) if (it := widget.widget(at)) is not None)
    elif isinstance(widget, QScrollArea) and (inside := widget.widget()) is not None:
        yield inside


def _by_lines(parts: list[QWidget]) -> Iterator[QWidget]:
    """From the top and the left: each once nothing is left that is read before it."""
    left = sorted(parts, key=lambda it: (it.y(), it.x()))
    while left:
        free = (it for it in left if not any(_is_before(other, it) for other in left))
        first = next(free, left[0])
        yield first
        left.remove(first)


def _is_before(part: QWidget, other: QWidget) -> bool:
    """Whether a part is read first: it is above, unless it begins a column at the right; or it is
    at the left in the same line."""
    it, beside = part.geometry(), other.geometry()
    is_above = it.bottom() < beside.top() and it.left() <= beside.right()
    is_in_line = it.top() <= beside.bottom() and it.bottom() >= beside.top()
    return is_above or (is_in_line and it.right() < beside.left())


def _takes_tab(widget: QWidget) -> bool:
    if not widget.isEnabled() or widget.focusProxy() is not None:
        return False
    if isinstance(widget, QRadioButton):
        return widget.isChecked()  # its policy tells which of the group had the keyboard last
    return bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
