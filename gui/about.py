"""What this is, and whose work is in it."""

from typing import Final

from PySide6.QtWidgets import QMessageBox, QWidget

from gui.words import said

ABOUT: Final = said(
    "<b>Foldline</b><br>A desktop explorer for event-sourced systems.<br><br>MIT "
    "licence. Fonts: Inter and JetBrains Mono (OFL). Icons: Lucide (ISC)."
)


def show_about(over: QWidget) -> None:
    """Until it is closed."""
    QMessageBox.about(over, said("About Foldline"), ABOUT)
