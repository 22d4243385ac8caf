"""Tips on hover that show a text as it is."""

from html import escape

from PySide6.QtWidgets import QWidget

from store.visible_text import visible_lines


def set_tip(widget: QWidget, text: str) -> None:
    """Show a text on hover; Qt would read one that looks like HTML as HTML."""
    shown = visible_lines(text)
    is_like_html = "<" in shown
    as_html = escape(shown).replace("\n", "<br>")
    widget.setToolTip(f"<qt>{as_html}</qt>" if is_like_html else shown)
