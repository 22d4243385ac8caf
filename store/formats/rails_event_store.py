"""Rails Event Store's SQLite file: `event_store_events`, and which streams each event is in.

The order over all is `event_store_events.id`. Positions in a stream count from 0; a row without one
is a link (`$by_type_…`). The home of an event is the stream in which it has a position, of several
the one with the lowest row id. `created_at` is when it was stored, `valid_at`, where it differs,
when it happened; both are UTC without saying so. Data and metadata are JSON or, by default, YAML:
that is read without making any object, and its text is kept in the event's source. Layout read from
a file that version 2.15.0 wrote; 3.0.0 has the same tables.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from store import json_text
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, GrownRow, Record
from store.reading.json_members import is_value, json_object, members
from store.reading.json_records import RawRecord
from store.reading.rows import rejected_row, rows, skipped_tables, text_of
from store.reading.signs import Tables
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming, utc
from store.reading.yaml_text import json_of_yaml
from store.words import said

EVENTS: Final = "event_store_events"
STREAMS: Final = "event_store_events_in_streams"
# In our copy: the streams of an event are asked for every row.
INDEX: Final = f"CREATE INDEX IF NOT EXISTS foldline_of_event ON {STREAMS} (event_id)"
ROWS: Final = f"SELECT id, event_id, event_type, data, metadata, created_at, valid_at FROM {EVENTS}"
OF_EVENT: Final = f"SELECT stream, position FROM {STREAMS} WHERE event_id = ? ORDER BY id"
NO_STREAM: Final = "all"  # of events that are in no stream at all


def read(source: Source) -> Iterator[Record]:
    """Every event in the order of ids; other tables are told."""
    next(rows(source, INDEX), None)
    for line, row in enumerate(rows(source, f"{ROWS} ORDER BY id"), 1):
        yield _record(source, line, row)
    yield from skipped_tables(source, read=(EVENTS, STREAMS))


def rows_after(source: Source, keys: Mapping[str, int]) -> Iterator[GrownRow]:
    """The events behind an id; links that are added to those before it are not seen."""
    next(rows(source, INDEX), None)
    for row in rows(source, f"{ROWS} WHERE id > ? ORDER BY id", (keys.get(EVENTS, 0),)):
        yield GrownRow(EVENTS, row[0], _record(source, row[0], row))


def _record(source: Source, line: int, row: tuple[Any, ...]) -> Record:
    try:
        return incoming(RawRecord(line, -1, b""), _stated(source, row))
    except Unusable as reason:
        return rejected_row(line, row[:3], reason)


def _stated(source: Source, row: tuple[Any, ...]) -> StatedEvent:
    place, id_, type_, data, metadata, created, valid = row
    home, version, links = _streams(source, id_)
    payload, is_opaque = _payload(data)
    stated = _members(metadata)
    yaml = {name: it for name, it in (("data", data), ("metadata", metadata)) if _is_yaml(it)}
    beyond = {"yaml": json_text.encode({name: _plain(it) for name, it in yaml.items()})}
    types = {"types": stated.pop("types")} if "types" in stated else {}
    return StatedEvent(
        stream=home,
        type=text_of(type_, "event_type"),
        id=text_of(id_, "event_id"),
        data=payload,
        metadata=stated,
        occurred=utc(text_of(valid if valid is not None else created, "created_at")),
        recorded=utc(text_of(created, "created_at")),
        version=version,
        cursor=place,
        links=links,
        beyond={**types, **(beyond if yaml else {})},
        is_opaque=is_opaque,
    )


def _streams(source: Source, id_: Any) -> tuple[str, int | None, tuple[str, ...]]:
    """The home of an event, its version there, and the streams that it is linked into."""
    found = [(text_of(name, "stream"), at) for name, at in rows(source, OF_EVENT, (id_,))]
    if not found:
        return NO_STREAM, None, ()
    home = next(((name, at) for name, at in found if at is not None), found[0])
    links = tuple(name for name, _ in found if name != home[0])
    return home[0], None if home[1] is None else int(home[1]) + 1, links


def _payload(data: Any) -> tuple[str, bool]:
    """The data as JSON; what is neither JSON nor YAML as a text, and that it cannot be read."""
    text = _plain(data)
    if is_value(text):
        return text, False
    with suppress(Unusable):
        if _is_yaml(data):
            return json_of_yaml(text), False
    return json_object({"data_encoding": '"yaml"', "yaml": quoted(text)}), True


def _is_yaml(data: Any) -> bool:
    """Whether a column begins as every document that Ruby writes does."""
    return data is not None and _plain(data).startswith("---")


def _plain(data: Any) -> str:
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else text_of(data, "data")


def _members(metadata: Any) -> dict[str, str]:
    if metadata is None:
        return {}
    text, is_opaque = _payload(metadata)
    try:
        return {"yaml": text} if is_opaque else dict(members(text))
    except ValueError:
        raise Unusable(said("metadata is not a JSON object")) from None


FORMAT: Final = Format(
    name="rails-event-store",
    title=said("Rails Event Store, SQLite"),
    suffixes=(".sqlite3",),
    signs=(
        Tables(tables={EVENTS: ("event_id", "event_type"), STREAMS: ("event_id",)}),
        Tables(tables={EVENTS: ()}, confidence=0.9),
    ),
    read=read,
    rows_after=rows_after,
)
