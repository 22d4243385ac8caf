"""Keys as they are kept, as people read them, and which of them no action can have."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtGui import QKeySequence

from gui.fixed_keys import FIXED_KEYS
from gui.words import said

_FIXED: Final = {QKeySequence(key).toString(): it for it in FIXED_KEYS for key in it.taken}


def unreadable(kept: Mapping[str, Any]) -> list[str]:
    """The actions whose kept keys are none, with what stands there."""
    return [f"{id_}: {it!r}" for id_, it in kept.items() if read_keys(it) is None]


def refusal(key: str) -> str:
    """Why no action can have a key; empty where one can."""
    text = QKeySequence(key).toString()
    if not text:
        return said("this is not a key")
    fixed = _FIXED.get(text)
    return (
        said("{area} it already does: {does}", area=fixed.area.lower(), does=fixed.does.lower())
        if fixed is not None
        else ""
    )


def key_text(key: str) -> str:
    """A key as people read it."""
    signs = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    before, plus, last = text.rpartition("+")
    return f"{before}{plus}{signs.get(last, last)}" if last else text


def written(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(QKeySequence(key).toString() for key in keys)


def read_keys(kept: Any) -> tuple[str, ...] | None:
    """Keys as they are kept; None: these are none."""
    if not isinstance(kept, list) or not all(isinstance(it, str) for it in kept):
        return None
    found = written(kept)
    return None if any(map(refusal, found)) else found
