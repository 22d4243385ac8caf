"""The door of replay/ for every text that a person reads."""

from typing import Final

from store.language import Door

_DOOR: Final = Door("replay")
said: Final = _DOOR.said
counted: Final = _DOOR.counted
