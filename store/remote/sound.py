"""Events that a server would take differently, or refuse in words of its own."""

from collections.abc import Sequence

from store import json_text
from store.errors import DuplicateEventId, InvalidEvent
from store.events import NewEvent
from store.words import said


def require_sound(stream: str, events: Sequence[NewEvent]) -> None:
    """What the server would take differently, or say badly. Raises InvalidEvent."""
    if not stream:
        raise InvalidEvent(said("an event needs a stream to live in"))
    for it in events:
        if not it.type:
            raise InvalidEvent(said("an event needs a type"))
        if reason := _unsound(stream, it):
            raise InvalidEvent(said("{reason}: {id}", reason=reason, id=it.id))
    ids = [it.id for it in events]
    if len(set(ids)) != len(ids):
        raise DuplicateEventId(next(it for it in ids if ids.count(it) > 1))


def _unsound(stream: str, event: NewEvent) -> str:
    texts = (stream, event.type, event.id, event.data_json, event.metadata_json)
    if any("\0" in it or not _is_unicode(it) for it in texts):
        return said("text with NUL or half a surrogate pair cannot be stored there")
    if event.links:
        return said("a store on a server links no events into other streams")
    try:
        json_text.decode(event.data_json)
        others = [event.metadata_json, *([event.source_json] if event.source_json else [])]
        is_sound = all(isinstance(json_text.decode(it), dict) for it in others)
    except ValueError as error:
        return said("the event is not valid JSON ({reason})", reason=error)
    return "" if is_sound else said("metadata and source must be JSON objects")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
