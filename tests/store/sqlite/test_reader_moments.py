"""What a time axis needs of the events."""

from pathlib import Path

from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer


def test_moments_carry_the_running_maximum_where_clocks_step_back(tmp_path: Path) -> None:
    path = tmp_path / "log.foldline"
    create_log(path)
    db = open_log(path, writable=True)
    events = [
        NewEvent(type=type_, recorded_at_us=recorded, occurred_at_us=occurred)
        for type_, recorded, occurred in (("A", 10, 1), ("B", 5, 2), ("A", 20, 0))
    ]
    Writer(db).append("s", events, expected=0)
    db.close()

    reader = open_reader(path)
    moments = reader.moments(2, 3)
    reader.close()

    assert moments == [(2, "B", 10, 2), (3, "A", 20, 0)]
