"""Events of GitHub, from its API or GH Archive: one object an event, in a list or on lines.

A stream is a repository. The API gives the newest event first; an archive is by time. Both are read
by `created_at`, those of one second from the end of the file where that is the older one. Layout
read from files of 2013 and of today's API documentation.
"""

from collections.abc import Iterator
from typing import Final

from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record
from store.reading.inner_records import stated
from store.reading.json_members import members
from store.reading.json_records import RawRecord, members_of, records
from store.reading.ordered_records import OrderedRecords
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, rest
from store.words import said

_KNOWN: Final = ("id", "type", "repo", "payload", "created_at", "actor")


def read(source: Source) -> Iterator[Record]:
    """Every event by time."""
    by_time = OrderedRecords(source)
    first = last = ""
    for record in records(source):
        at = _time(record)
        first, last = first or at, at or last
        by_time.add((at, 0, 0), record)
    yield from stated(by_time.records(ties_reversed=first > last), _stated)


def _time(record: RawRecord) -> str:
    try:
        return fields.text(members_of(record), "created_at") or ""
    except Unusable:
        return ""


def _stated(record: RawRecord) -> StatedEvent:
    event = members_of(record)
    repo = dict(members(fields.object_text(event, "repo") or "{}"))
    actor = dict(members(fields.object_text(event, "actor") or "{}"))
    login = fields.text(actor, "login")
    return StatedEvent(
        stream=fields.required_text(repo, "name"),
        type=fields.required_text(event, "type"),
        id=_id(event),
        data=event.get("payload", "{}"),
        metadata={"user": quoted(login)} if login else {},
        recorded=fields.text(event, "created_at"),
        beyond={
            "actor": event.get("actor", "null"),
            "repo": event.get("repo", "null"),
            **rest(event, *_KNOWN),
        },
    )


def _id(event: dict[str, str]) -> str:
    """A text of digits; a number in the oldest files."""
    text = event.get("id", "null")
    return text if text.isdigit() else fields.required_text(event, "id")


FORMAT: Final = Format(
    name="github",
    title=said("GitHub events"),
    suffixes=(".json", ".jsonl"),
    signs=(UsualKeys(names=("type", "actor", "repo", "payload", "created_at"), confidence=0.97),),
    read=read,
)
