"""Files that are known and not read yet are refused by their name, with what to do."""

import sqlite3
from pathlib import Path
from typing import Final

import pytest

from store.errors import UnknownFormat
from store.reading.detect import detect, formats, unread_formats

XML: Final = b'<?xml version="1.0"?>\n'
# One beginning of each, and of some that are read by now; of SQLite files the tables' names.
EXAMPLES: Final[dict[str, bytes | tuple[str, ...]]] = {
    "akka": ("event_journal", "event_tag"),
    "arrow": b"ARROW1\x00\x00",
    "avro": b"Obj\x01\x04",
    "axon": ("domain_event_entry", "messages"),
    "bzip2": b"BZh91AY",
    "castore": b'[{"aggregateId": "a", "events": [{"version": 1, "type": "T"}]}]',
    "castore-dynamodb": b'{"Items": [{"aggregateId": {"S": "x#1"}}], "Count": 1}',
    "cloudtrail": b'{"Records": [{"eventSource": "s3", "eventName": "Get"}]}',
    "commanded": ("streams", "stream_events"),
    "csv": b'stream,type,"data"\ns-1,T,{}\n',
    "debezium": b'{"before": null, "after": {}, "op": "c", "source": {}}\n',
    "emmett-rows": b'{"stream_position": 1, "global_position": 1, "message_type": "T"}\n',
    "eventbridge": b'{"id": "1", "detail-type": "T", "source": "s", "detail": {}}\n',
    "git-fast-export": b"reset refs/heads/main\ncommit refs/heads/main\n",
    "github": b'{"id":"1","type":"PushEvent","actor":{},"repo":{},"payload":{},"created_at":""}\n',
    "kcat": b'{"topic":"t","partition":0,"offset":1,"tstype":"create","ts":1,"payload":""}\n',
    "kurrentdb": b'[{"eventId": "1", "eventType": "T", "data": {}}]',
    "kurrentdb-atom": b'{"title": "x", "entries": [{"eventNumber": 1}]}',
    "kurrentdb-dump": b'{"event": {"streamId": "s", "revision": "0"}}\n',
    "marten": ("mt_events", "mt_streams"),
    "message-db-rows": b'{"global_position": 1, "position": 0, "stream_name": "s-1"}\n',
    "ocel1-json": b'{"ocel:global-log": {}, "ocel:events": {}}',
    "ocel1-sqlite": ("EVENTS", "RELATIONS", "OBJECTS"),
    "ocel1-xml": XML + b'<log><global scope="event"/><events><event/></events></log>',
    "ocel2-xml": XML + b"<log><object-types/><event-types/><trace/></log>",
    "otlp-logs": b'{"resourceLogs": []}\n',
    "otlp-metrics": b'{"resourceMetrics": []}\n',
    "otlp-traces": b'{"resourceSpans": []}\n',
    "pg-custom": b"PGDMP\x01\x0e",
    "pg-dump": b"--\n-- PostgreSQL database dump\n--\n",
    "rails-event-store": ("event_store_events", "event_store_events_in_streams"),
    "redux-export": b'{"payload": "[]", "preloadedState": "{}"}',
    "redux-log": b'{"monitorState": {}, "actionsById": {}, "stagedActionIds": [0]}',
    "s3-notification": b'{"Records": [{"s3": {"bucket": {}}}]}',
    "server-sent-events": b":ok\n\nevent: message\ndata: {}\n",
    "sqlite": ("notes",),
    "temporal": b'{"history": {"events": [{"eventId": "1"}]}}',
    "wikimedia": b'{"$schema": "/mediawiki/x", "meta": {"stream": "s"}, "type": "edit"}\n',
    "xes": XML + b'<log xes.version="2.0"><trace/></log>',
    "xml": XML + b"<html/>",
    "xz": b"\xfd7zXZ\x00\x00",
}
READ: Final = frozenset(it.name for it in formats())


def example(path: Path, content: bytes | tuple[str, ...]) -> Path:
    """A file with this beginning, or a SQLite file with these tables."""
    if isinstance(content, bytes):
        path.write_bytes(content)
        return path
    db = sqlite3.connect(path)
    for table in content:
        db.execute(f"CREATE TABLE {table} (id)")
    db.close()
    return path


@pytest.mark.parametrize("name", [it.name for it in unread_formats()])
def test_it_is_refused_by_its_name_with_what_to_do(tmp_path: Path, name: str) -> None:
    unread = next(it for it in unread_formats() if it.name == name)
    path = example(tmp_path / "file", EXAMPLES[name])

    with pytest.raises(UnknownFormat, match=f"this looks like {unread.title}") as told:
        detect(path)

    assert told.value.hint == unread.advice != ""


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (XML + b"<log><trace/><object-types/></log>", "ocel2-xml"),
        (b'{"eventId":"1","eventTime":"","eventType":"T"}\n', "temporal"),
        (b'[{"history": 1, "eventId": "1", "eventType": "T", "data": {}}]', "kurrentdb"),
        (("messages", "mt_events"), "marten"),
        (("other", "event_journal"), "akka"),
    ],
)
def test_the_stronger_sign_counts(
    tmp_path: Path, content: bytes | tuple[str, ...], name: str
) -> None:
    path = example(tmp_path / "file", content)
    if name in READ:
        assert detect(path).format.name == name
        return
    title = next(it.title for it in unread_formats() if it.name == name)

    with pytest.raises(UnknownFormat, match=title):
        detect(path)


@pytest.mark.parametrize("name", sorted(READ & EXAMPLES.keys()))
def test_a_format_that_is_read_is_told_from_the_others_by_its_beginning(
    tmp_path: Path, name: str
) -> None:
    assert detect(example(tmp_path / "file", EXAMPLES[name])).format.name == name


def test_a_file_with_no_sign_is_refused_with_the_list(tmp_path: Path) -> None:
    path = example(tmp_path / "notes.txt", b"just some words\n")

    with pytest.raises(UnknownFormat, match="the format of this file was not recognised") as told:
        detect(path)

    assert told.value.hint == UnknownFormat.hint


def test_a_file_that_is_half_of_ours_is_told_with_a_doubt(tmp_path: Path) -> None:
    ours = b'{"stream": "s", "type": "T", "data": {}}\n' * 2
    path = example(tmp_path / "mixed", ours + b'{"colour": "blue"}\n' * 2)

    found = detect(path)

    assert (found.format.name, found.confidence) == ("canonical", 0.475)
    assert "Only part of the file" in found.advice
