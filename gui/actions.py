"""Everything a person can do, in one table: menus, toolbar, shortcut sheet and keys read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

Menu = Literal["File", "Go", "Time", "View", "Help"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """One thing to do. The first key is shown; all of them work."""

    id: str
    text: str
    menu: Menu
    keys: tuple[str, ...] = ()
    needs_store: bool = True
    is_checkable: bool = False


ACTIONS: Final = (
    ActionSpec(id="open", text="Open…", menu="File", keys=("Ctrl+O",), needs_store=False),
    ActionSpec(id="import", text="Import…", menu="File", keys=("Ctrl+I",), needs_store=False),
    ActionSpec(id="export", text="Export…", menu="File", keys=("Ctrl+E",)),
    ActionSpec(id="model", text="Open a model of your own…", menu="File", keys=("Ctrl+M",)),
    ActionSpec(id="reload model", text="Reload the model", menu="File", keys=("F5",)),
    ActionSpec(id="compare models", text="Compare the model with what it was", menu="File"),
    ActionSpec(id="projection", text="Open a projection of your own…", menu="File"),
    ActionSpec(id="change event", text="Change an event type…", menu="File"),
    ActionSpec(id="bundled models", text="Use the bundled models only", menu="File"),
    ActionSpec(id="rebuild", text="Rebuild views", menu="File"),
    ActionSpec(id="certify", text="Certify views and snapshots", menu="File"),
    ActionSpec(id="snapshots", text="Snapshots…", menu="File"),
    ActionSpec(id="verify", text="Verify store", menu="File"),
    ActionSpec(id="close", text="Close store", menu="File", keys=("Ctrl+W",)),
    ActionSpec(id="quit", text="Quit", menu="File", keys=("Ctrl+Q",), needs_store=False),
    ActionSpec(id="back", text="Back to the previous place", menu="Go", keys=("Alt+Left",)),
    ActionSpec(id="forward", text="Forward to the next place", menu="Go", keys=("Alt+Right",)),
    ActionSpec(id="goto", text="Go to position or time…", menu="Go", keys=("Ctrl+G", "@")),
    ActionSpec(id="commands", text="Issue a command", menu="Go", keys=("C",)),
    ActionSpec(id="processes", text="Processes, outbox and clock", menu="Go", keys=("P",)),
    ActionSpec(id="views", text="Views side by side, and SQL", menu="Go", keys=("V",)),
    ActionSpec(id="undo", text="Undo by a compensating command", menu="Go", keys=("Ctrl+Z",)),
    ActionSpec(id="search", text="Search events", menu="Go", keys=("Ctrl+F", "/")),
    ActionSpec(id="search all", text="Search all events", menu="Go", keys=("Ctrl+Shift+F",)),
    ActionSpec(id="previous", text="Previous event", menu="Time", keys=("Left",)),
    ActionSpec(id="next", text="Next event", menu="Time", keys=("Right",)),
    ActionSpec(id="back ten", text="Ten events back", menu="Time", keys=("Shift+Left",)),
    ActionSpec(id="forward ten", text="Ten events on", menu="Time", keys=("Shift+Right",)),
    ActionSpec(
        id="previous in stream",
        text="Previous event of the stream",
        menu="Time",
        keys=("Ctrl+Left",),
    ),
    ActionSpec(
        id="next in stream", text="Next event of the stream", menu="Time", keys=("Ctrl+Right",)
    ),
    ActionSpec(id="first", text="First event", menu="Time", keys=("Home",)),
    ActionSpec(id="end", text="Newest event, and follow", menu="Time", keys=("End",)),
    ActionSpec(id="play", text="Play or pause", menu="Time", keys=("Space",)),
    ActionSpec(id="reverse", text="Reverse", menu="Time", keys=("-",)),
    ActionSpec(id="cause", text="To the cause", menu="Time", keys=("[",)),
    ActionSpec(id="effect", text="To the effect", menu="Time", keys=("]",)),
    ActionSpec(id="set anchor", text="Set A here", menu="Time", keys=("Shift+X",)),
    ActionSpec(id="swap", text="Swap cursor and A", menu="Time", keys=("X",)),
    ActionSpec(id="clear anchor", text="Remove A", menu="Time"),
    ActionSpec(id="zoom in", text="Zoom in", menu="View", keys=("W",)),
    ActionSpec(id="zoom out", text="Zoom out", menu="View", keys=("S",)),
    ActionSpec(id="pan left", text="Pan to earlier", menu="View", keys=("A",)),
    ActionSpec(id="pan right", text="Pan to later", menu="View", keys=("D",)),
    ActionSpec(id="frame", text="Frame everything", menu="View", keys=("F",)),
    ActionSpec(id="reset layout", text="Reset layout", menu="View"),
    ActionSpec(id="light", text="Light", menu="View", needs_store=False),
    ActionSpec(id="dark", text="Dark", menu="View", needs_store=False),
    ActionSpec(id="system theme", text="As the system", menu="View", needs_store=False),
    ActionSpec(id="keys", text="Keys", menu="Help", keys=("?", "F1"), needs_store=False),
    ActionSpec(id="about", text="About Foldline", menu="Help", needs_store=False),
)


class Actions(QObject):
    """The table's actions, made for one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions = {spec.id: _made(spec, window) for spec in ACTIONS}
        window.addActions(list(self._actions.values()))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def connect_all(self, slots: dict[str, Callable[[], None]]) -> None:
        """Bind each action to a bound method. Every action must be there."""
        missing = self._actions.keys() ^ slots.keys()
        if missing:
            raise KeyError(f"actions and slots differ: {sorted(missing)}")
        for action_id, slot in slots.items():
            self._actions[action_id].triggered.connect(slot)

    def allow(self, *, has_store: bool) -> None:
        """Switch off what needs an open store when there is none."""
        for spec in ACTIONS:
            self._actions[spec.id].setEnabled(has_store or not spec.needs_store)

    def of_menu(self, menu: Menu) -> Iterator[QAction]:
        """The actions of a menu, in the table's order."""
        return (self._actions[spec.id] for spec in ACTIONS if spec.menu == menu)


def conflicts(actions: tuple[ActionSpec, ...] = ACTIONS) -> dict[str, list[str]]:
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
