"""The theme as a palette: what every widget, and every label by its role, is coloured with.

A role of a palette is looked up when a widget is painted. So another theme is another palette and
one repaint; no widget is told anything.
"""

from typing import Final

from PySide6.QtGui import QPalette

from gui.look.tokens import Theme

_ROLE: Final = QPalette.ColorRole

# Qt's name on the left; the last ones are not used by Qt's own drawing and carry words of a label.
ROLES: Final = {
    _ROLE.Window: "window",
    _ROLE.WindowText: "text",
    _ROLE.Base: "canvas",
    _ROLE.AlternateBase: "field",
    _ROLE.Text: "text",
    _ROLE.Button: "panel",
    _ROLE.ButtonText: "text",
    _ROLE.BrightText: "error",
    _ROLE.Highlight: "selection",
    _ROLE.HighlightedText: "text",
    _ROLE.ToolTipBase: "panel",
    _ROLE.ToolTipText: "text",
    _ROLE.PlaceholderText: "text_faint",
    _ROLE.Link: "accent",
    _ROLE.LinkVisited: "text_dim",
    _ROLE.Midlight: "ok",
    _ROLE.Mid: "warn",
    _ROLE.Dark: "line_strong",
    _ROLE.Light: "panel",
    _ROLE.Shadow: "line",
    _ROLE.Accent: "accent",
}

# Which role of the palette draws the words of a label that has a role of ours.
WORDS: Final = {
    "dim": _ROLE.LinkVisited,
    "section": _ROLE.LinkVisited,
    "faint": _ROLE.PlaceholderText,
    "error": _ROLE.BrightText,
    "ok": _ROLE.Midlight,
    "warn": _ROLE.Mid,
}

# Which one fills a widget that has a role of ours.
GROUNDS: Final = {
    "panel": _ROLE.Button,
    "canvas": _ROLE.Base,
    "bar": _ROLE.Button,
    "foot": _ROLE.Button,
    "offers": _ROLE.Button,
    "plain": _ROLE.Button,
    "callout": _ROLE.Button,
    "palette": _ROLE.Button,
}


def palette_of(theme: Theme) -> QPalette:
    """The theme for Qt's own widgets and for the style."""
    palette = QPalette()
    for role, name in ROLES.items():
        palette.setColor(role, theme[name])
    for role in (_ROLE.Text, _ROLE.WindowText, _ROLE.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme["text_faint"])
    return palette
