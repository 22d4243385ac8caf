"""What Redux DevTools export: `{"payload": "[actions]", "preloadedState": "{…}"}`, both as texts.

There are neither ids nor times. A state that is not empty before the first action is the first
event. Layout read from what @redux-devtools/instrument 2.2 wrote.
"""

from collections.abc import Iterator
from typing import Final

from store.formats.redux_log import STREAM, action_event
from store.reading import fields
from store.reading.fields import Unusable
from store.reading.format import Format, Record
from store.reading.inner_records import stated
from store.reading.json_members import elements
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.words import said

NAME: Final = "redux-export"
PRELOADED: Final = "Preloaded"


def read(source: Source) -> Iterator[Record]:
    """Every action in the order in which it was dispatched."""
    for record in records(source):
        try:
            export = members_of(record)
            actions = _actions(fields.required_text(export, "payload"))
            preloaded = fields.text(export, "preloadedState")
        except Unusable as reason:
            yield rejected(record, reason)
            continue
        if preloaded not in (None, "{}", "null"):
            yield incoming(record, _base(str(preloaded)))
        yield from stated(actions, _stated)


def _actions(payload: str) -> list[RawRecord]:
    try:
        found = enumerate(elements(payload), 1)
        return [RawRecord(number, it.offset, it.text.encode()) for number, it in found]
    except ValueError as error:
        raise Unusable(said("payload is not a list of actions ({error})", error=error)) from None


def _base(preloaded: str) -> StatedEvent:
    return StatedEvent(
        stream=STREAM, type=PRELOADED, key=(NAME, "preloaded", preloaded), data=preloaded
    )


def _stated(record: RawRecord) -> StatedEvent:
    key = (NAME, record.number, record.text.decode())
    return action_event(members_of(record), key=key, at=None, beyond={})


FORMAT: Final = Format(
    name=NAME,
    title=said("Redux DevTools, an export"),
    suffixes=(".json",),
    signs=(UsualKeys(names=("payload", "preloadedState"), confidence=0.97),),
    read=read,
)
