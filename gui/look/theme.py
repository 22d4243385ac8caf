"""How everything looks: colours, fonts and sizes from one file of tokens, light or dark.

Qt's own colour-scheme switch does nothing offscreen and on plain X, so the palette is ours.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.look.style_sheet import style_sheet

Scheme = Literal["light", "dark"]

RESOURCES: Final = Path(__file__).parents[2] / "resources"
SMALLEST: Final = 0.75  # scales of the text
LARGEST: Final = 2.5
UI_FAMILIES: Final = ["Inter", "Noto Sans", "DejaVu Sans"]
MONO_FAMILIES: Final = ["JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One scheme's tokens. Sizes are logical pixels."""

    scheme: Scheme
    colors: dict[str, QColor]
    event_palette: tuple[QColor, ...]
    event_marks: tuple[str, ...]
    ui_px: int
    small_px: int
    mono_px: int
    title_px: int
    unit_px: int
    row_px: int
    bar_px: int
    padding_px: int
    radius_px: int

    def __getitem__(self, name: str) -> QColor:
        """A colour by its token's name."""
        return self.colors[name]

    def event_color(self, index: int) -> QColor:
        """The colour of the event type with this number."""
        return self.event_palette[index % len(self.event_palette)]

    def event_mark(self, index: int) -> str:
        """The shape that repeats what the colour says."""
        return self.event_marks[index % len(self.event_marks)]

    def ui_font(self, *, weight: QFont.Weight = QFont.Weight.Normal, px: int = 0) -> QFont:
        """The font for words; figures in it have equal widths."""
        return _font(tuple(UI_FAMILIES), px or self.ui_px, weight)

    def mono_font(self, *, weight: QFont.Weight = QFont.Weight.Normal, px: int = 0) -> QFont:
        """The font for names, numbers and payloads."""
        return _font(tuple(MONO_FAMILIES), px or self.mono_px, weight)


class Themes(QObject):
    """The theme in force. `changed()` after it was switched: repaint."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.choice = "system"
        self.scale = 1.0
        self.current = load_theme("light")
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def apply(self, choice: str) -> None:
        """Switch to `light`, `dark` or whatever the `system` shows."""
        self.choice = choice
        scheme: Scheme = "dark" if choice == "dark" else "light"
        if choice == "system":
            scheme = _system_scheme()
        self.current = load_theme(scheme, self.scale)
        self._app.setStyle("Fusion")
        self._app.setPalette(palette_of(self.current))
        self._app.setFont(self.current.ui_font())
        self._app.setStyleSheet(style_sheet(self.current.colors, self.current))
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


def load_fonts() -> None:
    """Make the bundled fonts known to Qt."""
    for file in sorted((RESOURCES / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


@lru_cache
def load_theme(scheme: Scheme, scale: float = 1.0) -> Theme:
    """A scheme's tokens from resources/theme/tokens.json, sizes times `scale`."""
    tokens = json.loads((RESOURCES / "theme" / "tokens.json").read_text("utf-8"))
    kept = ("ui_px", "small_px", "mono_px", "title_px", "unit_px", "row_px", "bar_px", "radius_px")
    sizes = tokens["type"] | tokens["space"]
    return Theme(
        scheme=scheme,
        colors={name: QColor(value) for name, value in tokens["color"][scheme].items()},
        event_palette=tuple(QColor(value) for value in tokens["event_palette"][scheme]),
        event_marks=tuple(tokens["event_marks"]),
        padding_px=round(sizes["panel_padding_px"] * scale),
        **{name: round(sizes[name] * scale) for name in kept},
    )


def palette_of(theme: Theme) -> QPalette:
    """The theme for Qt's own widgets."""
    role = QPalette.ColorRole
    pairs = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "canvas",
        role.AlternateBase: "panel",
        role.Text: "text",
        role.Button: "panel",
        role.ButtonText: "text",
        role.BrightText: "error",
        role.Highlight: "selection",
        role.HighlightedText: "text",
        role.ToolTipBase: "panel",
        role.ToolTipText: "text",
        role.PlaceholderText: "text_faint",
        role.Link: "accent",
        role.Mid: "line",
        role.Midlight: "line",
        role.Dark: "line_strong",
        role.Light: "panel",
        role.Shadow: "line",
        role.Accent: "accent",
    }
    palette = QPalette()
    for which, name in pairs.items():
        palette.setColor(which, theme[name])
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme["text_faint"])
    return palette


def _system_scheme() -> Scheme:
    is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if is_dark else "light"


@lru_cache
def _font(families: tuple[str, ...], px: int, weight: QFont.Weight) -> QFont:
    font = QFont(list(families))
    font.setPixelSize(px)
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("calt"), 0)  # a name such as 5x4 stays what it is: no 5×4
    return font
