"""Castore in memory, and as a scan of DynamoDB."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in
from tests.store.table_files import write_csv


def event(n: int, **facts: Any) -> dict[str, Any]:
    """The nth event of an aggregate."""
    known = {
        "aggregateId": "a",
        "version": n,
        "type": "T",
        "timestamp": f"2024-10-26T22:00:{n:02}Z",
    }
    return {**known, **facts}


class TestCastore(FormatContract):
    name = "castore"
    file = "castore-in-memory.json"
    events = 178

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = {
            it.stream: [
                other.inside(
                    event(
                        other.place,
                        aggregateId=it.stream,
                        type=other.type,
                        timestamp=other.text,
                        payload=TEXT_HERE,
                    )
                )
                for other in events
                if other.stream == it.stream
            ]
            for it in events
        }
        lists = (
            f'{{"aggregateId":{json.dumps(name)},"events":[{",".join(found)}]}}'
            for name, found in made.items()
        )
        source = folder / "made.json"
        source.write_text(f"[{','.join(lists)}]", encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, one without a version, and an aggregate whose events are no list."""
        events = [event(1), event(1), event(2, version=None)]
        aggregates = [{"aggregateId": "a", "events": events}, {"aggregateId": "b", "events": {}}]
        source = folder / "odd.json"
        source.write_text(json.dumps(aggregates))
        return source, 4


class TestCastoreDynamoDb(FormatContract):
    name = "castore-dynamodb"
    file = "castore-dynamodb-scan.json"
    events = 120

    def file_of(self, folder: Path, *events: Written) -> Path:
        items = []
        for it in events:
            texts = {"aggregateId": f"S#{it.stream}", "type": it.type, "timestamp": str(it.text)}
            one = {name: {"S": text} for name, text in texts.items()}
            items.append({**one, "version": {"N": str(it.place)}, "payload": attribute(it.value)})
        source = folder / "made.json"
        source.write_text(json.dumps({"Items": items}))
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An item twice, one with two types in a value, and a number that is none."""
        good = item("1")
        wrong = {**item("2"), "type": {"S": "T", "N": "1"}}
        source = folder / "odd.json"
        source.write_text(json.dumps({"Items": [good, good, wrong, item("1e")], "Count": 4}))
        return source, 4


def item(version: str) -> dict[str, Any]:
    """One item of a scan."""
    texts = {"aggregateId": "S#a", "type": "T", "timestamp": "2024-10-26T22:00:01Z"}
    return {**{name: {"S": text} for name, text in texts.items()}, "version": {"N": version}}


def test_events_of_all_aggregates_come_in_by_time(tmp_path: Path) -> None:
    ingest(FIXTURES / "castore-in-memory.json", into=tmp_path / "log.foldline")

    times = [it.recorded_at_us for it in events_in(tmp_path / "log.foldline")]

    assert times == sorted(times)


def test_attributes_of_dynamodb_become_plain_json_with_every_digit(tmp_path: Path) -> None:
    nested = {"M": {"n": {"N": "9007199254740993"}, "l": {"L": [{"BOOL": True}, {"NULL": True}]}}}
    source = tmp_path / "scan.json"
    source.write_text(json.dumps({"Items": [{**item("1"), "payload": nested}]}))

    ingest(source, into=tmp_path / "log.foldline", format="castore-dynamodb")

    (found,) = events_in(tmp_path / "log.foldline")
    assert found.data_json == '{"n":9007199254740993,"l":[true,null]}'


def test_both_forms_name_an_event_alike_but_for_the_name_of_its_store(tmp_path: Path) -> None:
    scan = json.loads((FIXTURES / "castore-dynamodb-scan.json").read_text("utf-8"))["Items"]

    ingest(FIXTURES / "castore-dynamodb-scan.json", into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")
    assert {it.stream for it in events} == {it["aggregateId"]["S"] for it in scan}
    assert len(events) == len(scan)


PG_COLUMNS = (
    *("id", "aggregate_name", "aggregate_id", "version", "type", "data", "metadata", "timestamp"),
)


class TestCastorePg(FormatContract):
    name = "castore-pg"
    file = "castore-event.csv"
    events = 178

    def file_of(self, folder: Path, *events: Written) -> Path:
        rows = [
            (it.n, "CARTS", it.stream, it.place, it.type, it.data, None, it.text) for it in events
        ]
        return write_csv(folder / "made.csv", PG_COLUMNS, rows)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A row twice, out of order, one without a payload, and rows that are none."""
        at = "2024-10-26 22:00:03.796+00"
        rows = [
            (1, "CARTS", "a", 1, "T", "{}", None, at),
            (1, "CARTS", "a", 1, "T", "{}", None, at),
            (3, "CARTS", "a", 3, "T", None, None, at),
            (2, "CARTS", "a", 2, "T", "{}", "{}", at),
            (4, None, "a", 4, "T", "{}", None, at),
            (5, "CARTS", "a", None, "T", "{}", None, at),
        ]
        return write_csv(folder / "odd.csv", PG_COLUMNS, rows), len(rows)


def attribute(value: Any) -> dict[str, Any]:
    """A value as DynamoDB holds it."""
    match value:
        case bool():
            return {"BOOL": value}
        case int() | Decimal():
            return {"N": str(value)}
        case dict():
            return {"M": {key: attribute(it) for key, it in value.items()}}
        case list():
            return {"L": [attribute(it) for it in value]}
        case None:
            return {"NULL": True}
    return {"S": str(value)}


def test_a_clock_that_stepped_back_turns_no_stream_around(tmp_path: Path) -> None:
    source = tmp_path / "events.json"
    late = "2024-10-26T22:00:30Z"
    aggregates = [
        {"aggregateId": "a", "events": [event(1, timestamp=late), event(2), event(3)]},
        {"aggregateId": "b", "events": [event(4, aggregateId="b", version=1)]},
    ]
    source.write_text(json.dumps(aggregates))

    ingest(source, into=tmp_path / "log.foldline")

    found = [(it.stream, it.version) for it in events_in(tmp_path / "log.foldline")]
    assert found == [("b", 1), ("a", 1), ("a", 2), ("a", 3)]
