"""The page docs/keyboard.md, written from the table of actions:

python -m gui.keyboard_card > docs/keyboard.md
"""

import sys
from collections.abc import Iterable, Iterator

from gui.action_table import ACTIONS
from gui.actions import Menu
from gui.fixed_keys import FIXED_KEYS
from gui.key_texts import key_text
from gui.widgets.lettered_menu import letter_of, lettered

HEAD = """# Keyboard card

All keys of the window, by area. *Help ▸ Keys* (`?`) shows the same list, finds a key by what it
does, and assigns other keys to an action. It warns before it takes a key from another action.
Changed keys are saved with the settings and shown in menus, tips and the palette. Every menu entry
has a key or an underlined letter: Alt opens a menu, and its letter chooses the entry.

This page is generated from the program's own table by `python -m gui.keyboard_card`.
"""


def card() -> str:
    """The whole page."""
    menus = [_table(f"{it} menu", _rows(it)) for it in dict.fromkeys(it.menu for it in ACTIONS)]
    areas = dict.fromkeys(it.area for it in FIXED_KEYS)
    fixed = [[(it.does, it.keys) for it in FIXED_KEYS if it.area == area] for area in areas]
    return "\n".join((HEAD, *menus, *map(_table, areas, fixed)))


def _rows(menu: Menu) -> Iterator[tuple[str, str]]:
    """Actions without a key are reached by the letters of their menu and of their entry."""
    specs = [it for it in ACTIONS if it.menu == menu]
    keyless = [it for it in specs if not it.keys]
    texts = lettered([it.text for it in keyless])
    letters = {it.id: letter_of(text) for it, text in zip(keyless, texts, strict=True)}
    for spec in specs:
        keys = [f"`{key_text(key)}`" for key in spec.keys]
        by_menu = f"`Alt+{menu[0]}` `{letters.get(spec.id, '').upper()}`"
        yield spec.text.rstrip("…"), ", ".join(keys) or by_menu


def _table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {does} | {keys} |" for does, keys in rows]
    return "\n".join((f"## {title}", "", "| does | key |", "|---|---|", *lines, ""))


if __name__ == "__main__":
    sys.stdout.write(card())
