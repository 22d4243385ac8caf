"""Every widget is tried in the light theme with the bundled fonts, whatever ran before."""

import pytest
from PySide6.QtWidgets import QApplication

from gui.look.theme import themes
from gui.look.tokens import load_fonts


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> None:
    """The theme as the program starts with it."""
    if themes().choice != "light":
        load_fonts()
        themes().apply("light")
