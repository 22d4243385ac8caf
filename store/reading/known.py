"""Files that are recognised but not read: each is refused by its name, with what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from store.reading.sample import Sample

CONVERT: Final = (
    "Foldline does not read it yet. Turn it into JSON Lines with the members stream, type and "
    "data, or into CloudEvents."
)
PLAIN_FIRST: Final = "Unpack it first, and import what is in it."
LIKE_OURS: Final = 0.9  # how sure a set of keys makes


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """What a file seems to be."""

    title: str
    advice: str
    confidence: float


def look_alike(sample: Sample) -> LookAlike | None:
    """The first of the known kinds that fits, or None."""
    if sample.shape == "sqlite":
        return _tables(sample)
    return _content(sample) if sample.shape == "other" else _keys(sample)


def _tables(sample: Sample) -> LookAlike:
    for title, names in _TABLES:
        if any(map(sample.has_table, names)):
            return LookAlike(title=title, advice=CONVERT, confidence=LIKE_OURS)
    return LookAlike(title="a SQLite file of another program", advice=CONVERT, confidence=0)


def _keys(sample: Sample) -> LookAlike | None:
    for title, names in _MEMBERS:
        if sample.share_with(*names) >= 0.5:
            return LookAlike(title=title, advice=CONVERT, confidence=LIKE_OURS)
    for title, tokens in _TOKENS:
        if all(f'"{token}"'.encode() in sample.head for token in tokens):
            return LookAlike(title=title, advice=CONVERT, confidence=0.5)
    return None


def _content(sample: Sample) -> LookAlike | None:
    for title, start, advice in _MAGIC:
        if sample.head.startswith(start):
            return LookAlike(title=title, advice=advice, confidence=1)
    for title, test in _TEXTS:
        if test(sample.head.lstrip()):
            return LookAlike(title=title, advice=CONVERT, confidence=LIKE_OURS)
    return None


def _is_xml(head: bytes) -> bool:
    return head.startswith((b"<?xml", b"<log", b"<!DOCTYPE"))


def _is_ocel2_xml(head: bytes) -> bool:
    return _is_xml(head) and (b"<object-types" in head or b"<event-types" in head)


def _is_ocel1_xml(head: bytes) -> bool:
    return _is_xml(head) and b"<log" in head and b'<global scope="' in head and b"<events" in head


def _is_xes(head: bytes) -> bool:
    return _is_xml(head) and b"<log" in head and (b"<trace" in head or b"xes" in head)


def _is_dump(head: bytes) -> bool:
    return head.startswith(b"--") and b"PostgreSQL database dump" in head[:4096]


def _is_sse(head: bytes) -> bool:
    return head.startswith((b"event:", b"id:", b"data:", b":"))


def _is_git(head: bytes) -> bool:
    return head.startswith((b"feature ", b"blob\n", b"reset refs/", b"commit refs/"))


def _is_csv(head: bytes) -> bool:
    """A first line of names with a comma, semicolon or tab between them."""
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    cells = next((line.split(it) for it in (",", ";", "\t") if it in line), [])
    return len(cells) > 1 and all(cell.strip('" ').isidentifier() for cell in cells)


_MAGIC: Final = (
    (
        "a PostgreSQL custom archive",
        b"PGDMP",
        "Make plain text of it first: pg_restore -f out.sql FILE",
    ),
    ("an Avro file", b"Obj\x01", CONVERT),
    ("a Parquet file", b"PAR1", CONVERT),
    ("an Arrow file", b"ARROW1", CONVERT),
    ("a zip archive", b"PK\x03\x04", PLAIN_FIRST),
    ("a Zstandard file", b"\x28\xb5\x2f\xfd", PLAIN_FIRST),
    ("an xz file", b"\xfd7zXZ\x00", PLAIN_FIRST),
    ("a bzip2 file", b"BZh", PLAIN_FIRST),
)
_TEXTS: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    ("an OCEL 2.0 log as XML", _is_ocel2_xml),
    ("an OCEL 1.0 log as XML", _is_ocel1_xml),
    ("an XES log", _is_xes),
    ("an XML file", _is_xml),
    ("a PostgreSQL dump", _is_dump),
    ("a git fast-export", _is_git),
    ("a stream of server-sent events", _is_sse),
    ("a CSV file", _is_csv),
)
_TABLES: Final = (
    ("a Rails Event Store database", ("event_store_events",)),
    ("an OCEL 1.0 database", ("EVENTS",)),
    ("a Marten database", ("mt_events",)),
    ("an Axon database", ("domain_event_entry", "DomainEventEntry", "domainevententry")),
    ("an Akka persistence database", ("event_journal", "journal")),
    ("a Commanded database", ("stream_events",)),
    ("a Message DB copy", ("messages",)),
)
_MEMBERS: Final = (
    ("kcat output", ("topic", "partition", "offset", "tstype", "payload")),
    ("Debezium changes", ("op", "source", "before")),
    ("Debezium changes", ("op", "source", "after")),
    ("Debezium changes", ("schema", "payload")),
    ("a Redux DevTools log", ("actionsById", "stagedActionIds")),
    ("a Redux DevTools export", ("payload", "preloadedState")),
    ("OpenTelemetry traces", ("resourceSpans",)),
    ("OpenTelemetry logs", ("resourceLogs",)),
    ("OpenTelemetry metrics", ("resourceMetrics",)),
    ("EventBridge events", ("detail-type", "source", "detail")),
    ("a KurrentDB Atom feed", ("streamId", "headOfStream")),
    ("a KurrentDB Atom feed", ("entries",)),
    ("KurrentDB events", ("eventId", "eventType", "data")),
    ("a Temporal history", ("eventId", "eventTime", "eventType")),
    ("a Temporal history", ("history",)),
    ("Castore events", ("aggregateId", "events")),
    ("Wikimedia EventStreams", ("$schema", "meta")),
    ("GitHub events", ("type", "actor", "repo", "payload", "created_at")),
    ("an OCEL 1.0 log", ("ocel:events",)),
    ("an OCEL 1.0 log", ("ocel:global-log",)),
    ("Message DB rows", ("global_position", "position", "stream_name")),
    ("Emmett rows", ("stream_position", "global_position", "message_type")),
)
_TOKENS: Final = (
    ("a KurrentDB client dump", ("revision", "streamId")),
    ("a Castore DynamoDB scan", ("Items", "aggregateId")),
    ("a CloudTrail log", ("Records", "eventSource", "eventName")),
    ("an S3 notification", ("Records", "s3")),
    ("a Temporal history", ("events", "eventId", "eventTime")),
)
