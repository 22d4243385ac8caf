"""`export` tells what the file cannot hold: before, with --dry-run, and in its report."""

import json
from pathlib import Path

import pytest

from store.transfer.ingest import ingest
from tests.replay.verbs.conftest import Run
from tests.store.event_files import write_lines

AT, LATER = "2026-03-01T10:00:00.000000+00:00", "2026-03-01T10:00:05.000000+00:00"
LINES = (
    {"stream": "cart-1", "type": "Opened", "id": "e1", "occurred_at": AT, "recorded_at": AT},
    {"stream": "cart-1", "type": "Paid", "id": "e2", "occurred_at": AT, "recorded_at": LATER},
    {"stream": "cart-2", "type": "Opened", "id": "e3", "recorded_at": AT, "links": ["all"]},
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Three events; their ids are no UUIDs, and one is linked into another stream."""
    into = tmp_path / "log.foldline"
    ingest(write_lines(tmp_path / "in.jsonl", *LINES), into=into)
    return into


def test_a_dry_run_lists_the_losses_of_the_events_chosen_and_writes_nothing(
    run: Run, log: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"

    code, text, _ = run("export", log, out, "--format", "message-db-rows", "--dry-run")
    chosen = run("export", log, out, "--format=message-db-rows", "--dry-run", "--stream=cart-1")[1]

    assert code == 0
    assert "3 events would be written" in text
    assert "3 events lose the id" in text
    assert "1 event loses the links into other streams" in text
    assert "2 events lose the id" in chosen
    assert "links" not in chosen
    assert not out.exists()


def test_the_report_lists_the_same_losses(run: Run, log: Path, tmp_path: Path) -> None:
    asked = ("export", log, tmp_path / "out.jsonl", "--format", "message-db-rows")

    before = json.loads(run(*asked, "--dry-run", "--json")[1])
    text = run(*asked)[1]
    after = json.loads(run(*asked, "--overwrite", "--json")[1])

    assert (before["is_dry_run"], after["is_dry_run"]) == (True, False)
    assert before["losses"] == after["losses"]
    assert {it["name"]: it["events"] for it in after["losses"]} == {"id": 3, "links": 1}
    assert "1 event loses the links into other streams" in text


def test_where_nothing_is_lost_a_dry_run_says_so(run: Run, log: Path, tmp_path: Path) -> None:
    text = run("export", log, tmp_path / "out.jsonl", "--dry-run")[1]

    assert "nothing is lost" in text


def test_a_format_that_is_not_written_is_refused_by_a_dry_run_too(
    run: Run, log: Path, tmp_path: Path
) -> None:
    code, _, errors = run("export", log, tmp_path / "out", "--format", "kcat", "--dry-run")

    assert code == 1
    assert "can be read but not written" in errors
