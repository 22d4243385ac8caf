"""Equinox: documents of Cosmos DB, and items of DynamoDB."""

import json
import sys
import zlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import brotli
import pytest

from store import json_text
from store.errors import UnreadableSource
from store.reading.detect import detect
from store.reading.equinox_event import LARGEST_BODY
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in

COSMOS = FIXTURES / "equinox-cosmos.json"
DYNAMO = FIXTURES / "equinox-dynamodb-export.jsonl"
BY_BROTLI = "Cw6AeyJxdWFudGl0eSI6OTAwNzE5OTI1NDc0MDk5M30D"


def event(second: int, **facts: Any) -> dict[str, Any]:
    return {"t": f"2026-03-02T08:00:{second:02}.1234567+00:00", "c": "Added", "d": {}, **facts}


def document(first: int, *events: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A batch of one stream that begins at an index."""
    after = first + len(events)
    return {"p": "Cart-1", "id": str(first), "i": first, "n": after, "e": [*events], **facts}


def written(folder: Path, *documents: dict[str, Any]) -> Path:
    source = folder / "documents.json"
    source.write_text(json.dumps(documents))
    return source


def deflated(content: bytes) -> str:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return b64encode(packing.compress(content) + packing.flush()).decode()


class TestEquinoxCosmos(FormatContract):
    name = "equinox-cosmos"
    file = COSMOS.name
    events = 120

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = [
            it.inside(
                document(
                    it.place - 1,
                    {"t": it.text, "c": it.type, "d": TEXT_HERE},
                    p=it.stream,
                )
            )
            for it in events
        ]
        source = folder / "made.json"
        source.write_text(f"[{','.join(made)}]", encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event in two batches, events without a time and a type, a payload that is no base64,
        a batch without an index, and a snapshot."""
        bad = [event(3, t=None), event(4, c=""), event(5, d="%", D=1)]
        tip = document(1, event(2), *bad, id="-1", u=[{"i": 5, "t": "", "c": "S", "d": "AA=="}])
        lost = {**document(9, event(9)), "i": None}
        return written(folder, document(0, event(1), event(2)), tip, lost), 8


class TestEquinoxDynamoDb(FormatContract):
    name = "equinox-dynamodb"
    file = DYNAMO.name
    events = 120

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = []
        for it in events:
            body = b64encode(it.data.encode()).decode()
            told = {"t": {"S": str(it.text)}, "d": {"B": body}}
            one = {**item(it.place, told), "p": {"S": it.stream}, "c": {"L": [{"S": it.type}]}}
            made.append(json.dumps({"Item": one}))
        source = folder / "made.jsonl"
        source.write_text("\n".join(made) + "\n", encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, one without a time, a batch with too few types, one with an attribute
        of two types, and a snapshot."""
        good = item(2, {"t": {"S": "2026-03-02T08:00:01Z"}}, {"t": {"S": ""}})
        tip = {**item(1, {"t": {"S": "2026-03-02T08:00:01Z"}}), "u": {"L": [{"M": {}}]}}
        few = {**item(3, {"t": {"S": "2026-03-02T08:00:01Z"}}), "c": {"L": []}}
        wrong = {**good, "p": {"S": "a", "N": "1"}}
        source = folder / "odd.jsonl"
        lines = [json.dumps({"Item": it}) for it in (good, tip, few, wrong)]
        source.write_text("\n".join(lines) + "\n")
        return source, 6


def item(after: int, *events: dict[str, Any]) -> dict[str, Any]:
    """A batch as DynamoDB holds it."""
    return {
        "p": {"S": "Cart-1"},
        "i": {"N": "2147483647"},
        "n": {"N": str(after)},
        "c": {"L": [{"S": "Added"} for _ in events]},
        "e": {"L": [{"M": it} for it in events]},
    }


def test_both_stores_of_the_same_streams_give_the_same_events(tmp_path: Path) -> None:
    cosmos, dynamo = tmp_path / "cosmos.foldline", tmp_path / "dynamo.foldline"

    ingest(COSMOS, into=cosmos)
    ingest(DYNAMO, into=dynamo)

    first, second = events_in(cosmos), events_in(dynamo)
    assert [(it.id, it.stream, it.version, it.type) for it in first] == [
        (it.id, it.stream, it.version, it.type) for it in second
    ]
    cleared = {it.id for it in first if it.type == "Cleared"}
    assert cleared
    assert [it.data for it in first if it.id not in cleared] == [
        it.data for it in second if it.id not in cleared
    ]
    assert [it.metadata for it in first] == [it.metadata for it in second]


def test_an_event_says_what_its_document_said(tmp_path: Path) -> None:
    documents = {it["p"]: it for it in json.loads(COSMOS.read_text()) if it["i"] == 0}
    report = ingest(COSMOS, into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")
    first = {it.stream: it for it in events if it.version == 1}
    assert report.numbers()["snapshots"] == 8
    assert first.keys() == documents.keys()
    for stream, found in first.items():
        stated = documents[stream]["e"][0]
        assert (found.type, found.data) == (stated["c"], stated["d"])
        assert found.metadata.get("correlation_id") == stated.get("correlationId")
        assert found.metadata.get("causation_id") == stated.get("causationId")
        assert found.recorded_at[:26] == stated["t"][:26]


def test_a_clock_that_stepped_back_turns_no_stream_around(tmp_path: Path) -> None:
    other = {**document(0, event(3)), "p": "Cart-2"}
    batches = [document(2, event(1), event(6)), other, document(0, event(2), event(5))]

    report = ingest(written(tmp_path, *batches), into=tmp_path / "log.foldline")

    assert report.rejected == 0
    assert [(it.stream, it.version) for it in events_in(tmp_path / "log.foldline")] == [
        *(("Cart-1", 1), ("Cart-2", 1)),
        *(("Cart-1", 2), ("Cart-1", 3), ("Cart-1", 4)),
    ]


@pytest.mark.parametrize(
    ("body", "packing"), [(deflated(b'{"quantity":9007199254740993}'), 1), (BY_BROTLI, 2)]
)
def test_payloads_are_unpacked_and_their_digits_kept(
    tmp_path: Path, body: str, packing: int
) -> None:
    packed = event(1, d=body, D=packing)

    ingest(written(tmp_path, document(0, packed)), into=tmp_path / "log.foldline")

    (found,) = events_in(tmp_path / "log.foldline")
    assert found.data_json == '{"quantity":9007199254740993}'


@pytest.mark.parametrize(
    "packed",
    [
        event(1, d="AAAA", D=7),
        event(1, d="AAAA", D=1),
        event(1, d=deflated(b"\xff\xfe"), D=1),
        event(1, d=deflated(bytes(LARGEST_BODY + 1)), D=1),
        event(1, d="AAAA", D=2),
        event(1, d=b64encode(brotli.compress(bytes(LARGEST_BODY + 1))).decode(), D=2),
    ],
)
def test_a_payload_that_nobody_can_read_is_kept_as_it_came(
    tmp_path: Path, packed: dict[str, Any]
) -> None:
    report = ingest(written(tmp_path, document(0, packed)), into=tmp_path / "log.foldline")

    (found,) = events_in(tmp_path / "log.foldline")
    assert report.numbers()["opaque"] == 1
    assert found.data["data_base64"] == packed["d"]
    assert f'"D":{packed["D"]}' in (found.source_json or "")


def test_without_brotli_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    source = written(tmp_path, document(0, event(1, d=BY_BROTLI, D=2)))

    with pytest.raises(UnreadableSource, match="needs Brotli") as told:
        ingest(source, into=tmp_path / "log.foldline")

    assert 'pip install "foldline[brotli]"' in told.value.hint
    assert [it.name for it in tmp_path.iterdir()] == [source.name]


def test_answers_to_a_query_and_a_scan_are_read(tmp_path: Path) -> None:
    answer, scan = tmp_path / "answer.json", tmp_path / "scan.json"
    documents = json.loads(COSMOS.read_text())
    answer.write_text(json.dumps({"_rid": "x", "Documents": documents, "_count": len(documents)}))
    items = [json.loads(line)["Item"] for line in DYNAMO.read_text().splitlines()]
    scan.write_text(json.dumps({"Items": items, "Count": len(items)}))

    assert detect(answer).format.name == "equinox-cosmos"
    assert detect(scan).format.name == "equinox-dynamodb"
    assert ingest(answer, into=tmp_path / "answer.foldline").stored == 120
    assert ingest(scan, into=tmp_path / "scan.foldline").stored == 120


def test_an_event_without_a_payload_is_not_one_with_null(tmp_path: Path) -> None:
    absent = {name: value for name, value in event(1).items() if name != "d"}

    ingest(written(tmp_path, document(0, absent, event(2, d=None))), into=tmp_path / "log.foldline")

    first, second = events_in(tmp_path / "log.foldline")
    assert (first.data_json, second.data_json) == ("{}", "null")
    assert json_text.decode(first.source_json or "{}")["absent"] == ["data"]
