"""The controls of a window in the order in which they are read, as its layouts have them."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QWidget,
)

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
    order[at % len(order)].setFocus(reason)
    return True


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
    """What is directly in a widget: first what its kind or its layout puts in order, then the
    rest, from the top."""
    laid = list(_laid(widget))
    yield from laid
    inside = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    rest = [it for it in inside.children() if isinstance(it, QWidget) and not it.isWindow()]
    rest = [it for it in rest if it not in laid]
    yield from sorted(rest, key=lambda it: (it.y(), it.x()))


def _laid(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QTabWidget):
        yield widget.tabBar()  # the pages follow: they are in a stack of its own
    elif isinstance(widget, QStackedWidget):
        if (page := widget.currentWidget()) is not None:
            yield page
    elif isinstance(widget, QSplitter):
        yield from (it for at in range(widget.count()) if (it := widget.widget(at)) is not None)
    elif isinstance(widget, QScrollArea):
        if (inside := widget.widget()) is not None:
            yield inside
    elif (layout := widget.layout()) is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for item in sorted(_items(layout), key=lambda it: it[0]):
        inner = item[1].widget()
        below = item[1].layout()
        if inner is not None:
            yield inner
        elif below is not None:
            yield from _in_layout(below)


def _items(layout: QLayout) -> Iterator[tuple[tuple[int, int], QLayoutItem]]:
    """With their rows and columns."""
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        if isinstance(layout, QGridLayout):
            place: Any = layout.getItemPosition(at)
            yield (place[0], place[1]), item
        elif isinstance(layout, QFormLayout):
            line: Any = layout.getItemPosition(at)
            yield (line[0], line[1].value), item
        else:
            yield (0, at), item


def _takes_tab(widget: QWidget) -> bool:
    if isinstance(widget, QRadioButton) and not widget.isChecked():
        return False  # arrow keys come to it, from the one that is chosen
    is_stop = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return is_stop and widget.isEnabled() and widget.focusProxy() is None
