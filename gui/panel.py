"""What a panel declares about itself: id, title, place in the window, and how it is made.

A file of gui/views that holds a `PANEL` adds a panel; nothing else names it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from gui.look.docking import Area
from gui.session import Session

W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Generic[W]):
    """A panel that docks, floats and hides."""

    id: str  # stable: saved layouts name it
    title: str
    area: Area
    order: int  # from left to right in the menu of panels, and among tabs of the centre
    make: Callable[[Session], W]
    size_px: int | None = None  # its first width (left, right) or height (top)
    begin: Callable[[W], None] | None = None  # puts the keyboard where work begins


@dataclass(frozen=True, slots=True, kw_only=True)
class TabPanel(Generic[W]):
    """A panel that is a page of another panel, which has an `UnderlineTabs` as `tabs`."""

    id: str  # stable: the place of a store names it
    title: str
    parent: str  # the id of that other panel
    order: int  # behind the pages that the parent itself has
    make: Callable[[Session], W]
    retitled: Callable[[W], SignalInstance] | None = None  # tells its title, with a count in it
    begin: Callable[[W], None] | None = None


AnyPanel: TypeAlias = Panel[QWidget] | TabPanel[QWidget]
