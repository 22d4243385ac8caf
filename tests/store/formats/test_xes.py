"""XES: a stream a trace, events by time, and XML that does no harm."""

import json
from itertools import starmap
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from store.errors import UnreadableSource
from store.transfer.ingest import ingest
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written, in_xml
from tests.store.event_files import events_in

NS = "{http://www.xes-standard.org/}"
EVENT = (
    '<event><string key="concept:name" value="{name}"/>'
    '<date key="time:timestamp" value="{at}"/>{more}</event>'
)


def event(name: str, at: str = "2026-03-01T08:00:00Z", more: str = "") -> str:
    """One event."""
    return EVENT.format(name=name, at=at, more=more)


def written(path: Path, *traces: str) -> Path:
    """A log of these traces."""
    path.write_text(f'<log xes.version="2.0">{"".join(traces)}</log>', "utf-8")
    return path


class TestXes(FormatContract):
    name = "xes"
    file = "orders.xes"
    events = 134

    def file_of(self, folder: Path, *events: Written) -> Path:
        traces: dict[str, list[str]] = {}
        for it in events:
            more = "".join(starmap(_attribute, it.members.items()))
            more += f'<id key="identity:id" value="{it.id}"/>'
            traces.setdefault(it.stream, []).append(event(in_xml(it.type), it.text, more))
        parts = [
            f"<trace>{_attribute('concept:name', name)}{''.join(found)}</trace>"
            for name, found in traces.items()
        ]
        return written(folder / "made.xes", *parts)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice by its id, one whose time is none, and one with nothing in it."""
        same = event("A", more='<id key="identity:id" value="1"/>')
        trace = f"<trace>{same}{same}{event('B', at='soon')}<event/></trace>"
        return written(folder / "odd.xes", trace), 4


def _attribute(key: str, value: Any) -> str:
    match value:
        case bool():
            kind, text, inside = "boolean", str(value).lower(), ""
        case int():
            kind, text, inside = "int", str(value), ""
        case dict():
            kind, text, inside = "container", "", "".join(starmap(_attribute, value.items()))
        case list():
            parts = "".join(_attribute(str(n), it) for n, it in enumerate(value))
            kind, text, inside = "list", "", f"<values>{parts}</values>"
        case _:
            kind, text, inside = "string", str(value), ""
    return f'<{kind} key="{in_xml(key)}" value="{in_xml(text)}">{inside}</{kind}>'


def test_every_event_is_that_of_an_independent_reading(tmp_path: Path) -> None:
    ingest(FIXTURES / "orders.xes", into=tmp_path / "log.foldline")
    theirs = []
    for trace in ElementTree.parse(FIXTURES / "orders.xes").getroot().iter(f"{NS}trace"):
        name = trace.find(f"{NS}string[@key='concept:name']")
        assert name is not None
        for it in trace.iter(f"{NS}event"):
            said = {part.get("key"): part.get("value") for part in it}
            theirs.append((name.get("value"), said["concept:name"], said["identity:id"]))

    ours = events_in(tmp_path / "log.foldline")

    assert sorted((it.stream, it.type, it.id) for it in ours) == sorted(theirs)
    times = [it.occurred_at_us for it in ours]
    assert times == sorted(times)


def test_attributes_keep_their_types_and_nested_ones_their_value(tmp_path: Path) -> None:
    more = (
        '<int key="n" value="9007199254740993"/><float key="f" value="1.50"/>'
        '<boolean key="b" value="true"/><int key="wrong" value="many"/>'
        '<string key="who" value="ada"><string key="role" value="clerk"/></string>'
        '<list key="l"><values><string key="a" value="1"/></values></list>'
        '<string key="org:resource" value="bob"/>'
    )
    source = written(tmp_path / "in.xes", f"<trace>{event('A', more=more)}</trace>")

    ingest(source, into=tmp_path / "log.foldline")

    (found,) = events_in(tmp_path / "log.foldline")
    assert "9007199254740993" in found.data_json
    assert "1.50" in found.data_json
    assert json.loads(found.data_json) == {
        "n": 9007199254740993,
        "f": 1.5,
        "b": True,
        "wrong": "many",
        "who": {"value": "ada", "role": "clerk"},
        "l": {"a": "1"},
    }
    assert found.metadata == {"user": "bob"}
    assert found.stream == "trace-1"


def test_what_a_trace_says_of_itself_stands_beside_its_first_event(tmp_path: Path) -> None:
    about = '<string key="concept:name" value="case-7"/><int key="cost" value="3"/>'
    step = '<string key="lifecycle:transition" value="start"/>'
    trace = f"<trace>{about}{event('A', more=step)}{event('B')}</trace>"

    ingest(written(tmp_path / "in.xes", trace), into=tmp_path / "log.foldline")

    first, second = events_in(tmp_path / "log.foldline")
    assert (first.stream, first.type) == ("case-7", "A:start")
    assert json.loads(first.source_json or "{}")["trace"] == {"concept:name": "case-7", "cost": 3}
    assert "trace" not in json.loads(second.source_json or "{}")


@pytest.mark.parametrize(
    "harm",
    [
        '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE log SYSTEM "http://127.0.0.1/log.dtd">',
        '<!DOCTYPE log [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused_whatever_it_holds(tmp_path: Path, harm: str) -> None:
    source = tmp_path / "harm.xes"
    source.write_text(f"<?xml version='1.0'?>{harm}<log xes.version='2.0'><trace/></log>")

    with pytest.raises(UnreadableSource, match="document type"):
        ingest(source, into=tmp_path / "log.foldline")

    assert not (tmp_path / "log.foldline").exists()


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_log_that_is_cut_short_is_refused(tmp_path: Path, tenth: int) -> None:
    whole = (FIXTURES / "orders.xes").read_bytes()
    source = tmp_path / "cut.xes"
    source.write_bytes(whole[: len(whole) * tenth // 10])

    with pytest.raises(UnreadableSource, match="not well-formed"):
        ingest(source, into=tmp_path / "log.foldline", format="xes")


def test_elements_that_are_nested_too_deeply_are_refused(tmp_path: Path) -> None:
    deep = '<string key="a" value="b">' * 300 + "</string>" * 300
    source = written(tmp_path / "deep.xes", f"<trace>{event('A', more=deep)}</trace>")

    with pytest.raises(UnreadableSource, match="nested deeper"):
        ingest(source, into=tmp_path / "log.foldline")


def test_events_in_no_trace_are_a_stream_of_their_own(tmp_path: Path) -> None:
    name = '<trace><string key="concept:name" value="case-7"/></trace>'
    source = written(tmp_path / "in.xes", f"<trace>{event('A')}</trace>{name}", event("B") * 2)

    ingest(source, into=tmp_path / "log.foldline")

    found = [(it.stream, it.version, it.type) for it in events_in(tmp_path / "log.foldline")]
    assert found == [("trace-1", 1, "A"), ("log", 1, "B"), ("log", 2, "B")]


def test_a_key_that_stands_twice_is_told_and_its_first_value_kept(tmp_path: Path) -> None:
    more = '<int key="n" value="1"/><int key="n" value="2"/>'
    source = written(tmp_path / "in.xes", f"<trace>{event('A', more=more)}</trace>")

    report = ingest(source, into=tmp_path / "log.foldline")

    (found,) = events_in(tmp_path / "log.foldline")
    assert found.data == {"n": 2}
    assert (found.source or {})["extras"] == {"repeated": {"n": [1]}}
    assert report.repeated_attributes == 1
