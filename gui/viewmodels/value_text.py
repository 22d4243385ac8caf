"""A JSON value as the text of a cell."""

from typing import Any, Final

from replay.states.event_summary import short

LONGEST: Final = 120  # characters


def cell_text(value: Any) -> str:
    """Texts as they are, numbers with thousands apart, lists by their short items or count."""
    return value[:LONGEST] if isinstance(value, str) else short(value)
