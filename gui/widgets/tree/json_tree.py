"""A JSON value as a tree that keeps its place while the value changes under it."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QMenu,
    QStyleOptionViewItem,
    QTreeView,
)

from gui.look.theme import themes
from gui.widgets.empty_words import EmptyWords
from gui.widgets.lettered_menu import LetteredMenu
from gui.widgets.own_keys import takes_key
from gui.widgets.tree.json_model import JsonModel
from gui.widgets.tree.json_nodes import NOTHING, Mark, Node, label, search, shown
from gui.widgets.tree.json_painter import ARROW_PX, PADDING_PX, Look, paint_row
from gui.widgets.tree.json_row import JsonRow
from gui.widgets.tree.json_words import PIN, Path, exact_text, path_text
from gui.words import said

OPEN_UP_TO: Final = 24  # an object or array with more rows starts closed
OPEN_DEPTH: Final = 3
_OWN_KEYS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NO_MARKS: Final[Mapping[Path, Mark]] = {}
_NO_NOTES: Final[Mapping[Path, str]] = {}


class JsonTree(QTreeView):
    """What is open, where it is scrolled to, the chosen row and the search hit are kept by path
    when another value is shown.

    Signals: `path_chosen(path)` when a person moves to a row, `path_activated(path)` on Enter, or
    on a double click where there is nothing to open; `hits_changed(number, count)` when other rows
    contain what is searched for, or another of them is gone to. Where `tells_origins` is set the
    menu offers `origin_wanted(path)`, `history_wanted(path)`, `moment_wanted(path)` and
    `pin_wanted(path)`; `pinned` is what it says of that. While there is no value it says `empty`.
    """

    path_chosen = Signal(object)
    path_activated = Signal(object)
    pin_wanted = Signal(object)
    history_wanted = Signal(object)
    moment_wanted = Signal(object)
    hits_changed = Signal(int, int)
    origin_wanted = Signal(object)
    menu_opens = Signal(object)  # for whoever has more to add

    def __init__(self, name: str, *, empty: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.json = JsonModel(self)
        self.tells_origins = False
        self.pinned: frozenset[Path] = frozenset()
        self._is_replacing = False
        self._wanted: Path | None = None  # the row a person chose
        self._top: Path | None = None  # the row at the top when a person scrolled last
        self._opened: set[Path] = set()
        self._closed: set[Path] = set()
        self._needle = ""
        self._hits: list[Path] = []
        self._hit: Path | None = None
        self._set_up()
        self.setModel(self.json)
        self.empty_words = EmptyWords(self, empty, is_empty=lambda: self.json.shown is NOTHING)
        self._listen()

    def show_value(
        self,
        value: Any,
        *,
        title: str = "",
        marks: Mapping[Path, Mark] = _NO_MARKS,
        notes: Mapping[Path, str] = _NO_NOTES,
    ) -> None:
        """Show another value; `title` names its top row."""
        self._is_replacing = True
        self.json.replace(shown(value, title=title or "value", marks=marks, notes=notes))
        self._search()
        self._return_to_place()
        self._is_replacing = False
        self.empty_words.look()
        self.viewport().update()

    def clear(self) -> None:
        """Show nothing for now; the place is kept for what comes next."""
        self._is_replacing = True
        self.json.replace(NOTHING)
        self._search()
        self._is_replacing = False
        self.empty_words.look()
        self.viewport().update()

    def forget_place(self) -> None:
        """What is shown next has nothing to do with what was: everything opens as if new."""
        self._wanted = self._top = self._hit = None
        self._opened.clear()
        self._closed.clear()

    def find_text(self, text: str) -> int:
        """Mark every name and value that contains `text`, go to the first; how many there are."""
        self._needle, self._hit = text.casefold(), None
        self._search()
        if self._hits:
            self._go_to_hit(self._hits[0])
        self.viewport().update()
        return len(self._hits)

    @Slot()
    def find_next(self) -> None:
        """Go to the next hit, after the last one to the first."""
        self._step_hit(1)

    @Slot()
    def find_previous(self) -> None:
        """Go to the hit before, before the first one to the last."""
        self._step_hit(-1)

    # The chosen row.

    def current_path(self) -> Path | None:
        """The path of the chosen row."""
        return None if (node := self.json.node(self.currentIndex())) is None else node.path

    def go_to(self, path: Path) -> bool:
        """Choose a row and bring it into sight; whether the value has such a path."""
        index = self.json.index_of(path)
        if not index.isValid():
            return False
        self._wanted = path
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    @Slot()
    def copy_value(self) -> None:
        """Put the chosen value on the clipboard, every digit as it is."""
        if (node := self.json.node(self.currentIndex())) is not None:
            QApplication.clipboard().setText(exact_text(node.value))

    @Slot()
    def copy_path(self) -> None:
        """Put the chosen path on the clipboard."""
        if (node := self.json.node(self.currentIndex())) is not None:
            QApplication.clipboard().setText(path_text(node.path))

    @Slot()
    def expand_all(self) -> None:
        """Open the chosen row and everything below it."""
        self.expandRecursively(
            self.currentIndex() if self.currentIndex().isValid() else self._first()
        )

    @Slot()
    def collapse_all(self) -> None:
        """Close everything but the top row."""
        self.collapseAll()
        self.expand(self._first())

    # What Qt asks.

    def drawRow(  # noqa: N802 Qt's name
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        node = self.json.node(index)
        if node is not None and self.json.shown is not NOTHING:
            box = option.rect
            box.setLeft(0)
            paint_row(painter, box, node, self._look(node, index))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and takes_key(event, _OWN_KEYS):
            return True  # these keys move in here, whatever they do in the window
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_value()
        elif event.key() == Qt.Key.Key_C and event.modifiers() == _CTRL_SHIFT:
            self.copy_path()
        elif event.key() in _ENTER:
            self._tell_path(self.path_activated)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        node = self.json.node(self.indexAt(event.position().toPoint()))
        if node is not None and not node.size and event.button() == Qt.MouseButton.LeftButton:
            self.path_activated.emit(node.path)

    def focusInEvent(self, event: QFocusEvent) -> None:
        was_replacing, self._is_replacing = self._is_replacing, True  # Qt chooses a row here
        super().focusInEvent(event)
        self._is_replacing = was_replacing

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.currentIndex().isValid():
            menu = self.menu()
            menu.exec(event.globalPos())
            menu.deleteLater()

    def menu(self) -> QMenu:
        """What can be done with the chosen row; the caller deletes it."""
        menu = LetteredMenu(parent=self)
        menu.addAction(said("Copy value"), self.copy_value)
        menu.addAction(said("Copy path"), self.copy_path)
        if self.tells_origins:
            menu.addSeparator()
            menu.addAction(said("History of this field"), self.want_history)
            menu.addAction(said("Find when this field…"), self.want_moment)
            menu.addAction(said("Go to the event that set this value"), self.want_origin)
            menu.addAction(PIN[self.current_path() in self.pinned], self.want_pin)
        menu.addSeparator()
        menu.addAction(said("Expand all"), self.expand_all)
        menu.addAction(said("Collapse all"), self.collapse_all)
        self.menu_opens.emit(menu)
        return menu

    def _set_up(self) -> None:
        self.setItemDelegate(JsonRow(self, self.json.node, self._look))
        self.setProperty("role", "panel")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(ARROW_PX)
        self.setAnimated(False)
        self.setExpandsOnDoubleClick(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _listen(self) -> None:
        self.expanded.connect(self._remember_open)
        self.collapsed.connect(self._remember_closed)
        self.json.rowsInserted.connect(self._open_new)
        self.selectionModel().currentChanged.connect(self._tell_chosen)
        self.verticalScrollBar().valueChanged.connect(self._remember_top)
        themes().changed.connect(self._restyle)

    def _look(self, node: Node, index: QModelIndex | QPersistentModelIndex) -> Look:
        return Look(
            label=label(node, self.json.shown),
            left=PADDING_PX + ARROW_PX * _depth(node),
            is_open=self.isExpanded(index),
            is_current=index == self.currentIndex(),
            has_focus=self.hasFocus(),
            is_touched=node.path in self.json.shown.touched,
            needle=self._needle,
            is_hit=node.path == self._hit,
        )

    def _first(self) -> QModelIndex:
        return self.json.index(0, 0)

    # Keeping the place.

    def _return_to_place(self) -> None:
        self.executeDelayedItemsLayout()
        if self._wanted is not None and self.current_path() != self._wanted:
            index = self.json.index_of(self._wanted)
            if index.isValid():
                self.setCurrentIndex(index)
        if self._top is not None:
            top = self.json.index_of(self._top)
            if top.isValid() and self.visualRect(top).top() != 0:
                self.scrollTo(top, QAbstractItemView.ScrollHint.PositionAtTop)

    @Slot(QModelIndex, int, int)
    def _open_new(self, parent: QModelIndex, first: int, last: int) -> None:
        """Rows that came back are as open as they were; new small ones start open."""
        above = self.json.node(parent)
        if above is not None and above.size == last - first + 1 and self._should_open(above):
            self.expand(parent)  # it had no rows until now
        for row in range(first, min(last, first + OPEN_UP_TO) + 1):
            index = self.json.index(row, 0, parent)
            node = self.json.node(index)
            if node is not None and node.size and self._should_open(node):
                self.expand(index)
                self._open_new(index, 0, node.size - 1)

    def _should_open(self, node: Node) -> bool:
        if node.path in self._opened:
            return True
        if node.path in self._closed or node.size > OPEN_UP_TO:
            return node.parent is None and node.path not in self._closed
        is_marked = node.mark is not None or node.path in self.json.shown.touched
        return is_marked or _depth(node) < OPEN_DEPTH

    @Slot(QModelIndex)
    def _remember_open(self, index: QModelIndex) -> None:
        node = self.json.node(index)
        if node is not None and not self._is_replacing:
            self._opened.add(node.path)
            self._closed.discard(node.path)

    @Slot(QModelIndex)
    def _remember_closed(self, index: QModelIndex) -> None:
        node = self.json.node(index)
        if node is not None and not self._is_replacing:
            self._closed.add(node.path)
            self._opened.discard(node.path)

    @Slot()
    def _remember_top(self) -> None:
        if not self._is_replacing:
            node = self.json.node(self.indexAt(QPoint(1, 1)))
            self._top = None if node is None else node.path

    # Telling.

    @Slot(QModelIndex)
    def _tell_chosen(self, current: QModelIndex) -> None:
        node = self.json.node(current)
        if node is not None and not self._is_replacing:
            self._wanted = node.path
            self.path_chosen.emit(node.path)

    @Slot()
    def want_pin(self) -> None:
        """Ask for the chosen field to be pinned, or not any more."""
        self._tell_path(self.pin_wanted)

    @Slot()
    def want_origin(self) -> None:
        """Ask for where the chosen value came from."""
        self._tell_path(self.origin_wanted)

    @Slot()
    def want_history(self) -> None:
        """Ask for every change of the chosen field."""
        self._tell_path(self.history_wanted)

    @Slot()
    def want_moment(self) -> None:
        """Ask when something became true of the chosen field."""
        self._tell_path(self.moment_wanted)

    def _tell_path(self, signal: SignalInstance) -> None:
        if (path := self.current_path()) is not None:
            signal.emit(path)

    def _search(self) -> None:
        self._hits = list(search(self.json.shown.value, self._needle)) if self._needle else []
        self._tell_hits()

    def _tell_hits(self) -> None:
        number = self._hits.index(self._hit) + 1 if self._hit in self._hits else 0
        self.hits_changed.emit(number, len(self._hits))

    def _go_to_hit(self, path: Path) -> None:
        self._hit = path
        self._tell_hits()
        self.go_to(path)
        self.viewport().update()

    def _step_hit(self, step: int) -> None:
        if not self._hits:
            return
        at = self._hits.index(self._hit) if self._hit in self._hits else -1 if step > 0 else 0
        self._go_to_hit(self._hits[(at + step) % len(self._hits)])

    @Slot()
    def _restyle(self) -> None:
        self.doItemsLayout()


_CTRL_SHIFT: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def _depth(node: Node) -> int:
    return len(node.path)
