"""Foldline's own lines: what they hold, and what is made of lines that lack or add something."""

import json
from pathlib import Path
from typing import Any

import pytest

from store.errors import UnreadableSource
from store.events import NEW_STREAM, NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer
from store.transfer.export import export
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written
from tests.store.event_files import AT, event, events_in, links_in, write_lines


class TestCanonical(FormatContract):
    name = "canonical"
    file = "orders.canonical.jsonl"
    events = 300

    def file_of(self, folder: Path, *events: Written) -> Path:
        lines = [
            it.inside(
                event(
                    it.place,
                    stream=it.stream,
                    type=it.type,
                    id=it.id,
                    occurred_at=it.text,
                    recorded_at=it.text,
                    data=TEXT_HERE,
                )
            )
            for it in events
        ]
        return write_lines(folder / "made.jsonl", *lines)

    def odd(self, folder: Path) -> tuple[Path, int]:
        lines: list[dict[str, Any] | str] = [
            event(1),
            event(1),
            event(1, data={"n": 9}),
            event(5, links=["s-1", "b-1"]),
            event(5, id="other"),
            event(6, occurred_at="2026-03-14T09:41:09", recorded_at=None),
            event(7, occurred_at=None, recorded_at=None),
            event(8, occurred_at=5),
            "not json",
            json.dumps(event(9)).replace('{"n": 9}', '{"n": 9, "n": 10}'),
        ]
        return write_lines(folder / "odd.jsonl", *lines), len(lines)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


def bring(log: Path, *lines: dict[str, Any] | str) -> Any:
    source = write_lines(log.with_name("in.jsonl"), *lines)
    return ingest(source, into=log, format="canonical")


def append(log: Path, *events: NewEvent) -> None:
    create_log(log)
    db = open_log(log, writable=True)
    Writer(db).append("s-1", events, expected=NEW_STREAM)
    db.close()


def test_a_line_becomes_the_event_it_says(log: Path) -> None:
    ingest(FIXTURES / "orders.canonical.jsonl", into=log)

    first = events_in(log)[0]
    assert (first.stream, first.version) == ("order-da2b8bc1-b83a-4bf3-93cd-5e51ca5dab7a", 1)
    assert (first.type, first.id) == ("Placed", "f40cd5af-73e4-50b8-900a-6bc5447d84be")
    assert first.occurred_at == first.recorded_at == "2023-01-02T08:15:22.121677+00:00"
    assert first.metadata["user"] == "系統"
    assert first.source_json is None


def test_members_are_written_in_one_order_and_only_when_there_are_any(log: Path) -> None:
    append(
        log, NewEvent(type="A", links=("l-1",), source_json='{"format":"x"}'), NewEvent(type="B")
    )

    export(log, log.with_name("out.jsonl"))

    always = ["position", "stream", "stream_version", "type", "id", "occurred_at", "recorded_at"]
    one, two = log.with_name("out.jsonl").read_text("utf-8").splitlines()
    assert list(json.loads(one)) == [*always, "data", "metadata", "links", "source"]
    assert list(json.loads(two)) == [*always, "data", "metadata"]


def test_payloads_with_line_breaks_come_back_byte_for_byte(log: Path) -> None:
    """Row D11."""
    broken = '{\n  "a": "one\\ntwo",\r\n  "b": 1\n}'
    append(log, NewEvent(type="A", data_json=broken, metadata_json=broken, source_json=broken))
    copy = log.with_name("copy.foldline")

    export(log, log.with_name("out.jsonl"))
    ingest(log.with_name("out.jsonl"), into=copy)

    assert len(log.with_name("out.jsonl").read_bytes().splitlines()) == 1
    assert events_in(copy) == events_in(log)


@pytest.mark.parametrize(
    "verbatim",
    [
        '{"data": "{\\"n\\":\\n2}"}',  # says something else than the line
        '{"data": "{\\"n\\":\\n 1"}',
        '{"other": "x"}',
        "[1]",
        '"\\ud800"',
    ],
)
def test_a_member_that_only_looks_like_verbatim_is_kept_as_unknown(
    log: Path, verbatim: str
) -> None:
    line = json.dumps(event(1))[:-1] + f', "verbatim": {verbatim}}}'

    assert bring(log, line).stored == 1
    (found,) = events_in(log)
    assert found.data_json == '{"n": 1}'
    assert f'"extras":{{"verbatim":{verbatim}}}' in (found.source_json or "")


def test_links_are_kept(log: Path) -> None:
    bring(log, event(1, links=["b-1", "a-1"]))

    assert links_in(log) == {1: ("a-1", "b-1")}


def test_times_that_our_columns_do_not_give_back_are_kept_as_text(log: Path) -> None:
    nine = "2026-03-14T09:41:09.921123456Z"
    bring(log, event(1, occurred_at=nine, recorded_at="2026-03-15T00:00:00-00:00"))

    (found,) = events_in(log)
    assert found.occurred_at == "2026-03-14T09:41:09.921123+00:00"
    assert found.source == {
        "format": "canonical",
        "raw_time": nine,
        "raw_recorded_time": "2026-03-15T00:00:00-00:00",
    }


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"recorded_at": None}, (AT, AT)),
        ({"occurred_at": None}, (AT, AT)),
        (
            {"occurred_at": "1000-01-01T00:00:00.000000+00:00"},
            ("1000-01-01T00:00:00.000000+00:00", AT),
        ),
        (
            {"occurred_at": "0001-01-02T00:00:00.000000+00:00"},
            ("0001-01-02T00:00:00.000000+00:00", AT),
        ),
    ],
)
def test_one_stated_time_counts_for_both(
    log: Path, times: dict[str, Any], expected: tuple[str, str]
) -> None:
    bring(log, event(1, **times))

    (found,) = events_in(log)
    assert (found.occurred_at, found.recorded_at) == expected


def test_without_any_time_the_log_s_clock_counts_and_a_second_import_still_adds_nothing(
    log: Path,
) -> None:
    line = event(1, occurred_at=None, recorded_at=None)
    bring(log, line)

    assert bring(log, line).duplicates == 1
    assert events_in(log)[0].occurred_at == events_in(log)[0].recorded_at


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at is not a time"),
        ({"occurred_at": "2026-13-01T00:00:00.000000+00:00"}, "occurred_at is not a time"),
        ({"recorded_at": "x" * 99}, "recorded_at is not a time: 'xxxx"),
        ({"occurred_at": 5}, "occurred_at is not text"),
        ({"stream": None}, "the event has no stream"),
        ({"stream": 7}, "stream is not text"),
        ({"stream": "\ud800"}, "stream is not valid Unicode text"),
        ({"stream_version": 1.5}, "stream_version is not a whole number"),
        ({"stream_version": True}, "stream_version is not a whole number"),
        ({"stream_version": 2**63}, "stream_version is out of range"),
        ({"position": 2**63, "x": 1}, "position is out of range"),
        ({"metadata": []}, "metadata is not an object"),
        ({"source": "x"}, "source is not an object"),
        ({"links": "x"}, "links is not a list of names"),
        ({"links": [""]}, "links is not a list of names"),
        ({"id": [1]}, "id is not text"),
    ],
)
def test_each_fault_has_its_own_sentence(log: Path, change: dict[str, Any], reason: str) -> None:
    report = bring(log, event(1, **change), event(1, id="good"))

    assert report.stored == 1
    assert report.bad_lines[0].reason.startswith(reason)


def test_numbers_too_long_to_read_are_named(log: Path) -> None:
    digits = "9" * 5_000
    line = json.dumps(event(1)).replace('"stream_version": 1', f'"stream_version": {digits}')

    report = bring(log, line, line.replace('"type"', '"links": [' + digits + '], "type"'))

    assert report.bad_lines[0].reason in (
        "stream_version is out of range",
        "stream_version cannot be read",
    )
    assert report.rejected == 2


def test_missing_data_and_metadata_are_empty_objects(log: Path) -> None:
    bring(log, '{"stream": "s-1", "type": "A"}', '{"stream":"s-1","type":"B","metadata":null}')

    assert [(it.data_json, it.metadata_json) for it in events_in(log)] == [("{}", "{}")] * 2


def test_ids_are_minted_alike_every_time(log: Path) -> None:
    lines: list[dict[str, Any] | str] = [
        '{"stream":"s-1","type":"A"}',
        '{"stream":"s-1","type":"A"}',
        event(3, id=None),
    ]

    first, second = bring(log, *lines), bring(log, *lines)

    assert (first.stored, first.minted_ids) == (3, 3)
    assert (second.stored, second.duplicates) == (0, 3)


def test_an_id_that_is_a_number_is_kept_as_text(log: Path) -> None:
    bring(log, event(1, id=1652857722))

    (found,) = events_in(log)
    assert found.id == "1652857722"
    assert found.source == {"format": "canonical", "origin_id": 1652857722}


@pytest.mark.parametrize("layout", ["array", "pretty array", "pretty object", "one long line"])
def test_events_may_also_stand_in_one_document(tmp_path: Path, layout: str) -> None:
    long = {"text": "x" * 70_000}
    documents = {
        "array": json.dumps([event(1), event(2)]),
        "pretty array": json.dumps([event(1), event(2)], indent=2),
        "pretty object": json.dumps(event(1), indent=2),
        "one long line": json.dumps(event(1, data=long)) + "\n" + json.dumps(event(2)),
    }
    source = tmp_path / "in.json"
    source.write_text(documents[layout], encoding="utf-8")

    report = ingest(source, into=tmp_path / "log.foldline")

    assert report.stored == (1 if layout == "pretty object" else 2)
    assert report.rejected == 0


def test_elements_of_an_array_have_their_offset(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    text = f"[ {json.dumps(event(1, type='é'), ensure_ascii=False)} , 7, {json.dumps(event(2))}]"
    source.write_text(text, encoding="utf-8")

    report = ingest(source, into=tmp_path / "log.foldline")

    assert report.stored == 2
    assert report.bad_lines[0].line == 2
    assert text.encode()[report.bad_lines[0].offset :].startswith(b"7,")


@pytest.mark.parametrize("tail", [b"", b"] x", b"{", b", ]", b"\xff]"])
def test_an_array_that_is_damaged_is_refused_as_a_whole(tmp_path: Path, tail: bytes) -> None:
    source = tmp_path / "in.json"
    source.write_bytes(b"[" + json.dumps(event(1)).encode() + tail)

    with pytest.raises(UnreadableSource):
        ingest(source, into=tmp_path / "log.foldline", format="canonical")

    assert not (tmp_path / "log.foldline").exists()


def test_an_empty_array_holds_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_text("[ ]")

    report = ingest(source, into=tmp_path / "log.foldline", format="canonical")

    assert (report.read, report.stored) == (0, 0)
    assert not (tmp_path / "log.foldline").exists()


@pytest.mark.parametrize("depth", [900, 5_000])
def test_deeply_nested_payloads_are_kept_or_named(log: Path, depth: int) -> None:
    payload = "[" * depth + "]" * depth
    line = json.dumps(event(1)).replace('{"n": 1}', payload)

    report = bring(log, line, event(1, id="good") if depth > 1_000 else event(2))

    assert report.stored + report.rejected == 2
    assert report.rejected == (depth > 1_000)
