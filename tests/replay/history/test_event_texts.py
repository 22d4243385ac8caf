"""Events as text: for a sheet, a page, a program and a test."""

import csv
import io
import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.history.event_texts import (
    FORMATS,
    FORMULA,
    as_csv,
    as_json,
    as_markdown,
    as_pytest,
    guarded,
)
from store.events import RecordedEvent
from tests.replay.written_logs import event, log_of

EVENTS = (
    ("order-1", event({"total": 5, "note": 'a|b "c"'}, "Placed", metadata={"user": "=ada"})),
    ("order-2", event({"total": 1}, "Placed")),
    ("order-1", event({"total": 7, "is": ""}, "Changed")),
)


@pytest.fixture
def events(tmp_path: Path) -> list[RecordedEvent]:
    with log_of(tmp_path, *EVENTS) as log:
        return list(log.read())


def test_json_is_an_object_a_line_with_payloads_as_stored(events: list[RecordedEvent]) -> None:
    found = [json.loads(line) for line in as_json(events).splitlines()]

    assert [it["position"] for it in found] == [1, 2, 3]
    assert found[0]["data"] == {"total": 5, "note": 'a|b "c"'}


def test_a_sheet_runs_nothing(events: list[RecordedEvent]) -> None:
    head, *rows = csv.reader(io.StringIO(as_csv(events)))

    assert head[:4] == ["position", "recorded_at", "stream", "version"]
    assert rows[0][5] == "'=ada"
    assert rows[0][6] == events[0].data_json


@given(st.text())
def test_no_cell_begins_as_a_formula(text: str) -> None:
    found = guarded(text)

    assert not found.startswith(FORMULA)
    assert found in (text, f"'{text}")


def test_markdown_keeps_its_cells(events: list[RecordedEvent]) -> None:
    lines = as_markdown(events).splitlines()

    assert len(lines) == 5
    assert "a\\|b" in lines[2]
    assert all(line.replace("\\|", "").count("|") == 8 for line in lines)


def test_the_test_passes_and_fails_when_the_events_are_others(
    events: list[RecordedEvent], tmp_path: Path
) -> None:
    path = tmp_path / "test_written.py"
    path.write_text(as_pytest(events), "utf-8")
    spec = spec_from_file_location("test_written", path)
    assert spec is not None
    assert spec.loader is not None
    written: Any = module_from_spec(spec)
    spec.loader.exec_module(written)

    written.test_the_states_are_still_the_same()
    assert written.THEN["order-1"]["total"] == 7
    written.WHEN["data"]["total"] = 8
    with pytest.raises(AssertionError):
        written.test_the_states_are_still_the_same()


def test_no_events_are_no_text_that_breaks() -> None:
    assert {name: bool(make([])) for name, make in FORMATS.items()}["CSV"]
