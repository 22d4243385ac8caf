"""Which version of a view: the one that is shown, or one that stands beside it.

Tables, checkpoints and people name a version that stands beside a view `NAME__SLOT`. No view has
two underscores in its name, so the form can be read back; this module alone knows it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Slot(StrEnum):
    """Where a version stands."""

    LIVE = ""
    NEXT = "next"  # made beside the live one, to take its place
    BEFORE = "before"  # what it was before the last switch, or by another definition
    CHECK = "check"  # made to be compared only
    ASIDE = "aside"  # while two versions change places


KEPT: Final = frozenset({Slot.NEXT, Slot.BEFORE})  # can be asked as any view
_MARK: Final = "__"


@dataclass(frozen=True, slots=True)
class ViewVersion:
    """One version of a view."""

    view: str
    slot: Slot = Slot.LIVE

    @property
    def name(self) -> str:
        """Of its tables and its checkpoint; the view's own for the live one."""
        return f"{self.view}{_MARK}{self.slot}" if self.slot else self.view

    @property
    def is_live(self) -> bool:
        """Whether it is the one that is shown and kept up."""
        return self.slot is Slot.LIVE

    def at(self, slot: Slot) -> "ViewVersion":
        """Another version of the same view."""
        return ViewVersion(self.view, slot)


def version_named(name: str) -> ViewVersion:
    """The version with this name. One that ends in no slot is a live view's, whatever it is."""
    view, mark, slot = name.partition(_MARK)
    known = slot in _SLOTS if mark else False
    return ViewVersion(view, Slot(slot)) if known else ViewVersion(name)


_SLOTS: Final = frozenset(it.value for it in Slot if it)
