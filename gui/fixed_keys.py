"""Keys and gestures that parts of the window keep for themselves: they are listed beside those of
the actions, and cannot be given to one."""

from dataclasses import dataclass
from typing import Final

TABS: Final = 9  # of the centre that a number key reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedKey:
    """`keys` as they are listed; `taken` as Qt writes them, which no action can have."""

    area: str
    keys: str
    does: str
    taken: tuple[str, ...] = ()


MOVING: Final = "Moving about"
TIME: Final = "In the time panel"
LISTS: Final = "In tables, lists and trees"
TEXTS: Final = "In text fields"
PALETTE: Final = "In the palette"

_DIGITS: Final = tuple("0123456789")

FIXED_KEYS: Final = (
    FixedKey(
        area=MOVING,
        keys="Tab, Shift+Tab",
        does="The next control in reading order, the one before it",
        taken=("Tab", "Shift+Tab", "Backtab"),
    ),
    FixedKey(area=MOVING, keys="Enter, Space", does="Press the button", taken=("Return", "Enter")),
    FixedKey(area=MOVING, keys="Alt+letter", does="Open a menu, choose its entry"),
    FixedKey(area=MOVING, keys="← →, Home, End", does="Along tabs that have the keyboard"),
    FixedKey(area=MOVING, keys="Esc", does="One step out", taken=("Esc",)),
    FixedKey(area=MOVING, keys="Menu, Shift+F10", does="What can be done here", taken=("Menu",)),
    FixedKey(
        area=TIME,
        keys="0 … 9 within half a second",
        does="Speed: 5 0 is 50×, 0 5 is 0.5×",
        taken=_DIGITS,
    ),
    FixedKey(
        area=TIME, keys="Drag in the lanes", does="Move the cursor; Shift frees it from marks"
    ),
    FixedKey(
        area=TIME, keys="Drag in the ruler", does="Select a range: A and the cursor at its ends"
    ),
    FixedKey(area=TIME, keys="Ctrl+wheel, Shift+wheel", does="Zoom at the pointer, pan"),
    FixedKey(area=LISTS, keys="↑ ↓", does="Row by row", taken=("Up", "Down")),
    FixedKey(area=LISTS, keys="Page Up, Page Down", does="Page by page", taken=("PgUp", "PgDown")),
    FixedKey(area=LISTS, keys="Shift+click, Shift+↑ ↓", does="Select a range of events"),
    FixedKey(area=LISTS, keys="Ctrl+C", does="Copy what is chosen", taken=("Ctrl+C",)),
    FixedKey(area=LISTS, keys="Enter", does="Go to what the row names"),
    FixedKey(
        area=TEXTS,
        keys="Ctrl+A, Ctrl+V, Ctrl+X",
        does="Select all, paste, cut",
        taken=("Ctrl+A", "Ctrl+V", "Ctrl+X"),
    ),
    FixedKey(
        area=TEXTS, keys="Ctrl+Enter", does="Ask the SQL, send the form", taken=("Ctrl+Return",)
    ),
    FixedKey(
        area=TEXTS, keys="Ctrl+Space", does="Offer what can stand here", taken=("Ctrl+Space",)
    ),
    FixedKey(area=PALETTE, keys="↑ ↓, Page Up, Page Down", does="To another entry"),
    FixedKey(area=PALETTE, keys="Enter", does="Do what a click on it would do"),
    FixedKey(area=PALETTE, keys="> @ # :", does="Only actions, streams, types; a position or time"),
)
