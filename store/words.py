"""The door of store/ for every text that a person reads."""

from typing import Final

from store.language import Door

_DOOR: Final = Door("store")
said: Final = _DOOR.said
counted: Final = _DOOR.counted
