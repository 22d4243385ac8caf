"""The door of gui/ for every text that a person reads."""

from typing import Final

from store.language import Door

_DOOR: Final = Door("gui")
said: Final = _DOOR.said
counted: Final = _DOOR.counted
