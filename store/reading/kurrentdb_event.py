"""What the forms of a KurrentDB (EventStoreDB) event share: its metadata, and its payload.

Revisions count from 0. Names that begin with `$` are the system's own. Layout read from the source
of version 26 and its documentation.
"""

from collections.abc import Mapping
from typing import Final

from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.json_members import is_value, members
from store.reading.json_records import RawRecord
from store.reading.remarks import Skipped
from store.reading.stated_event import renamed
from store.words import said

RENAMED: Final = {
    "$correlationId": "correlation_id",
    "$causationId": "causation_id",
    "$causedBy": "user",
}
SYSTEM: Final = "$"


def system_event(record: RawRecord, type_: str) -> Skipped:
    """An event of the system itself, such as a link or a stream's metadata: it stays out."""
    text = said("system event {type_}", type_=type_)[:200]
    return Skipped(kind="messages", text=text, line=record.number, offset=record.offset)


def payload(text: str, *, is_json: bool, is_folded: bool = False) -> tuple[str, bool]:
    """The payload as JSON, and whether nobody here can read it. One that was written as a JSON text
    inside a text is unfolded; `is_folded`: all are written so."""
    if not is_json:
        return text, text not in ("null", '""')
    inner = fields.text({"data": text}, "data") if text.startswith('"') else None
    if inner is None:
        return text, False
    return (inner, False) if is_value(inner) else (text, is_folded)


def metadata_of(text: str) -> dict[str, str]:
    """Metadata, with our names beside theirs. Raises Unusable where it is no object."""
    unfolded, _ = payload(text, is_json=True)
    if unfolded in ("null", '""'):
        return {}
    try:
        return renamed(dict(members(unfolded)), RENAMED)
    except ValueError:
        raise Unusable(said("the metadata is not a JSON object")) from None


def revision(record: Mapping[str, str], name: str) -> int | None:
    """A revision, written as a number or as digits in a text."""
    text = record.get(name, "null")
    if text.startswith('"'):
        digits = text.strip('"')
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
            raise Unusable(said("{name} is not a whole number", name=name))
        return int(digits)
    return fields.number(record, name)


def version_of(number: int | None) -> int | None:
    """Our version of a revision."""
    return None if number is None else number + 1


def told(name: str, value: object) -> dict[str, str]:
    """One fact that no column of ours holds; nothing where there is none."""
    return {} if value in (None, "") else {name: quoted(str(value))}
