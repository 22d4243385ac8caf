"""Write events as XES: a trace a stream, its events in their order.

Times have milliseconds, as programs for XES expect: what they lose is carried, with what else XES
has no place for. Members of the data are attributes where their names are names in XML.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final
from xml.sax.saxutils import quoteattr

import msgspec

from store.events import RecordedEvent
from store.reading.carried import CARRIED, VERSION, carried_text, is_beside, metadata_beside
from store.reading.format import Outgoing
from store.reading.json_members import json_object
from store.reading.losses import is_uuid
from store.reading.ocel_values import typed_text
from store.reading.plain_attributes import Plain, in_xml, is_in_xml, plain_attributes
from store.reading.sqlite_source import scratch_database
from store.times import format_moment
from store.words import said

NAME_KEY, TIME_KEY, ID_KEY = "concept:name", "time:timestamp", "identity:id"
STEP_KEY, USER_KEY = "lifecycle:transition", "org:resource"
HEAD: Final = said(
    '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="2.0" xes.features="" '
    'xmlns="http://www.xes-standard.org/">\n<extension name="Concept" prefix="concept" '
    'uri="http://www.xes-standard.org/concept.xesext"/>\n<extension name="Time" '
    'prefix="time" uri="http://www.xes-standard.org/time.xesext"/>\n<extension '
    'name="Organizational" prefix="org" '
    'uri="http://www.xes-standard.org/org.xesext"/>\n<extension name="Identity" '
    'prefix="identity" uri="http://www.xes-standard.org/identity.xesext"/>\n'
    '<classifier name="Type" keys="concept:name"/>\n'
)
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")  # no colon: prefixes mean something
_TAGS: Final = {"integer": "int", "float": "float", "boolean": "boolean", "string": "string"}
_SPECIAL: Final = re.compile(r"[&<>\"\r\n\t]")  # what cannot stand in an attribute as it is
_ESCAPED: Final = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
_STREAMS: Final = "CREATE TABLE streams (number INTEGER PRIMARY KEY, name TEXT UNIQUE)"
_EVENTS: Final = "CREATE TABLE put_by (stream INTEGER, event BLOB)"
_FIRST: Final = "INSERT OR IGNORE INTO streams (name) VALUES (?)"
_ADD: Final = "INSERT INTO put_by VALUES ((SELECT number FROM streams WHERE name = ?), ?)"
_SORTED: Final = "SELECT stream, event FROM put_by ORDER BY stream, rowid"


def write(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One document."""
    written, open_ = 0, 0
    file.write(HEAD.encode())
    with _by_stream(events) as found:
        for stream, outgoing in found:
            if stream != open_:
                end = "</trace>\n" if open_ else ""
                name = _attribute("string", NAME_KEY, in_xml(outgoing.event.stream))
                file.write(f"{end}<trace>{name}\n".encode())
                open_ = stream
            file.write(_event(outgoing).encode())
            written += 1
    file.write(b"</trace>\n</log>\n" if open_ else b"</log>\n")
    return written


@contextmanager
def _by_stream(events: Iterable[Outgoing]) -> Iterator[Iterator[tuple[int, Outgoing]]]:
    """Each with the number of its stream, stream by stream, as they came up."""
    encoder, decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Outgoing)
    with scratch_database() as db:
        db.execute(_STREAMS)
        db.execute(_EVENTS)
        db.execute("BEGIN")
        for outgoing in events:
            stream = outgoing.event.stream
            db.execute(_FIRST, [stream])
            db.execute(_ADD, [stream, encoder.encode(outgoing)])
        yield ((number, decoder.decode(it)) for number, it in db.execute(_SORTED))


def _event(outgoing: Outgoing) -> str:
    event = outgoing.event
    type_, id_ = in_xml(event.type), in_xml(event.id)
    plain = {name: it for name, it in plain_attributes(event.data_json).items() if _is_key(name)}
    back = {name: _read_back(it) for name, it in plain.items()}
    attributes = [
        _attribute("string", NAME_KEY, type_),
        _attribute("date", TIME_KEY, _milliseconds(event)),
        _attribute("id" if is_uuid(id_) else "string", ID_KEY, id_),
        *(_attribute(_TAGS[it.kind], name, it.text) for name, it in plain.items()),
        _attribute("int", VERSION, str(event.version)),
        *_metadata(event),
    ]
    text = carried_text(
        outgoing,
        has_data=json_object(back) != event.data_json,
        is_named=(type_, id_) == (event.type, event.id),
    )
    return f"<event>{''.join(attributes)}{_attribute('string', CARRIED, text)}</event>\n"


def _is_key(name: str) -> bool:
    return _KEY.fullmatch(name) is not None and not is_beside(name)


def _read_back(plain: Plain) -> str:
    """What a reader makes of a value."""
    return plain.text if plain.kind == "boolean" else typed_text(plain.text, plain.kind)


def _milliseconds(event: RecordedEvent) -> str:
    """In UTC; xs:dateTime, of which some programs read three digits only."""
    return f"{format_moment(event.occurred_at_us, 0)[:23]}+00:00"


def _metadata(event: RecordedEvent) -> Iterator[str]:
    """The user as the resource, other texts under their names."""
    for name, text in metadata_beside(event).items():
        if not is_in_xml(text):
            continue
        if name == "metadata.user":
            yield _attribute("string", USER_KEY, text)
        elif _KEY.fullmatch(name):
            yield _attribute("string", name, text)


def _attribute(tag: str, key: str, value: str) -> str:
    quoted = quoteattr(value, _ESCAPED) if _SPECIAL.search(value) else f'"{value}"'
    return said('<{tag} key="{key}" value={value}/>', tag=tag, key=key, value=quoted)
