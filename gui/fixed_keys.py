"""Keys and gestures that parts of the window keep for themselves: they are listed beside those of
the actions, and cannot be given to one."""

from dataclasses import dataclass
from typing import Final

from gui.words import said

TABS: Final = 9  # of the centre that a number key reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedKey:
    """`keys` as they are listed; `taken` as Qt writes them, which no action can have."""

    area: str
    keys: str
    does: str
    taken: tuple[str, ...] = ()


MOVING: Final = said("Moving about")
TIME: Final = said("In the time panel")
LISTS: Final = said("In tables, lists and trees")
TEXTS: Final = said("In text fields")
PALETTE: Final = said("In the palette")

_DIGITS: Final = tuple("0123456789")

FIXED_KEYS: Final = (
    FixedKey(
        area=MOVING,
        keys="Tab, Shift+Tab",
        does=said("Next or previous control in reading order"),
        taken=("Tab", "Shift+Tab", "Backtab"),
    ),
    FixedKey(
        area=MOVING, keys="Enter, Space", does=said("Press the button"), taken=("Return", "Enter")
    ),
    FixedKey(area=MOVING, keys=said("Alt+letter"), does=said("Open a menu, choose its entry")),
    FixedKey(area=MOVING, keys="← →, Home, End", does=said("Move along the focused tabs")),
    FixedKey(area=MOVING, keys="Esc", does=said("Leave or close one level"), taken=("Esc",)),
    FixedKey(
        area=MOVING, keys="Menu, Shift+F10", does=said("Open the context menu"), taken=("Menu",)
    ),
    FixedKey(
        area=TIME,
        keys=said("0 … 9 within half a second"),
        does=said("Speed: 5 0 is 50×, 0 5 is 0.5×"),
        taken=_DIGITS,
    ),
    FixedKey(
        area=TIME,
        keys=said("Drag in the lanes"),
        does=said("Move the cursor, which snaps to marks unless Shift is held"),
    ),
    FixedKey(
        area=TIME,
        keys=said("Drag in the ruler"),
        does=said("Select a range: A and the cursor at its ends"),
    ),
    FixedKey(
        area=TIME, keys=said("Ctrl+wheel, Shift+wheel"), does=said("Zoom at the pointer, pan")
    ),
    FixedKey(area=LISTS, keys="↑ ↓", does=said("Row by row"), taken=("Up", "Down")),
    FixedKey(
        area=LISTS, keys="Page Up, Page Down", does=said("Page by page"), taken=("PgUp", "PgDown")
    ),
    FixedKey(
        area=LISTS, keys=said("Shift+click, Shift+↑ ↓"), does=said("Select a range of events")
    ),
    FixedKey(area=LISTS, keys="Ctrl+C", does=said("Copy the selection"), taken=("Ctrl+C",)),
    FixedKey(
        area=LISTS,
        keys="Ctrl+F1",
        does=said("Show the full text of cut cells in the row"),
        taken=("Ctrl+F1",),
    ),
    FixedKey(area=LISTS, keys="Enter", does=said("Go to the item in the row")),
    FixedKey(
        area=TEXTS,
        keys="Ctrl+A, Ctrl+V, Ctrl+X",
        does=said("Select all, paste, cut"),
        taken=("Ctrl+A", "Ctrl+V", "Ctrl+X"),
    ),
    FixedKey(
        area=TEXTS,
        keys="Ctrl+Enter",
        does=said("Run the SQL, submit the form"),
        taken=("Ctrl+Return",),
    ),
    FixedKey(area=TEXTS, keys="Ctrl+Space", does=said("Show completions"), taken=("Ctrl+Space",)),
    FixedKey(area=PALETTE, keys="↑ ↓, Page Up, Page Down", does=said("Move to another entry")),
    FixedKey(area=PALETTE, keys="Enter", does=said("Run the entry")),
    FixedKey(
        area=PALETTE,
        keys="> @ # :",
        does=said("List only actions, streams or types; go to a position or time"),
    ),
)
