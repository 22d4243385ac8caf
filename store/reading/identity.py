"""Ids for events whose format has none: the same event gets the same id at every import."""

from typing import Final
from uuid import uuid5

from store.events import EVENT_NAMESPACE

_SEPARATOR: Final = "\x1f"


def minted_id(*origin: str | int) -> str:
    """A UUIDv5 made of what names the event where it comes from, and never of the file's path,
    so that importing a copy adds nothing.
    """
    return str(uuid5(EVENT_NAMESPACE, _SEPARATOR.join(map(str, origin))))
