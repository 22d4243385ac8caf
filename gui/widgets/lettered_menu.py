"""Menus in which every entry has a letter of its own, so that a hand on the keys reaches it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

SIGN: Final = "&"


class LetteredMenu(QMenu):
    """Gives letters when it opens, to its submenus too. Letters that are written (`&`) stay."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.aboutToShow.connect(self.give_letters)

    @Slot()
    def give_letters(self) -> None:
        """At once, for a menu whose entries are written in advance."""
        give_letters(self)


def give_letters(menu: QMenu) -> None:
    """To each entry of a menu and of those below it. Those that have a key come last: where
    letters run out, they can do without."""
    actions = [it for it in menu.actions() if not it.isSeparator() and it.isVisible()]
    actions.sort(key=lambda it: bool(it.shortcuts()))  # stable: else in the order of the menu
    for action, text in zip(actions, lettered([it.text() for it in actions]), strict=True):
        if action.text() != text:
            action.setText(text)
    for below in map(_menu_of, actions):
        if below is not None:
            give_letters(below)


def lettered(texts: Sequence[str]) -> list[str]:
    """Texts of menu entries with `&` before a letter that no other one has: the first of a word
    where one is free, else any. A text all of whose letters are taken stays as it is."""
    taken = {letter for it in texts if (letter := letter_of(it))}
    found = []
    for text in texts:
        at = -1 if letter_of(text) else _free(text, taken)
        if at >= 0:
            taken.add(text[at].casefold())
            text = f"{text[:at]}{SIGN}{text[at:]}"
        found.append(text)
    return found


def letter_of(text: str) -> str:
    """The letter that opens an entry, in lower case; empty where it has none."""
    rest = text.replace(SIGN * 2, "")
    at = rest.find(SIGN)
    return rest[at + 1 : at + 2].casefold() if at >= 0 else ""


def plain(text: str) -> str:
    """An entry's text without the sign of its letter."""
    return text.replace(SIGN * 2, "\0").replace(SIGN, "").replace("\0", SIGN)


def _free(text: str, taken: set[str]) -> int:
    """Where the letter stands that the entry can have; -1: none is free."""
    places = [at for at, it in enumerate(text) if it.isalnum() and it.casefold() not in taken]
    starts = [at for at in places if at == 0 or not text[at - 1].isalnum()]
    return (starts or places or [-1])[0]


def _menu_of(action: QAction) -> QMenu | None:
    below = action.menu()
    return below if isinstance(below, QMenu) else None
