"""What an import tells is the same in the window and at the terminal."""

from pathlib import Path

from gui.viewmodels.import_words import report_lines
from store.transfer.ingest import ingest
from store.transfer.report_lines import odd_lines
from tests.store.event_files import event, write_lines


def test_the_window_names_the_same_lines_as_the_command_line(tmp_path: Path) -> None:
    lines = [
        event(1),
        *(event(2 * n, id=f"x{n}") for n in range(2, 12)),
        event(90, recorded_at="2026-01-01T00:00:00", id="naive"),
    ]
    report = ingest(write_lines(tmp_path / "in.jsonl", *lines), into=tmp_path / "log.foldline")

    named = [line for _, _, lines in odd_lines(report) for line in lines]

    assert "line 2: stream 's-1': version 4 follows 1" in named
    assert "… and more" in named
    assert set(named) <= set(report_lines(report))


def test_conflicts_and_bad_lines_are_named_with_how_many_more_there_are(tmp_path: Path) -> None:
    others = (event(1, data={"n": n}) for n in range(2, 22))
    source = write_lines(tmp_path / "in.jsonl", event(1), *others, *["bad"] * 12)
    report = ingest(source, into=tmp_path / "log.foldline")

    told = report_lines(report)

    reason = "another event with this id is recorded at position 1"
    assert f"line 2, event e1: {reason}" in told
    assert told[-1] == f"… and {20 - 8:,} more"
    assert "… and 4 more" in told
