"""OCEL 2.0 as JSON: events without surprises are decoded in one go, and say the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from store.transfer.ingest import ingest
from tests.contracts.format import FormatContract
from tests.contracts.written import Written, plain
from tests.store.event_files import events_in
from tests.store.formats.test_ocel2 import AT, LOG, bring


class TestOcel2Json(FormatContract):
    name = "ocel2-json"
    file = "orders.ocel2.json"
    events = 300

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = [
            {
                "id": it.id,
                "type": it.type,
                "time": it.text,
                "attributes": [
                    {"name": key, "value": plain(value)} for key, value in it.members.items()
                ],
                "relationships": [{"objectId": it.stream, "qualifier": ""}],
            }
            for it in events
        ]
        objects = [{"id": name, "type": "Order"} for name in {it.stream: 1 for it in events}]
        types = {"objectTypes": [{"name": "Order", "attributes": []}], "eventTypes": []}
        source = folder / "made.json"
        source.write_text(json.dumps({**types, "objects": objects, "events": made}))
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Records are events, and moments at which an object changes."""
        objects = [7, {"type": "Item"}, {"id": "i2", "type": "Item", "colour": "blue"}]
        events = [7, {"id": "e9", "type": "Placed"}, LOG["events"][0]]
        source = folder / "odd.json"
        document = {
            **LOG,
            "objects": [*LOG["objects"], *objects],
            "events": [*LOG["events"], *events],
        }
        source.write_text(json.dumps(document))
        changes, members, of_objects = 3, 1, 4
        return source, 6 + changes + members + of_objects


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"attributes": [{"name": "n", "value": "1"}, {"name": "n", "value": "2"}]},
        {"attributes": [{"name": "n", "value": {"a": 1}}]},
        {"relationships": [{"objectId": "o1"}]},
        {"relationships": [{"objectId": "o1", "qualifier": ""}]},
        {"note": 1},
    ],
)
def test_an_event_is_the_same_with_surprises_and_without(log: Path, odd: dict[str, Any]) -> None:
    """One that has none is decoded in one go; an unknown member takes it the slower way."""
    usual: dict[str, Any] = {"id": "x", "type": "Placed", "time": AT}
    usual["attributes"] = [{"name": "lines", "value": "7"}, {"name": "t", "value": 'a"b'}]
    usual["relationships"] = [{"objectId": "o1", "qualifier": "order"}]
    event = usual | odd

    bring(log, {**LOG, "events": [event]})
    bring(log.with_name("slow.foldline"), {**LOG, "events": [event | {"unknown": 1}]})

    fast = next(it for it in events_in(log) if it.id == "x")
    slow = next(it for it in events_in(log.with_name("slow.foldline")) if it.id == "x")
    assert (fast.stream, fast.data_json, fast.metadata_json, fast.occurred_at_us) == (
        slow.stream,
        slow.data_json,
        slow.metadata_json,
        slow.occurred_at_us,
    )


def test_a_member_that_stands_twice_in_an_event_is_told(log: Path) -> None:
    source = log.with_name("in.json")
    source.write_text(json.dumps(LOG).replace('"id": "e1",', '"id": "e0", "id": "e1",', 1))

    assert ingest(source, into=log, format="ocel2-json").repeated_keys == 1
