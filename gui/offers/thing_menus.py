"""One mechanism for menus: a right click, the menu key or Shift+F10 anywhere opens what can be done
with what stands there."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Signal, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QMenu, QWidget

from gui.offers.doors import Doors
from gui.offers.spots import Spot
from gui.offers.thing_entries import entries
from gui.viewmodels.thing_facts import ThingFacts, ThingFactsViewModel
from gui.viewmodels.things import Entry, FieldThing, TermThing, Thing
from gui.widgets.lettered_menu import LetteredMenu
from gui.words import said


class ThingMenus(QObject):
    """Lives as long as the panels. What a menu says is read on a reader thread first, so it opens
    a moment after the click, and says the same everywhere. `opened(menu)` when it is there."""

    opened = Signal(object)

    def __init__(self, doors: Doors, facts: ThingFactsViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._doors, self._facts, self._over = doors, facts, parent
        self._spots: dict[QObject, Spot] = {}
        self._menu: QMenu | None = None
        self._asked = 0

    @property
    def current(self) -> QMenu | None:
        """The menu that was opened last."""
        return self._menu

    def watch(self, spots: Sequence[Spot]) -> None:
        """Open menus there from now on."""
        for spot in spots:
            self._spots[spot.widget] = spot
            spot.widget.destroyed.connect(self._forget)
            spot.widget.installEventFilter(self)
            if isinstance(spot.widget, QAbstractScrollArea):
                self._spots[spot.widget.viewport()] = spot
                spot.widget.viewport().installEventFilter(self)

    def spot_of(self, widget: QWidget | None) -> Spot | None:
        """The spot that a widget is, or is in."""
        while widget is not None:
            if (spot := self._spots.get(widget)) is not None:
                return spot
            widget = widget.parentWidget()
        return None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        spot = self._spots.get(watched)
        if spot is None or not isinstance(event, QContextMenuEvent):
            return super().eventFilter(watched, event)
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            inner = _inner(spot.widget)
            self._ask(spot.find(inner.mapFromGlobal(event.globalPos())), event.globalPos())
        else:
            self.open_for(spot)
        event.accept()
        return True

    @Slot(QObject)
    def _forget(self, widget: QObject) -> None:
        """A dialog was closed."""
        self._spots = {it: spot for it, spot in self._spots.items() if spot.widget is not widget}

    @Slot()
    def open_at_focus(self) -> None:
        """Of what has the keyboard, as the menu key does; elsewhere the widget's own menu opens."""
        focused = QApplication.focusWidget()
        spot = self.spot_of(focused)
        if spot is not None:
            self.open_for(spot)
        elif focused is not None:
            middle = focused.rect().center()
            by_key = QContextMenuEvent.Reason.Keyboard
            event = QContextMenuEvent(by_key, middle, focused.mapToGlobal(middle))
            QApplication.sendEvent(focused, event)

    def open_for(self, spot: Spot) -> None:
        """Of what would have the keyboard in a spot."""
        self._ask(spot.find(None), _inner(spot.widget).mapToGlobal(_place(spot)))

    def list_for(self, spot: Spot, told: Callable[[list[Entry]], None]) -> None:
        """What the menu of what would have the keyboard in a spot says, a moment later."""
        things = spot.find(None)

        def tell(facts: ThingFacts) -> None:
            groups = [group for it in things for group in entries(self._doors, it, facts)]
            told([entry for group in groups for entry in group])

        if things:
            self._asked += 1
            self._facts.ask(things, tell)

    def add_to(self, menu: QMenu, things: Sequence[Thing]) -> None:
        """To a menu that a widget makes itself: what needs nothing to be read."""
        for thing in things:
            assert isinstance(thing, FieldThing | TermThing), "this takes a reader thread"
            self._fill(menu, thing, ThingFacts())

    def _ask(self, things: Sequence[Thing], at: QPoint) -> None:
        self._asked += 1
        if things:
            asked = self._asked
            self._facts.ask(things, lambda facts: self._open(asked, things, facts, at))

    def _open(self, asked: int, things: Sequence[Thing], facts: ThingFacts, at: QPoint) -> None:
        if asked != self._asked:
            return  # another click came meanwhile
        menu = self._made(things, facts)
        if menu.isEmpty():
            return
        menu.popup(at)
        self.opened.emit(menu)

    def _made(self, things: Sequence[Thing], facts: ThingFacts) -> QMenu:
        if self._menu is not None:
            self._menu.deleteLater()
        menu = self._menu = LetteredMenu(parent=self._over)
        menu.setAccessibleName(said("Context menu"))
        for thing in things:
            self._fill(menu, thing, facts)
        return menu

    def _fill(self, menu: QMenu, thing: Thing, facts: ThingFacts) -> None:
        for group in entries(self._doors, thing, facts):
            if not menu.isEmpty():
                menu.addSeparator()
            for it in group:
                _add(menu, it)


def _add(menu: QMenu, entry: Entry) -> None:
    if entry.inside:
        inner = menu.addMenu(entry.text)
        for it in entry.inside:
            _add(inner, it)
        return
    action = menu.addAction(entry.text)
    action.setEnabled(entry.is_allowed)
    if entry.act is not None:
        act = entry.act
        action.triggered.connect(lambda _checked=False: act())


def _inner(widget: QWidget) -> QWidget:
    """Where the points of a spot are measured."""
    return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


def _place(spot: Spot) -> QPoint:
    if spot.place is not None:
        return spot.place()
    widget = spot.widget
    box = QRect()
    if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        box = widget.visualRect(widget.currentIndex()) & widget.viewport().rect()
    return box.bottomLeft() if box.isValid() else _inner(widget).rect().center()
