"""What is written as OCEL 2.0 and XES: by the published schemas, and the same in every encoding."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.reading.detect import format_named
from store.reading.format import Outgoing
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES
from tests.store.event_files import events_in, links_in, write_lines
from tests.store.recorded_events import outgoing

FORMATS: Final = ("ocel2-json", "ocel2-xml", "ocel2-sqlite", "xes")
AT: Final = "2026-03-01T10:00:00.123456+01:00"
LINES: Final = (
    {"stream": "order-1", "type": "Placed", "id": "e1", "occurred_at": AT, "recorded_at": AT}
    | {"data": {"n": 1, "f": 1, "b": True, "t": "a\r\n\t<&>\"'é", "in": {"x": [1]}, "no": None}},
    {"stream": "order-1", "type": "Placed", "id": "e2", "occurred_at": AT, "links": ["item-7"]}
    | {"data": {"n": 2, "f": 2.5, "b": False, "N": 3, "foldline": 1, "ocel_id": "x", "": 1}}
    | {"metadata": {"user": "ada", "correlation_id": "c"}},
    {"stream": "plain", "type": "placed", "id": "e3", "occurred_at": AT, "data": [1, 2]},
)
SCHEMA: Final = jsonschema_rs.validator_for(
    json.loads((FIXTURES / "schemas" / "ocel20.json").read_text("utf-8"))
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    into = tmp_path / "log.foldline"
    ingest(write_lines(tmp_path / "in.jsonl", *LINES), into=into)
    return into


def written(events: list[Outgoing], format_: str, path: Path) -> Path:
    """A file of these events."""
    write = format_named(format_).write
    assert write is not None
    with path.open("wb") as file:
        assert write(iter(events), file) == len(events)
    return path


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", ["orders.canonical.jsonl", "orders.ocel2.json", "orders.xes"])
def test_a_log_comes_back_byte_for_byte(tmp_path: Path, name: str, format_: str) -> None:
    first, second = tmp_path / "first.foldline", tmp_path / "second.foldline"
    ingest(FIXTURES / name, into=first)

    report = export(first, tmp_path / "out.gz", format=format_)
    back = ingest(tmp_path / "out.gz", into=second)
    export(first, tmp_path / "one.jsonl")
    export(second, tmp_path / "two.jsonl")

    assert (report.losses, back.rejected) == ((), 0)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert ingest(tmp_path / "out.gz", into=first).stored == 0


@given(data=st.data())
def test_json_is_valid_by_the_published_schema(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("json") / "log.jsonocel"

    document = json.loads(written(data.draw(outgoing()), "ocel2-json", path).read_bytes())

    SCHEMA.validate(document)
    declared = {it["name"]: {a["name"] for a in it["attributes"]} for it in document["eventTypes"]}
    objects = {it["id"] for it in document["objects"]}
    for event in document["events"]:
        assert {it["name"] for it in event["attributes"]} <= declared[event["type"]]
        assert {it["objectId"] for it in event["relationships"]} <= objects


@given(data=st.data())
def test_xml_is_well_formed_and_in_the_order_of_the_schema(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """The whole of the schema is held to by `make bench`, whose environment has a validator."""
    path = tmp_path_factory.mktemp("xml") / "log.xmlocel"

    root = ElementTree.parse(written(data.draw(outgoing()), "ocel2-xml", path)).getroot()

    assert [it.tag for it in root] == ["object-types", "event-types", "objects", "events"]
    types = {it.get("name") for it in root[0]}
    assert {it.get("type") for it in root[2]} <= types
    objects = [it.get("id") for it in root[2]]
    assert len(objects) == len({*objects})
    for event in root[3]:
        assert [it.tag for it in event] == ["attributes", "objects"]
        assert {it.get("object-id") for it in event[1]} <= {*objects}
        assert {it.get("type") for it in event[1]} <= types


@given(data=st.data())
def test_xes_has_keys_that_are_names_and_values_of_their_types(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("xes") / "log.xes"

    root = ElementTree.parse(written(data.draw(outgoing()), "xes", path)).getroot()

    assert root.get("xes.version") == "2.0"
    names = [it.tag.rpartition("}")[2] for it in root]
    assert names == sorted(names, key=("extension", "classifier", "trace").index)
    for it in root.iter():
        tag, value = it.tag.rpartition("}")[2], it.get("value")
        if value is not None:
            assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.:\-]*", it.get("key", ""))
            assert tag != "int" or -(2**63) <= int(value) < 2**63
            assert tag != "float" or float(value) is not None
            assert tag != "boolean" or value in ("true", "false")
            assert tag != "date" or re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}\+00:00", value)


def test_attributes_are_there_for_other_programs_with_one_type_each(
    log: Path, tmp_path: Path
) -> None:
    export(log, tmp_path / "out.jsonocel", format="ocel2-json")

    document: dict[str, Any] = json.loads((tmp_path / "out.jsonocel").read_bytes())
    placed = next(it for it in document["eventTypes"] if it["name"] == "Placed")
    assert {it["name"]: it["type"] for it in placed["attributes"]} == {
        "foldline": "string",
        "stream_version": "integer",
        "n": "integer",
        "f": "float",
        "b": "boolean",
        "t": "string",
        "in": "string",
        "metadata.user": "string",
        "metadata.correlation_id": "string",
    }
    second = document["events"][1]
    assert second["time"] == "2026-03-01T09:00:00.123456+00:00"
    assert second["relationships"] == [
        {"objectId": "order-1", "qualifier": "stream"},
        {"objectId": "item-7", "qualifier": "link"},
    ]
    assert [(it["id"], it["type"]) for it in document["objects"]] == [
        ("order-1", "order"),
        ("item-7", "item"),
        ("plain", "plain"),
    ]


def test_objects_keep_the_types_and_qualifiers_that_an_import_said(tmp_path: Path) -> None:
    ingest(FIXTURES / "orders.ocel2.json", into=tmp_path / "log.foldline")

    export(tmp_path / "log.foldline", tmp_path / "out.json", format="ocel2-json")

    theirs = json.loads((FIXTURES / "orders.ocel2.json").read_bytes())
    ours = json.loads((tmp_path / "out.json").read_bytes())
    assert {it["id"]: it["type"] for it in ours["objects"]} == {
        it["id"]: it["type"] for it in theirs["objects"]
    }
    assert [it["relationships"] for it in ours["events"]] == [
        it["relationships"] for it in theirs["events"]
    ]


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_values_come_back(log: Path, tmp_path: Path, format_: str) -> None:
    export(log, tmp_path / "out", format=format_)

    ingest(tmp_path / "out", into=tmp_path / "back.foldline", format=format_)

    assert [it.data_json for it in events_in(tmp_path / "back.foldline")] == [
        it.data_json for it in events_in(log)
    ]
    assert links_in(tmp_path / "back.foldline") == {2: ("item-7",)}


def test_types_that_differ_in_their_signs_alone_have_tables_of_their_own(
    log: Path, tmp_path: Path
) -> None:
    export(log, tmp_path / "out.sqlite", format="ocel2-sqlite")

    db = sqlite3.connect(tmp_path / "out.sqlite")
    tables = dict(db.execute("SELECT * FROM event_map_type"))
    rows = db.execute('SELECT n, f, b, "in", ocel_time FROM event_Placed').fetchall()
    broken = db.execute("PRAGMA foreign_key_check").fetchall()
    db.close()
    assert tables == {"Placed": "Placed", "placed": "placed2"}
    assert rows[0][:4] == (1, 1.0, 1, '{"x": [1]}')
    assert rows[0][4] == "2026-03-01 09:00:00.123456+00:00"
    assert broken == []


def test_a_person_may_choose_who_leads_a_log_of_ours(log: Path, tmp_path: Path) -> None:
    export(log, tmp_path / "out.jsonocel", format="ocel2-json")

    ingest(
        tmp_path / "out.jsonocel",
        into=tmp_path / "back.foldline",
        choices={"leading_type": "item"},
    )

    assert events_in(tmp_path / "back.foldline")[1].stream == "item-7"


@pytest.mark.parametrize(
    "said",
    [
        "no object",
        '{"position":0}',
        '{"position":1,"stream":"s","version":0,"occurred_at":"2026-03-01T10:00:00Z"}',
        '{"position":1,"stream":5,"version":1,"occurred_at":"2026-03-01T10:00:00Z"}',
        '{"position":1,"stream":"s","version":1,"occurred_at":"soon"}',
        '{"position":1,"stream":"s","version":1,"occurred_at":"2026-03-01T10:00:00Z","data":"{"}',
        '{"position":1,"stream":"\\ud800","version":1,"occurred_at":"2026-03-01T10:00:00Z"}',
    ],
)
@pytest.mark.parametrize("format_", ["xes", "ocel2-json"])
def test_an_attribute_of_our_name_that_is_not_ours_is_one_of_theirs(
    tmp_path: Path, said: str, format_: str
) -> None:
    source = tmp_path / "in"
    if format_ == "xes":
        value = said.replace('"', "&quot;")
        event = f'<string key="concept:name" value="A"/><string key="foldline" value="{value}"/>'
        source.write_text(f'<log xes.version="1"><trace><event>{event}</event></trace></log>')
    else:
        one = {"id": "e", "type": "A", "time": AT}
        events = [{**one, "attributes": [{"name": "foldline", "value": said}]}]
        parts = {"objectTypes": [], "eventTypes": [], "objects": [], "events": events}
        source.write_text(json.dumps(parts))

    report = ingest(source, into=tmp_path / "log.foldline")

    assert report.stored == 1
    assert events_in(tmp_path / "log.foldline")[0].data == {"foldline": said}
