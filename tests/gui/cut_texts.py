"""What of a window cannot be read because it is cut off, lies over something else, or tells
nowhere how it goes on."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QToolTip,
    QWidget,
)

from tests.gui.drawn_text import DrawnText, drawn_texts

SLACK_PX: Final = 1.5  # of antialiasing, and of widths that are whole numbers
ELLIPSIS: Final = "…"  # one alone stands at the end of a line, over what it hides
JOINER: Final = "\u200d"


def cut_texts(window: QWidget, part: QWidget | None = None) -> list[str]:
    """Of a part of a window, or of all of it; one line for each. What has been given another text
    gets its new room first, as it would before it is painted."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    return [it for widget in _in_sight(window, part or window) for it in _faults(widget)]


def _faults(widget: QWidget) -> Iterator[str]:
    who, texts = _words(widget), drawn_texts(widget)
    if texts and not _scrolls(widget) and _hidden_px(widget) > SLACK_PX:
        yield f"{who} is covered or cut: {texts[0].text!r}"
    for it in texts:
        if isinstance(widget, QLineEdit) and widget.text() and _tells_more(widget, texts):
            continue
        if _sticks_out(widget, it):
            yield f"{who} is {widget.width()} px wide, {it.text!r} ends at {it.box.right():.0f}"
        is_cut = it.text.endswith(ELLIPSIS) and not _is_own_ellipsis(widget, it.text)
        if is_cut and not tip_at(widget, it.box):
            yield f"{who} cuts {it.text!r} and has no tip"
    yield from (f"{who} draws {one!r} over {other!r}" for one, other in _overlaps(texts))


def tip_at(widget: QWidget, box: QRectF) -> str:
    """What is told where the mouse rests on a place of a widget."""
    at = box.center().toPoint()
    holder: QWidget | None = widget
    while holder is not None:
        QApplication.sendEvent(holder, QHelpEvent(QEvent.Type.ToolTip, at, holder.mapToGlobal(at)))
        if told := QToolTip.text():
            _hide_tip()
            return told
        if holder.isWindow():
            return ""
        at, holder = holder.mapToParent(at), holder.parentWidget()
    return ""


def _hide_tip() -> None:
    """At once: QToolTip.hideText() leaves it for a while."""
    for it in QApplication.topLevelWidgets():
        if it.inherits("QTipLabel"):
            it.hide()


def _overlaps(texts: list[DrawnText]) -> Iterator[tuple[str, str]]:
    """Neighbours of a row that lie one over the other."""
    rows: dict[int, list[DrawnText]] = {}
    for it in texts:
        rows.setdefault(round(it.box.center().y()), []).append(it)
    for row in rows.values():
        for one, other in pairwise(sorted(row, key=lambda it: it.box.left())):
            lies_over = one.box.right() > other.box.left() + 2 * SLACK_PX
            if lies_over and other.text not in (one.text, ELLIPSIS, JOINER):
                yield one.text, other.text


def _sticks_out(widget: QWidget, it: DrawnText) -> bool:
    if it.box.left() >= widget.width() or it.box.top() >= widget.height() - SLACK_PX:
        return False  # it is scrolled to
    return it.box.right() > widget.width() + SLACK_PX and not _can_go_right(widget)


def _can_go_right(widget: QWidget) -> bool:
    """Whether something around it can be scrolled sideways."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            bar = parent.horizontalScrollBar()
            if bar.maximum() > bar.minimum():
                return True
        parent = parent.parentWidget()
    return False


def _tells_more(line: QLineEdit, texts: list[DrawnText]) -> bool:
    """What is typed moves along with the cursor; what can only be read is drawn up to a …"""
    is_cut = any(it.text == ELLIPSIS for it in texts)
    return not line.isReadOnly() or (is_cut and bool(line.toolTip()))


def _hidden_px(widget: QWidget) -> int:
    """How much of its width or height is not in sight."""
    seen = widget.visibleRegion().boundingRect()
    return max(widget.width() - seen.width(), widget.height() - seen.height())


def _scrolls(widget: QWidget) -> bool:
    """Whether a person can move it into sight."""
    parent = widget.parentWidget()
    while parent is not None and not widget.isWindow():
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = None if parent.isWindow() else parent.parentWidget()
    return False


def _is_own_ellipsis(widget: QWidget, text: str) -> bool:
    """Whether the … belongs to the words, as in "Open…"."""
    whole = getattr(widget, "text", None)
    own = str(whole()).replace("&", "") if callable(whole) else ""
    holder = getattr(widget, "full_text", None)
    own = str(holder()) if callable(holder) else own
    return own.endswith(text)


def _in_sight(window: QWidget, part: QWidget) -> list[QWidget]:
    every = [part, *part.findChildren(QWidget)]
    return [
        it
        for it in every
        if it.isVisible() and it.window() is window and not it.visibleRegion().isEmpty()
    ]


def _words(it: QWidget) -> str:
    holder = it.parentWidget() if type(it) is QWidget else it
    shown = it if holder is None else holder
    return f"{type(shown).__name__} {shown.accessibleName()!r}"
