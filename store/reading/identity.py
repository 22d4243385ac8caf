"""Ids for events whose format has none: the same event gets the same id at every import."""

from typing import Final
from uuid import uuid5

from store.events import EVENT_NAMESPACE
from store.reading.losses import is_uuid

_SEPARATOR: Final = "\x1f"


def minted_id(*origin: str | int) -> str:
    """A UUIDv5 made of what names the event where it comes from, and never of the file's path,
    so that importing a copy adds nothing.
    """
    return str(uuid5(EVENT_NAMESPACE, _SEPARATOR.join(map(str, origin))))


def uuid_of(id_: str) -> str:
    """The id, or for a system that takes UUIDs alone one that is made of it."""
    return id_ if is_uuid(id_) else minted_id("uuid", id_)
