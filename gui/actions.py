"""What a person can do: how it is declared, and as the actions of a window with menus and keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.branch_work import BranchWork
from gui.lines import Lines
from gui.look.icons import icon
from gui.look.theme import themes
from gui.session import Session
from gui.start_work import StartWork
from gui.store_work import StoreWork
from gui.viewmodels.copying import Kind
from gui.views.top_bar import TopBar
from gui.words import said
from gui.workspace import Workspace

Menu = Literal["File", "Go", "Time", "Branch", "View", "Help"]
MENUS: Final[dict[Menu, str]] = {  # in their order, as they are called
    "File": said("File"),
    "Go": said("Go"),
    "Time": said("Time"),
    "Branch": said("Branch"),
    "View": said("View"),
    "Help": said("Help"),
}


class Window(Protocol):
    """What an action may ask of the window. `open_session` and `open_workspace` raise
    RuntimeError when no store is open."""

    top: TopBar
    lines: Lines
    branches: BranchWork
    work: StoreWork
    start_work: StartWork

    def open_session(self) -> Session: ...

    def open_workspace(self) -> Workspace: ...

    def show_error(self, error: Exception) -> None: ...

    def choose_store(self) -> None: ...

    def choose_import(self) -> None: ...

    def infer_changes(self) -> object: ...

    def make_copy(self, kind: Kind) -> object: ...

    def close_store(self) -> None: ...

    def close(self) -> bool: ...

    def show_palette(self) -> None: ...

    def choose_theme(self, scheme: str) -> None: ...

    def show_keys(self) -> None: ...

    def show_tour(self) -> None: ...

    def show_about(self) -> None: ...


Does = Callable[[Window], object]
WhyNot = Callable[[Window], str]  # empty where it can be done
NO_STORE: Final = said("no store is open")


def in_session(act: Callable[[Session], object]) -> Does:
    """For the table: something that the open store does."""
    return lambda window: act(window.open_session())


def in_workspace(act: Callable[[Workspace], object]) -> Does:
    """For the table: something that a panel does."""
    return lambda window: act(window.open_workspace())


def refused_in_session(why_not: Callable[[Session], str]) -> WhyNot:
    """For the table: why the open store has nothing to do it with."""
    return lambda window: why_not(window.open_session())


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """One thing to do. The first key is shown; all of them work. One that may find nothing to do
    says why not, and runs all the same when its key is pressed."""

    id: str
    text: str
    menu: Menu
    does: Does
    keys: tuple[str, ...] = ()
    needs_store: bool = True
    icon: str = ""
    begins_group: bool = False  # a line stands before it in its menu
    is_checked: Callable[[Window], bool] | None = None  # it has a tick in its menu
    why_not: WhyNot | None = None


class Actions(QObject):
    """The table's actions, made for one window."""

    def __init__(self, window: Window, widget: QWidget, specs: tuple[ActionSpec, ...]) -> None:
        """`widget` is the window as Qt sees it: its keys are the actions' keys, as the table has
        them until others are told."""
        super().__init__(widget)
        self._window, self._has_store = window, False
        self._specs = {spec.id: spec for spec in specs}
        self._actions = {spec.id: _made(spec, widget) for spec in specs}
        for action in self._actions.values():
            action.triggered.connect(self._do)
        widget.addActions(list(self._actions.values()))
        themes().changed.connect(self._restyle)
        self._restyle()

    def set_keys(self, keys_of: Callable[[str], tuple[str, ...]]) -> None:
        """Give each action the keys that `keys_of` tells by its id."""
        for id_, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in keys_of(id_)])

    @Slot()
    def _restyle(self) -> None:
        theme = themes().current
        for spec in self._specs.values():
            if spec.icon:
                self._actions[spec.id].setIcon(
                    icon(spec.icon, theme["text_dim"], theme["text_faint"])
                )

    @property
    def specs(self) -> tuple[ActionSpec, ...]:
        """The table."""
        return tuple(self._specs.values())

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    @Slot()
    def _do(self) -> None:
        self._specs[self.sender().objectName()].does(self._window)

    def allow(self, *, has_store: bool) -> None:
        """Switch off what needs an open store when there is none."""
        self._has_store = has_store
        for spec in self._specs.values():
            self._actions[spec.id].setEnabled(self._is_possible(spec))

    def of_menu(self, menu: Menu) -> Iterator[ActionSpec]:
        """The actions of a menu, in the table's order."""
        return (spec for spec in self._specs.values() if spec.menu == menu)

    def why_not(self, action_id: str) -> str:
        """Why an action cannot be done now; empty where it can."""
        spec = self._specs[action_id]
        if not self._has_store and spec.needs_store:
            return NO_STORE
        return spec.why_not(self._window) if spec.why_not is not None else ""

    def do(self, action_id: str) -> None:
        """As its key does."""
        self._actions[action_id].trigger()

    def show_state(self, action_id: str) -> None:
        """In a menu that opens: its tick, and whether it can be done, with the reason on hover."""
        action, spec, why = self[action_id], self._specs[action_id], self.why_not(action_id)
        action.setEnabled(not why)
        action.setToolTip(f"{spec.text.rstrip('…')}: {why}" if why else "")
        if spec.is_checked is not None:
            action.setChecked(self._is_possible(spec) and spec.is_checked(self._window))

    def allow_again(self, action_id: str) -> None:
        """The menu is closed: its key can be pressed whenever a store is open."""
        self[action_id].setEnabled(self._is_possible(self._specs[action_id]))

    def _is_possible(self, spec: ActionSpec) -> bool:
        return self._has_store or not spec.needs_store


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
    action.setCheckable(spec.is_checked is not None)
    return action
