"""What the window shows in the pseudo-language outside the marks ⟦ and ⟧."""

import re
from collections.abc import Iterable, Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_CUT = re.compile(r"⟦[^⟧]*$|^[^⟦]*⟧")  # a text that was shortened, at its end or its beginning
_WORD = re.compile(r"[A-Za-z]{3,}")


def unmarked(texts: Iterable[str], known: frozenset[str]) -> list[str]:
    """Those that hold a word, outside all marks, that the store's data does not know."""
    return sorted({it for it in texts if set(_words_outside(it)) - known})


def words_of(text: str) -> frozenset[str]:
    """Every word of a text, as `unmarked` takes it apart."""
    return frozenset(_WORD.findall(text))


def shown_by(root: QWidget) -> Iterator[str]:
    """Every text of a widget and of what is in it: names, tips, titles, lines, headings, menus."""
    for widget in (root, *root.findChildren(QWidget)):
        yield from _own_texts(widget)
        yield from (text for action in widget.actions() for text in _of_action(action))


def _own_texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
    yield widget.windowTitle() if widget.isWindow() else ""
    if isinstance(widget, QTabBar):
        yield from map(widget.tabText, range(widget.count()))
    elif isinstance(widget, QComboBox):
        yield from map(widget.itemText, range(widget.count()))
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QHeaderView):
        yield from _headings(widget)
    elif isinstance(widget, QMenu):
        yield widget.title()
    elif isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()


def _of_action(action: QAction) -> Iterator[str]:
    yield from (action.text(), action.toolTip())
    menu = action.menu()
    if isinstance(menu, QMenu):
        yield from (text for it in menu.actions() for text in (it.text(), it.toolTip()))


def _headings(header: QHeaderView) -> Iterator[str]:
    for section in range(header.count()):
        heading = header.model().headerData(section, header.orientation())
        yield heading if isinstance(heading, str) else ""


def _words_outside(text: str) -> list[str]:
    text, count = text.replace("&", ""), 1
    while count:
        text, count = _INNERMOST.subn(" ", text)
    return _WORD.findall(_CUT.sub(" ", text))
