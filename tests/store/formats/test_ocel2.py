"""Object-centric logs: homes and links, object changes, naive times, and both encodings."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from store.errors import UnknownChoice, UnreadableSource
from store.transfer.ingest import ingest
from store.transfer.preview import preview
from store.transfer.report_lines import place_of
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written
from tests.store.event_files import events_in, links_in

AT = "2026-01-01T10:00:00Z"
LOG: dict[str, Any] = {
    "objectTypes": [
        {"name": "Order", "attributes": [{"name": "total", "type": "float"}]},
        {"name": "Item", "attributes": [{"name": "in_stock", "type": "boolean"}]},
    ],
    "eventTypes": [{"name": "Placed", "attributes": [{"name": "lines", "type": "integer"}]}],
    "objects": [
        {
            "id": "o1",
            "type": "Order",
            "attributes": [
                {"name": "total", "time": "1970-01-01T00:00:00Z", "value": "0"},
                {"name": "total", "time": "2026-01-01T11:00:00Z", "value": "12.50"},
            ],
            "relationships": [{"objectId": "i1", "qualifier": "holds"}],
        },
        {
            "id": "i1",
            "type": "Item",
            "attributes": [{"name": "in_stock", "time": "2027-01-01T00:00:00Z", "value": "true"}],
        },
        {"id": "i2", "type": "Item"},
        {"id": "i3 [x]", "type": "Item"},
    ],
    "events": [
        {
            "id": "e1",
            "type": "Placed",
            "time": AT,
            "attributes": [{"name": "lines", "value": "2"}, {"name": "note", "value": "2"}],
            "relationships": [
                {"objectId": "o1", "qualifier": "order"},
                {"objectId": "i1", "qualifier": "nan"},
                {"objectId": "i2"},
            ],
            "quantity": [1],
        },
        {"id": "e2", "type": "Placed", "time": "2026-01-01T12:00:00", "relationships": []},
        {
            "type": "Counted",
            "time": "2026-01-01T13:00:00Z",
            "relationships": [{"objectId": "i3 [x]", "qualifier": "None"}, {"objectId": "gone"}],
        },
    ],
    "quantity-extension": {"unknown": True},
}


class TestOcel2Sqlite(FormatContract):
    name = "ocel2-sqlite"
    file = "orders.ocel2.sqlite"
    events = 300

    def file_of(self, folder: Path, *events: Written) -> Path:
        source = sqlite_log(
            folder / "made.sqlite",
            """
            INSERT INTO event_map_type VALUES ('Noted', 'P');
            INSERT INTO object_map_type VALUES ('Order', 'O');
            CREATE TABLE event_P (ocel_id TEXT, ocel_time TEXT, payload TEXT);
            CREATE TABLE object_O (ocel_id, ocel_time, ocel_changed_field);
            """,
        )
        db = sqlite3.connect(source)
        with db:
            for it in events:
                db.execute("INSERT OR IGNORE INTO event VALUES (?, ?)", (it.id, it.type))
                db.execute("INSERT INTO event_P VALUES (?, ?, ?)", (it.id, it.text, it.data))
                db.execute(
                    "INSERT OR IGNORE INTO event_object VALUES (?, ?, 'x')", (it.id, it.stream)
                )
            for name in {it.stream for it in events}:
                db.execute("INSERT INTO object VALUES (?, 'Order')", (name,))
        db.close()
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Rows are those of `event`, of objects' tables, and those that belong to nothing."""
        source = sqlite_log(
            folder / "odd.sqlite",
            """
            INSERT INTO event VALUES ('e1', 'Placed'), ('e2', 'Placed'), ('e3', '1'), ('e4', 'Odd');
            INSERT INTO object VALUES ('o1', 'Order'), ('o1', 'Order');
            INSERT INTO event_object VALUES ('e1', 'o1', 'x'), ('e9', 'o1', 'x'), ('e1', NULL, 'x');
            INSERT INTO event_map_type VALUES ('Placed', 'P'), ('Odd', 'Missing');
            INSERT INTO object_map_type VALUES ('Order', 'O');
            CREATE TABLE event_P (ocel_id TEXT, ocel_time TEXT);
            INSERT INTO event_P VALUES ('e1', '2026-01-01 10:00:00'), ('e1', '2026-01-02 10:00:00');
            INSERT INTO event_P VALUES ('e8', '2026-01-01 10:00:00');
            CREATE TABLE object_O (ocel_id, ocel_time, a, ocel_changed_field);
            INSERT INTO object_O VALUES ('o1', '1970-01-01 00:00:00', 'x', NULL);
            INSERT INTO object_O VALUES ('o1', '2026-01-01 11:00:00', NULL, 'a');
            INSERT INTO object_O VALUES ('o1', '2026-01-01 12:00:00', 'z', 'b');
            CREATE TABLE event_Q (ocel_id); INSERT INTO event_Q VALUES ('e5'), ('e6');
            """,
        )
        events, changes, halves, twice, unread = 4, 3, 2 + 1, 1 + 1, 2
        return source, events + changes + halves + twice + unread


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


def bring(log: Path, document: dict[str, Any], **choices: str) -> Any:
    source = log.with_name("in.json")
    source.write_text(json.dumps(document), encoding="utf-8")
    return ingest(source, into=log, choices=choices, format="ocel2-json")


@pytest.mark.parametrize("name", ["orders.ocel2.json", "orders.ocel2.sqlite"])
def test_an_event_lives_with_its_order_and_is_linked_to_the_rest(log: Path, name: str) -> None:
    report = ingest(FIXTURES / name, into=log)

    first = events_in(log)[0]
    assert (report.streams, report.types, report.minted_versions) == (56, 5, 300)
    assert first.stream == "order-da2b8bc1-b83a-4bf3-93cd-5e51ca5dab7a"
    assert first.data["stream_version"] == 1
    assert first.metadata == {
        "objects": [{"id": "customer-d23f0824", "type": "Customer", "qualifier": "buyer"}]
    }
    assert links_in(log)[1] == ("customer-d23f0824",)
    assert (first.source or {})["extras"]["home"]["qualifier"] == "order"


def test_encodings_with_other_times_are_never_merged_in_silence(log: Path) -> None:
    first = ingest(FIXTURES / "orders.ocel2.json", into=log)
    second = ingest(FIXTURES / "orders.ocel2.sqlite", into=log)

    assert (first.naive_times, second.stored, second.conflicts) == (0, 0, 300)


def test_naive_times_of_the_sqlite_encoding_are_flagged(log: Path) -> None:
    report = ingest(FIXTURES / "orders.ocel2.sqlite", into=log)

    assert report.naive_times == 300
    assert events_in(log)[0].occurred_at == "2023-01-02T08:15:22.121677"


@pytest.mark.parametrize("name", ["orders.ocel2.json", "orders.ocel2.sqlite"])
def test_the_leading_type_is_for_a_person_to_choose(log: Path, name: str) -> None:
    (choice,) = preview(FIXTURES / name).choices
    assert (choice.default, set(choice.values)) == ("Order", {"Order", "Customer", "Product"})

    ingest(FIXTURES / name, into=log, choices={choice.name: "Customer"})
    assert events_in(log)[0].stream == "customer-d23f0824"

    with pytest.raises(UnknownChoice, match="leading_type cannot be 'Nobody'") as told:
        ingest(FIXTURES / name, into=log, choices={choice.name: "Nobody"})
    assert told.value.hint.startswith("Choose one of: ")
    with pytest.raises(UnknownChoice, match="has no choice 'colour'"):
        preview(FIXTURES / name, choices={"colour": "blue"})


def test_changes_of_objects_become_events_in_their_time(log: Path) -> None:
    report = bring(log, LOG)

    found = events_in(log)
    assert [(it.type, it.stream) for it in found] == [
        ("OrderAttributeChanged", "o1"),
        ("Placed", "o1"),
        ("OrderAttributeChanged", "o1"),
        ("Placed", "no-object"),
        ("Counted", "i3 [x]"),
        ("ItemAttributeChanged", "i1"),
    ]
    assert [it.data_json for it in found][0:3] == [
        '{"total":0}',
        '{"lines":2,"note":"2"}',
        '{"total":12.50}',
    ]
    assert found[0].occurred_at == found[1].occurred_at
    assert (found[0].source or {})["raw_time"] == "1970-01-01T00:00:00Z"
    assert (report.minted_ids, report.naive_times) == (4, 1)
    assert bring(log, LOG).duplicates == 6


def test_events_may_stand_before_the_objects(log: Path) -> None:
    bring(log, {"events": LOG["events"], **LOG})

    assert events_in(log)[1].stream == "o1"
    assert events_in(log)[1].metadata["objects"][0]["type"] == "Item"


def test_qualifiers_and_unknown_members_are_kept(log: Path) -> None:
    bring(log, LOG)

    placed, counted = events_in(log)[1], events_in(log)[4]
    assert placed.metadata["objects"] == [
        {"id": "i1", "type": "Item", "qualifier": "nan"},
        {"id": "i2", "type": "Item"},
    ]
    assert (placed.source or {})["extras"]["quantity"] == [1]
    assert counted.metadata["objects"] == [{"id": "gone"}]
    assert links_in(log) == {2: ("i1", "i2"), 5: ("gone",)}


def test_a_log_of_changes_alone_keeps_its_own_times(log: Path) -> None:
    bring(log, {**LOG, "events": []})

    assert [it.occurred_at[:4] for it in events_in(log)] == ["1970", "2026", "2027"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (7, "this is not a JSON object"),
        ({"id": "x", "time": AT}, "the event has no type"),
        ({"id": "x", "type": "T"}, "the event has no time"),
        ({"id": "x", "type": "T", "time": "now"}, "occurred_at is not a time"),
        ({"id": "x", "type": "T", "time": AT, "attributes": 5}, "attributes is not a list"),
        ({"id": "x", "type": "T", "time": AT, "relationships": [{}]}, "the event has no objectId"),
    ],
)
def test_each_fault_has_its_own_sentence(log: Path, event: Any, reason: str) -> None:
    report = bring(log, {**LOG, "events": [event, *LOG["events"]]})

    assert (report.stored, report.rejected) == (6, 1)
    assert report.bad_lines[0].reason.startswith(reason)


def test_a_change_at_no_time_is_named(log: Path) -> None:
    broken = {"id": "o9", "type": "Order", "attributes": [{"name": "a", "time": "?", "value": "1"}]}
    odd = [{"id": "o8", "attributes": 5}, {"id": 5}, 7]

    report = bring(log, {**LOG, "objects": [broken, *odd]})

    assert (report.stored, report.rejected) == (3, 1)


@pytest.mark.parametrize(
    "text",
    ['{"events": 5, "objects": []}', '{"events": [1', "[1]", '{"objects": [], "events": [}]}'],
)
def test_a_document_that_is_no_log_is_refused(tmp_path: Path, text: str) -> None:
    source = tmp_path / "in.json"
    source.write_text(text)

    with pytest.raises(UnreadableSource):
        ingest(source, into=tmp_path / "log.foldline", format="ocel2-json")


def test_odd_lists_beside_the_events_do_not_fail(log: Path) -> None:
    assert bring(log, {**LOG, "objectTypes": 5, "eventTypes": {}, "objects": 7}).stored == 3
    assert not preview(log.with_name("in.json"), format="ocel2-json").choices


def test_invalid_utf_8_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_bytes(b'{"objects": [], "events": ["\xff"]}')

    with pytest.raises(UnreadableSource, match="byte 28 of the document is not valid UTF-8"):
        ingest(source, into=tmp_path / "log.foldline", format="ocel2-json")


def sqlite_log(path: Path, script: str) -> Path:
    db = sqlite3.connect(path)
    db.executescript(f"""
        CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT) WITHOUT ROWID;
        CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
        CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
        CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
        CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
        {script}
    """)
    db.close()
    return path


def test_columns_become_attributes_and_rows_without_a_time_are_named(
    tmp_path: Path, log: Path
) -> None:
    source = sqlite_log(
        tmp_path / "in.sqlite",
        """
        INSERT INTO event VALUES ('e1', 'Placed order'), ('e2', 'Placed order'), ('e3', 'Odd');
        INSERT INTO event VALUES ('e4', ''), ('e5', 'Placed order');
        INSERT INTO object VALUES ('o1', 'Order');
        INSERT INTO event_object VALUES ('e1', 'o1', NULL), ('e2', 'o1', 'x');
        INSERT INTO event_map_type VALUES ('Placed order', 'P'), ('Odd', 'Missing');
        INSERT INTO object_map_type VALUES ('Order', 'O');
        CREATE TABLE event_P (ocel_id TEXT, ocel_time TEXT, n INTEGER, r REAL, b BLOB, t TEXT);
        INSERT INTO event_P VALUES ('e1', '2026-01-01 10:00:00', 1, 2.5, x'00ff', NULL);
        INSERT INTO event_P VALUES ('e2', '2026-01-01 10:00:00', NULL, NULL, NULL, 'é');
        INSERT INTO event_P VALUES ('e5', '2026-01-01 10:00:00', 1, 1, 1, CAST(x'ff41' AS TEXT));
        CREATE TABLE object_O (ocel_id, ocel_time, a, c, ocel_changed_field);
        INSERT INTO object_O VALUES ('o1', '1970-01-01 00:00:00', 'x', 'y', NULL);
        INSERT INTO object_O VALUES ('o1', '2026-01-01 11:00:00', 'z', 'w', 'a');
        """,
    )

    report = ingest(source, into=log)

    assert [it.data for it in events_in(log)] == [
        {"a": "x", "c": "y"},
        {"n": 1, "r": 2.5, "b": {"data_encoding": "base64", "data_base64": "AP8="}},
        {"t": "é"},
        {"a": "z"},
    ]
    assert [it.reason for it in report.bad_lines] == [
        "there is no table 'event_Missing' for its type 'Odd'",
        "the row has no ocel_type",
        "a text of the row is not valid UTF-8",
    ]


def test_what_is_given_twice_is_told_and_equal_moments_are_one(log: Path) -> None:
    report = ingest(FIXTURES / "ocel-mixed.jsonocel", into=log)

    assert (report.read, report.stored, report.duplicates, report.rejected) == (8, 7, 1, 0)
    assert [it.text for it in report.of_kind("repeated_attributes")] == [
        "object 'o1': 'price' occurs twice, the last one counts",
        "event e5: 'why' occurs twice, the last one counts",
    ]
    assert [it.text for it in report.of_kind("other_rows")] == ["object 'i1' occurs twice"]
    by_id = {it.id: it for it in events_in(log)}
    assert by_id["e5"].data == {"why": "broken"}
    assert (by_id["e5"].source or {})["extras"]["repeated"] == {"why": ["late"]}
    changed = [it for it in events_in(log) if it.type == "orderAttributeChanged"]
    assert [it.data for it in changed] == [{"price": 10.50, "paid": False}, {"price": 12.00}]


def test_the_reason_of_an_event_without_its_row_is_the_true_one(log: Path) -> None:
    dangling = ingest(FIXTURES / "ocel-dangling.sqlite", into=log)
    unknown = ingest(FIXTURES / "ocel-typeids.sqlite", into=log.with_name("other.foldline"))

    assert [(it.line, it.offset, it.reason) for it in dangling.bad_lines] == [
        (3, -1, "table 'event_reviewed' has no row for the event")
    ]
    assert {it.reason for it in unknown.bad_lines} == {
        "its type '1' is not in the table 'event_map_type'"
    }
    assert [it.text for it in dangling.of_kind("relations")] == ["of event 'e99' to object 'i0'"]
    assert place_of(unknown.bad_lines[0]) == "row 1"


def test_an_attribute_may_change_to_nothing_and_a_row_of_bad_text_is_told(
    tmp_path: Path, log: Path
) -> None:
    source = sqlite_log(
        tmp_path / "in.sqlite",
        """
        INSERT INTO object VALUES ('o1', 'Order');
        INSERT INTO object_map_type VALUES ('Order', 'O');
        CREATE TABLE object_O (ocel_id, ocel_time, a, ocel_changed_field);
        INSERT INTO object_O VALUES ('o1', '2026-01-01 11:00:00', NULL, 'a');
        INSERT INTO object_O VALUES ('o1', '2026-01-01 12:00:00', CAST(x'ff' AS TEXT), 'a');
        """,
    )

    report = ingest(source, into=log)

    assert [it.data for it in events_in(log)] == [{"a": None}]
    assert [it.text for it in report.of_kind("other_rows")] == [
        "table 'object_O': object 'o1': a text of the row is not valid UTF-8"
    ]


def test_members_that_mean_nothing_here_are_kept(log: Path) -> None:
    tie = {"objectId": "o1", "qualifier": "order", "weight": 2}
    bring(log, {**LOG, "events": [{**LOG["events"][0], "relationships": [tie]}]})

    placed = next(it for it in events_in(log) if it.type == "Placed")
    assert (placed.source or {})["extras"]["relationships"] == [tie]


def test_of_several_lists_of_events_the_last_is_read_and_the_others_are_told(log: Path) -> None:
    source = log.with_name("in.json")
    text = json.dumps(LOG)
    source.write_text(text[:-1] + ',"events":[]}')

    report = ingest(source, into=log, format="ocel2-json")

    assert [it.text for it in report.of_kind("other_rows")] == [
        "member 'quantity-extension' of the document",
        "an earlier list of 3 events",
    ]
    assert report.other_rows == 1 + 3
