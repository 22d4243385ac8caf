"""What pictures of the documentation are drawn with; gui.pictures.screenshots makes it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.main_window import MainWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Windows, and how to wait for what is in them and keep it."""

    made: Path  # a folder for stores
    window: Callable[[str, tuple[int, int]], MainWindow]  # by colour scheme and size
    open: Callable[[MainWindow, Path], None]  # until every view is current
    wait: Callable[[Callable[[], bool]], None]
    keep: Callable[[QWidget, str], None]
