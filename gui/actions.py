"""What a person can do: how it is declared, and as the actions of a window with menus and keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.session import Session
from gui.store_work import StoreWork
from gui.viewmodels.copying import Kind
from gui.views.top_bar import TopBar
from gui.workspace import Workspace

Menu = Literal["File", "Go", "Time", "View", "Help"]


class Window(Protocol):
    """What an action may ask of the window. `open_session` and `open_workspace` raise
    RuntimeError when no store is open."""

    top: TopBar
    work: StoreWork

    def open_session(self) -> Session: ...

    def open_workspace(self) -> Workspace: ...

    def choose_store(self) -> None: ...

    def choose_import(self) -> None: ...

    def make_copy(self, kind: Kind) -> object: ...

    def close_store(self) -> None: ...

    def close(self) -> bool: ...

    def choose_theme(self, scheme: str) -> None: ...

    def show_keys(self) -> None: ...

    def show_about(self) -> None: ...


Does = Callable[[Window], object]


def in_session(act: Callable[[Session], object]) -> Does:
    """For the table: something that the open store does."""
    return lambda window: act(window.open_session())


def in_workspace(act: Callable[[Workspace], object]) -> Does:
    """For the table: something that a panel does."""
    return lambda window: act(window.open_workspace())


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """One thing to do. The first key is shown; all of them work."""

    id: str
    text: str
    menu: Menu
    does: Does
    keys: tuple[str, ...] = ()
    needs_store: bool = True
    is_checkable: bool = False


class Actions(QObject):
    """The table's actions, made for one window."""

    def __init__(self, window: Window, widget: QWidget, specs: tuple[ActionSpec, ...]) -> None:
        """`widget` is the window as Qt sees it: its keys are the actions' keys."""
        super().__init__(widget)
        self._window = window
        self._specs = {spec.id: spec for spec in specs}
        self._actions = {spec.id: _made(spec, widget) for spec in specs}
        for action in self._actions.values():
            action.triggered.connect(self._do)
        widget.addActions(list(self._actions.values()))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    @Slot()
    def _do(self) -> None:
        self._specs[self.sender().objectName()].does(self._window)

    def allow(self, *, has_store: bool) -> None:
        """Switch off what needs an open store when there is none."""
        for spec in self._specs.values():
            self._actions[spec.id].setEnabled(has_store or not spec.needs_store)

    def of_menu(self, menu: Menu) -> Iterator[QAction]:
        """The actions of a menu, in the table's order."""
        return (self._actions[spec.id] for spec in self._specs.values() if spec.menu == menu)


def conflicts(actions: tuple[ActionSpec, ...]) -> dict[str, list[str]]:
    """Keys that more than one action claims; empty when all is well."""
    claims: dict[str, list[str]] = {}
    for spec in actions:
        for key in spec.keys:
            claims.setdefault(QKeySequence(key).toString(), []).append(spec.id)
    return {key: ids for key, ids in claims.items() if len(ids) > 1}


def _made(spec: ActionSpec, window: QWidget) -> QAction:
    action = QAction(spec.text, window)
    action.setObjectName(spec.id)
    action.setShortcuts([QKeySequence(key) for key in spec.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setCheckable(spec.is_checkable)
    return action
