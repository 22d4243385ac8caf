"""Tips on hover that show a text as it is, and the key of what a button does."""

from html import escape
from typing import Final

from PySide6.QtWidgets import QWidget

from store.visible_text import begun, visible_lines

_TEXT: Final = "tip_text"  # properties of a widget whose tip shows a key
_ACTION: Final = "tip_action"
_KEY: Final = "tip_key"


def set_tip(widget: QWidget, text: str) -> None:
    """Show a text on hover."""
    widget.setToolTip(tip_text(text))


def tip_text(text: str) -> str:
    """A text for a tip; Qt would read one that looks like HTML as HTML."""
    shown = visible_lines(begun(text))
    is_like_html = "<" in shown
    as_html = escape(shown).replace("\n", "<br>")
    return f"<qt>{as_html}</qt>" if is_like_html else shown


def set_action_tip(widget: QWidget, text: str, action: str) -> None:
    """A tip that ends with the key of an action of the window, by its id, once `show_key` has told
    it."""
    if widget.property(_ACTION) != action:
        widget.setProperty(_KEY, "")
    widget.setProperty(_TEXT, text)
    widget.setProperty(_ACTION, action)
    _write(widget)


def action_of(widget: QWidget) -> str:
    """The id of the action whose key the tip shows; empty: it shows none."""
    return str(widget.property(_ACTION) or "")


def show_key(widget: QWidget, key: str) -> None:
    """The key that the action has now; empty where it has none."""
    widget.setProperty(_KEY, key)
    _write(widget)


def _write(widget: QWidget) -> None:
    text, key = widget.property(_TEXT) or "", widget.property(_KEY)
    set_tip(widget, f"{text} ({key})" if key else str(text))
