"""CloudEvents: what becomes of their attributes, and that every column survives them."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from store.events import NEW_STREAM, NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import AT, cloud_event, events_in, links_in, write_lines

ODD: Final[list[dict[str, Any]]] = [
    cloud_event(1),
    cloud_event(1),
    cloud_event(1, type="other"),
    cloud_event(2, partitionkey=5, time=6),
    cloud_event(3, time=None, sequence="9"),
    {**cloud_event(4, data_base64="AAEC"), "data": None},
    {name: it for name, it in cloud_event(5, data_base64="AAEC").items() if name != "data"},
    cloud_event(6, id=None),
    cloud_event(7, time="soon"),
]


class TestCloudEvents(FormatContract):
    name = "cloudevents"
    file = "sdk-orders.cloudevents.jsonl"
    events = 200

    def file_of(self, folder: Path, *events: Written) -> Path:
        return write_lines(folder / "made.jsonl", *map(_written, events))

    def odd(self, folder: Path) -> tuple[Path, int]:
        return write_lines(folder / "odd.jsonl", "not json", *ODD), len(ODD) + 1


class TestCloudEventsBatch(FormatContract):
    name = "cloudevents-batch"
    file = "sdk-orders.cloudevents-batch.json"
    events = 200

    def file_of(self, folder: Path, *events: Written) -> Path:
        source = folder / "made.json"
        source.write_text(f"[{','.join(map(_written, events))}]", encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        source = folder / "odd.json"
        source.write_text(json.dumps(["no object", *ODD]))
        return source, len(ODD) + 1


def _written(it: Written) -> str:
    about = {"id": it.id, "type": it.type, "subject": it.stream, "time": it.text}
    return it.inside(cloud_event(it.n, **about, sequence=str(it.place), data=TEXT_HERE))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


def bring(log: Path, *lines: dict[str, Any] | str) -> Any:
    source = write_lines(log.with_name("in.jsonl"), *lines)
    return ingest(source, into=log, format="cloudevents")


def test_attributes_go_into_their_columns_and_the_rest_is_kept(log: Path) -> None:
    ingest(FIXTURES / "sdk-orders.cloudevents.jsonl", into=log)

    first = events_in(log)[0]
    assert (first.stream, first.version, first.type) == (
        "order-68",
        1,
        "com.example.order.placed.v1",
    )
    assert first.id == "e197cf53-295e-4b55-809e-4ec8ca60d53a"
    assert first.occurred_at == "2025-06-01T00:00:14.210000+00:00"
    assert first.metadata == {
        "correlation_id": "corr-0",
        "causation_id": "none",
        "schema_version": 1,
    }
    assert first.source is not None
    assert first.source["origin_scope"] == "/shop/orders"
    assert first.source["raw_time"] == "2025-06-01T00:00:14.210Z"
    assert first.source["extras"]["sequence"] == "00000001"


def test_a_batch_holds_the_same_events_as_its_lines(log: Path) -> None:
    lines = ingest(FIXTURES / "sdk-orders.cloudevents.jsonl", into=log)

    batch = ingest(FIXTURES / "sdk-orders.cloudevents-batch.json", into=log)

    assert (lines.stored, lines.opaque) == (200, 10)
    assert (batch.stored, batch.duplicates) == (0, 200)


def test_the_examples_of_the_specification_repeat_their_ids(log: Path) -> None:
    report = ingest(FIXTURES / "cloudevents-spec-examples.jsonl", into=log)

    assert (report.read, report.stored, report.duplicates, report.conflicts) == (33, 18, 1, 14)
    assert (report.minted_ids, report.opaque) == (4, 2)


@pytest.mark.parametrize(
    ("change", "stream"),
    [
        ({}, "s-1"),
        ({"subject": None, "partitionkey": "p-1"}, "p-1"),
        ({"subject": ""}, "/a"),
    ],
)
def test_the_stream_is_subject_or_partition_key_or_source(
    log: Path, change: dict[str, Any], stream: str
) -> None:
    bring(log, cloud_event(1, **change))

    assert events_in(log)[0].stream == stream


def test_opaque_content_is_kept_as_base64_and_goes_out_unchanged(log: Path) -> None:
    line = cloud_event(1, data_base64="8J+koQ==")
    del line["data"]
    report = bring(log, line)

    export(log, log.with_name("out.jsonl"), format="cloudevents")

    out = json.loads(log.with_name("out.jsonl").read_text("utf-8"))
    assert report.opaque == 1
    assert events_in(log)[0].data == {"data_encoding": "base64", "data_base64": "8J+koQ=="}
    assert out["data_base64"] == "8J+koQ=="
    assert "data" not in out


def test_what_was_absent_stays_absent_and_what_was_there_goes_out_again(log: Path) -> None:
    line = cloud_event(1, dataschema="/order/v3", exta=5, unset=None, sequence="007")
    del line["subject"], line["data"]
    bring(log, line)

    export(log, log.with_name("out.jsonl"), format="cloudevents")

    out = json.loads(log.with_name("out.jsonl").read_text("utf-8"))
    assert {name: out.get(name) for name in line} == line
    assert "subject" not in out
    assert "data" not in out


@pytest.mark.parametrize(
    ("facts", "version"),
    [
        ({"dataschema": "https://x/order/v4", "type": "a.v2"}, 4),
        ({"type": "a.v2"}, 2),
        ({"type": "a.b"}, None),
    ],
)
def test_the_schema_version_is_read_from_schema_or_type(
    log: Path, facts: dict[str, Any], version: int | None
) -> None:
    bring(log, cloud_event(1, **facts))

    assert events_in(log)[0].metadata.get("schema_version") == version


def test_sequences_from_zero_are_translated(log: Path) -> None:
    report = bring(log, "not json", *(cloud_event(n, sequence=str(n)) for n in range(4)))

    assert (report.gaps, report.minted_versions, report.rejected) == (0, 0, 1)
    assert [it.version for it in events_in(log)] == [1, 2, 3, 4]


def test_a_sequence_that_is_no_number_is_kept_and_a_version_minted(log: Path) -> None:
    report = bring(log, cloud_event(1, sequence="abc"), cloud_event(2, sequence="9" * 40))

    assert report.minted_versions == 2
    assert (events_in(log)[0].source or {})["extras"] == {"sequence": "abc"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"specversion": "0.3"}, "specversion is '0.3'; only 1.0 is supported"),
        ({"specversion": None}, "the event has no specversion"),
        ({"id": ""}, "the event has no id"),
        ({"source": None}, "the event has no source"),
        ({"type": None}, "the event has no type"),
        ({"data_base64": "AA=="}, "the event has both data and data_base64"),
        ({"time": "soon"}, "occurred_at is not a time: 'soon'"),
        ({"foldline": "{"}, "the attribute foldline is damaged"),
        ({"foldline": '{"nothing": 1}'}, "the attribute foldline is damaged"),
        ({"foldline": '{"data_json": "{"}'}, "the attribute foldline is damaged"),
        ({"foldline": '{"metadata_json": "[]"}'}, "the attribute foldline is damaged"),
        ({"foldline": '{"stream": ""}'}, "the attribute foldline is damaged"),
    ],
)
def test_each_fault_has_its_own_sentence(log: Path, change: dict[str, Any], reason: str) -> None:
    report = bring(log, cloud_event(1, **change), cloud_event(2))

    assert report.stored == 1
    assert report.bad_lines[0].reason == reason


def test_a_log_of_our_own_survives_to_the_last_column(log: Path) -> None:
    odd = [
        NewEvent(type="A", data_json="1e400", metadata_json='{ "correlation_id" : "c" }', id="1"),
        NewEvent(type="B", data_json='{\n"a":1}', occurred_at_us=-5, recorded_at_us=7),
        NewEvent(type="C", occurred_at_us=1, occurred_offset_min=90, links=("l-2", "l-1")),
        NewEvent(type="D", metadata_json='{"correlation_id":"\\ud800"}'),
        NewEvent(type="E", source_json='{"format":"cloudevents","extras":5,"origin_id":6}'),
        NewEvent(type="F", source_json='{"format":"cloudevents","data_encoding":"base64"}'),
        NewEvent(type="G", source_json='{"format":"cloudevents","extras":{"sequence":"0"}}'),
        NewEvent(
            type="H", metadata_json='{"causation_id":5}', source_json='{"format":"elsewhere"}'
        ),
        NewEvent(type="I", source_json='{"format":"cloudevents","extras":{"time":null,"id":7}}'),
    ]
    create_log(log)
    db = open_log(log, writable=True)
    Writer(db).append("s-1", odd, expected=NEW_STREAM)
    db.close()
    for name in ("cloudevents", "cloudevents-batch"):
        copy = log.with_name(f"{name}.foldline")
        export(log, log.with_name(name), format=name)

        report = ingest(log.with_name(name), into=copy)
        again = ingest(log.with_name(name), into=log)

        assert (report.stored, report.rejected) == (9, 0)
        assert events_in(copy) == events_in(log)
        assert links_in(copy) == links_in(log) == {3: ("l-1", "l-2")}
        assert (again.duplicates, again.conflicts) == (9, 0)


def test_one_event_alone_is_a_document_too(tmp_path: Path) -> None:
    source = tmp_path / "one.json"
    source.write_text(json.dumps(cloud_event(1), indent=1), encoding="utf-8")

    assert ingest(source, into=tmp_path / "log.foldline").stored == 1


def test_a_time_stays_what_it_was_in_both_times(log: Path) -> None:
    bring(log, cloud_event(1, recordedtime="2026-03-15T00:00:00Z"))

    (found,) = events_in(log)
    assert (found.occurred_at, found.recorded_at) == (AT, "2026-03-15T00:00:00.000000+00:00")
    export(log, log.with_name("out.jsonl"), format="cloudevents")
    assert (
        json.loads(log.with_name("out.jsonl").read_text())["recordedtime"] == "2026-03-15T00:00:00Z"
    )


def test_an_optional_attribute_of_another_type_costs_nothing(log: Path) -> None:
    report = ingest(FIXTURES / "cloudevents-extras.jsonl", into=log)

    assert (report.stored, report.rejected, report.odd_attributes) == (3, 0, 2)
    assert [(it.line, it.text) for it in report.of_kind("odd_attributes")] == [
        (1, "partitionkey is not text: 7"),
        (2, "authid is not text: true"),
    ]
    extras = [(it.source or {})["extras"] for it in events_in(log)]
    assert extras == [
        {"partitionkey": 7},
        {"authid": True},
        {"comexampleothervalue": 5, "unsetextension": None},
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("subject", "time", "recordedtime", "partitionkey", "dataschema", "sequence"),
        *("correlationid", "causationid", "authid", "foldline", "foldlineposition", "other"),
    ],
)
@pytest.mark.parametrize("value", [5, 1.5, True, None, [1], {"a": 1}])
def test_no_optional_attribute_costs_the_event_and_each_goes_out_again(
    log: Path, name: str, value: Any
) -> None:
    report = bring(log, cloud_event(1, **{name: value}))
    export(log, log.with_name("out.jsonl"), format="cloudevents")

    again = ingest(log.with_name("out.jsonl"), into=log.with_name("copy.foldline"))

    assert (report.stored, again.stored) == (1, 1)
    (one,), (copy,) = events_in(log), events_in(log.with_name("copy.foldline"))
    assert (copy.stream, copy.source_json) == (one.stream, one.source_json)


def test_times_with_small_letters_are_times(log: Path) -> None:
    report = ingest(FIXTURES / "lower-case-z.jsonl", into=log)

    assert (report.stored, report.naive_times) == (3, 0)
    assert {it.occurred_at[:19] for it in events_in(log)} == {"2018-04-26T14:48:09"}
    assert (events_in(log)[1].source or {})["raw_time"] == "2018-04-26T14:48:09z"
