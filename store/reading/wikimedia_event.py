"""A change of a wiki, as Wikimedia EventStreams tells it, whatever it is wrapped in.

A stream is a page of a wiki (`enwiki/Title`). Revision numbers are those of the whole wiki, so
versions are given here. Layout: the schemas under /mediawiki/ that the events name.
"""

from typing import Final

from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.json_members import json_object, members
from store.reading.json_records import RawRecord
from store.reading.stated_event import StatedEvent
from store.words import said

_PAGES: Final = ("title", "page_title")
_WIKIS: Final = ("wiki", "database")


def wikimedia_event(_: RawRecord, event: dict[str, str]) -> StatedEvent:
    """What a record says. Raises Unusable."""
    meta = dict(members(fields.object_text(event, "meta") or "{}"))
    wiki = _first(event, _WIKIS) or fields.text(meta, "domain")
    page = _first(event, _PAGES)
    if wiki is None:
        raise Unusable(said("the event names no wiki"))
    request, user = fields.text(meta, "request_id"), _user(event)
    metadata = {"correlation_id": quoted(request)} if request else {}
    if user:
        metadata["user"] = quoted(user)
    return StatedEvent(
        stream=f"{wiki}/{page}" if page else wiki,
        type=_first(event, ("type",)) or fields.text(meta, "stream") or "change",
        id=fields.required_text(meta, "id"),
        data=_data(event),
        metadata=metadata,
        recorded=fields.text(meta, "dt"),
        cursor=_cursor(meta),
        beyond={name: event[name] for name in ("$schema", "meta") if name in event},
    )


def _first(event: dict[str, str], names: tuple[str, ...]) -> str | None:
    for name in names:
        if event.get(name, "").startswith('"') and (found := fields.text(event, name)):
            return found
    return None


def _user(event: dict[str, str]) -> str | None:
    """A name, or of newer schemas an object with one."""
    if (user := _first(event, ("user",))) is not None:
        return user
    performer = dict(members(fields.object_text(event, "performer") or "{}"))
    return fields.text(performer, "user_text")


def _cursor(meta: dict[str, str]) -> str | None:
    """The place in its Kafka topic."""
    topic, partition, offset = (meta.get(it) for it in ("topic", "partition", "offset"))
    if topic is None or offset is None:
        return None
    return f"{topic.strip(chr(34))}/{partition}/{offset}"


def _data(event: dict[str, str]) -> str:
    stated = {name: text for name, text in event.items() if name not in ("$schema", "meta", "type")}
    return json_object(stated)
