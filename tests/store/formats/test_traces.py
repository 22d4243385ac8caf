"""Traces and histories of programs: OpenTelemetry, Temporal, Debezium."""

import json
from pathlib import Path
from typing import Any

from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import events_in, write_lines


def span(id_: str, start: Any = "1754006402135000000", **facts: Any) -> dict[str, Any]:
    """One span of a trace, with its end."""
    known = {"traceId": "t", "spanId": id_, "name": "GET", "startTimeUnixNano": start}
    return {**known, "endTimeUnixNano": 1_754_006_402_151_000_000, **facts}


def request(*spans: dict[str, Any]) -> dict[str, Any]:
    """One export request."""
    return {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}


class TestOtlpTraces(FormatContract):
    name = "otlp-traces"
    file = "otel-traces.otlp.jsonl"
    events = 189

    def file_of(self, folder: Path, *events: Written) -> Path:
        requests = []
        for it in events:
            held = [{"key": key, "value": otlp_value(value)} for key, value in it.members.items()]
            start = it.milliseconds * 1_000_000 if it.at is None else it.at
            one = {
                "traceId": it.stream,
                "spanId": f"{it.n:016}",
                "name": it.type,
                "attributes": held,
            }
            requests.append(request({**one, "startTimeUnixNano": start}))
        return write_lines(folder / "made.jsonl", *requests)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A span twice, one whose time is none, and a line that is no request."""
        rows: list[dict[str, Any] | str] = [
            request(span("a")),
            request(span("a")),
            request(span("b", start="soon")),
            "{",
        ]
        return write_lines(folder / "odd.jsonl", *rows), 6


class TestTemporal(FormatContract):
    name = "temporal"
    file = "temporal-history-completed.json"
    events = 18

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = [
            it.inside(
                {
                    "eventId": str(it.place),
                    "eventTime": it.text,
                    "eventType": it.type,
                    "timerFiredEventAttributes": TEXT_HERE,
                }
            )
            for it in events
        ]
        return write_lines(folder / "made.jsonl", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, one without a number, and one without a type."""
        good = {"eventId": "1", "eventTime": "2022-07-01T20:28:48Z", "eventType": "Started"}
        rows: list[dict[str, Any] | str] = [
            good,
            good,
            {**good, "eventId": "x"},
            {**good, "eventId": "2", "eventType": ""},
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


class TestDebezium(FormatContract):
    name = "debezium"
    file = "orders.debezium.jsonl"
    events = 5

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = []
        for it in events:
            source = {"table": it.stream, "lsn": it.n, "ts_ms": it.milliseconds}
            row = {"id": it.stream, "held": TEXT_HERE}
            lines.append(it.inside({"before": None, "after": row, "source": source, "op": "c"}))
        return write_lines(folder / "made.jsonl", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """A change twice, one of no row, a message of another kind, and a row that is none."""
        good = {"before": None, "after": {"id": 1}, "source": {"table": "t"}, "op": "c"}
        rows: list[dict[str, Any] | str] = [
            good,
            good,
            {**good, "after": None},
            {**good, "op": "m"},
            {**good, "after": 3},
        ]
        return write_lines(folder / "odd.jsonl", *rows), len(rows)


def otlp_value(value: Any) -> dict[str, Any]:
    """A value as OpenTelemetry holds it."""
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case dict():
            pairs = [{"key": key, "value": otlp_value(it)} for key, it in value.items()]
            return {"kvlistValue": {"values": pairs}}
        case list():
            return {"arrayValue": {"values": [otlp_value(it) for it in value]}}
    return {"stringValue": str(value)}


def test_a_span_is_its_start_its_events_and_its_end_and_names_its_cause(tmp_path: Path) -> None:
    inner = {"name": "retry", "timeUnixNano": "1754006402136000000"}
    child = span("b", start="1754006402136000000", parentSpanId="a", events=[inner])
    source = write_lines(tmp_path / "traces.jsonl", request(child, span("a")))

    ingest(source, into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")
    assert [it.type for it in events] == ["GET started"] * 2 + ["retry", "GET ended", "GET ended"]
    parent, begun, retry = events[:3]
    assert "causation_id" not in parent.metadata
    assert begun.metadata["causation_id"] == parent.id
    assert retry.metadata["causation_id"] == begun.id
    assert {it.stream for it in events} == {"trace-t"}
    assert parent.recorded_at == "2025-08-01T00:00:02.135000+00:00"


def test_a_history_that_is_written_newest_first_comes_in_by_number(tmp_path: Path) -> None:
    history = json.loads((FIXTURES / "temporal-history-completed.json").read_text("utf-8"))
    history["history"]["events"].reverse()
    source = tmp_path / "history.json"
    source.write_text(json.dumps(history))

    ingest(source, into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")
    assert [it.version for it in events] == [*range(1, 19)]
    assert (events[0].type, events[-1].type) == (
        "WorkflowExecutionStarted",
        "WorkflowExecutionCompleted",
    )
    assert events[-1].metadata["causation_id"] == events[16].id


def test_types_of_temporal_are_called_alike_in_both_spellings(tmp_path: Path) -> None:
    event = {
        "eventId": "1",
        "eventTime": "2022-07-01T20:28:48Z",
        "eventType": "EVENT_TYPE_TIMER_FIRED",
    }
    source = write_lines(tmp_path / "history.jsonl", event)

    ingest(source, into=tmp_path / "log.foldline", format="temporal")

    assert events_in(tmp_path / "log.foldline")[0].type == "TimerFired"


def test_changes_of_a_row_are_a_stream_in_all_three_shapes(tmp_path: Path) -> None:
    ingest(FIXTURES / "orders.debezium.jsonl", into=tmp_path / "log.foldline")

    events = events_in(tmp_path / "log.foldline")

    assert [(it.stream, it.type) for it in events] == [
        ("shop.public.orders/1", "RowCreated"),
        ("shop.public.orders/1", "RowUpdated"),
        ("shop.public.orders/2", "RowCreated"),
        ("shop.public.orders/3", "RowCreated"),
        ("shop.public.orders/2", "RowDeleted"),
    ]
    assert events[3].data == {"id": 3, "status": "new", "total": 7.25}
    assert "12345678901234567890.5" in events[0].data_json
    assert events[1].metadata["correlation_id"] == "552:2501"
