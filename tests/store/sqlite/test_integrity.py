"""How much damage a check tells, and that one fault is told once."""

from contextlib import closing
from pathlib import Path

import pytest

from store.events import NewEvent
from store.sqlite.connect import connect, create_log, open_log
from store.sqlite.integrity import REPORTED, verify
from store.sqlite.writer import Writer

EVENTS = REPORTED + 50


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    Writer(db).append("s-1", [NewEvent(type="Noted") for _ in range(EVENTS)], expected=0)
    db.close()
    return path


def changed(log: Path, statement: str) -> None:
    """As by a program that takes the guards away."""
    db = connect(log)
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute(statement)
    db.close()


def test_every_problem_is_counted_and_the_first_hundred_are_named(log: Path) -> None:
    changed(log, "UPDATE events SET checksum = checksum + 1")

    report = verify(log)

    guards = [it for it in report.problems if "is missing" in it.text]
    assert len(report.problems) == REPORTED
    assert report.problem_count == EVENTS + len(guards)


def test_an_event_that_was_taken_out_is_missed_once(log: Path) -> None:
    changed(log, "DELETE FROM events WHERE position = 20")

    gaps = [it for it in verify(log).problems if it.text.startswith("position")]

    assert [(it.position, it.text) for it in gaps] == [(20, "position 20 is missing")]


def test_a_log_that_grows_while_it_is_checked_is_sound(log: Path) -> None:
    with closing(open_log(log, writable=True)) as db:
        writer, length = Writer(db), EVENTS

        def grow(_seen: object) -> None:
            nonlocal length
            more = NewEvent(type="Noted", links=("t-1",))
            writer.append("s-1", [more], expected=length)
            length += 1

        report = verify(log, on_progress=grow, on_phase=grow)

    assert length > EVENTS
    assert (report.problems, report.events) == ((), EVENTS)


def test_an_event_far_behind_the_others_is_found(log: Path) -> None:
    far = 2**63 - 1
    changed(log, f"UPDATE events SET position = {far} WHERE position = {EVENTS}")

    report = verify(log)

    assert report.events == EVENTS
    assert EVENTS in {it.position for it in report.problems}
