"""The theme in force, light or dark or of high contrast, and how it is switched.

Qt's own colour-scheme switch does nothing offscreen and on plain X, so the palette is ours.
"""

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui.look.palette import palette_of
from gui.look.style import FoldlineStyle
from gui.look.tokens import Scheme, load_theme

SMALLEST: Final = 0.75  # scales of the text
LARGEST: Final = 2.5
FORCED: Final[dict[str, Scheme]] = {"light": "light", "dark": "dark", "contrast": "contrast"}


class Themes(QObject):
    """The theme in force. `changed()` after it was switched: repaint.

    A switch is a palette: the style asks it when it paints. Only another scale of the text takes
    every widget in hand, for its fonts and sizes.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.choice = "system"
        self.scale = 1.0
        self.current = load_theme("light")
        self._style: FoldlineStyle | None = None
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def apply(self, choice: str) -> None:
        """Switch to `light`, `dark`, `contrast` or whatever the `system` shows."""
        self.choice = choice
        self.current = load_theme(FORCED.get(choice) or _system_scheme(), self.scale)
        if self._style is None or self._style.scale != self.scale:
            self._style = FoldlineStyle(self.current, self.scale)
            self._app.setStyle(self._style)
            self._app.setFont(self.current.ui_font())
        self._style.theme = self.current
        self._app.setPalette(palette_of(self.current))
        # Qt hands it to the widgets with a later event: who hears `changed` finds it there.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationPaletteChange.value)
        self.changed.emit()

    def set_scale(self, scale: float) -> None:
        """Make text, and all that is measured by it, larger or smaller: 1 is as designed."""
        self.scale = min(max(scale, SMALLEST), LARGEST)
        self.apply(self.choice)

    @Slot()
    def _follow_system(self) -> None:
        if self.choice == "system":
            self.apply("system")


def themes() -> Themes:
    """The running application's themes."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("there is no application yet")
    found = app.findChild(Themes)
    return found if isinstance(found, Themes) else Themes(app)


def _system_scheme() -> Scheme:
    is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if is_dark else "light"
