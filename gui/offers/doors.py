"""What menus ask of the workspace beside the view models of its session."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

from gui.offers.branch_doors import BranchDoors
from gui.session import Session
from gui.viewmodels.finding import AboutRow
from gui.viewmodels.new_breakpoint import Scope
from replay.correcting.kinds import Kind


class Doors(Protocol):
    """The panels of one open store, and the dialogs over them."""

    @property
    def session(self) -> Session: ...

    @property
    def branching(self) -> BranchDoors: ...

    def show_panel(self, kind: type[QWidget]) -> None: ...

    def show_view(self, name: str, at: int | None) -> None: ...

    def ask_bookmark(self, position: int, until: int | None) -> object: ...

    def ask_without(self, position: int) -> object: ...

    def ask_correct(self, position: int, kind: Kind) -> object: ...

    def ask_file(self, title: str, save: Callable[[Path], object]) -> object: ...

    def copy(self, text: str) -> None: ...

    def find_moment(self, condition: str, row: AboutRow | None = None) -> None: ...

    def teach(self, category: str) -> None: ...

    def find_type(self) -> object: ...

    def begin_breakpoint(self, where: str, scope: Scope) -> None: ...
