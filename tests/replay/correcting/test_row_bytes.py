"""A correction leaves the stored rows of the log as they were, byte for byte."""

from collections.abc import Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from sqlite3 import connect
from typing import Final

from replay.correcting.asked import Asked
from replay.correcting.commit import commit
from replay.correcting.proposal import By
from replay.states.stream_states import StreamStates
from store.sqlite.store import open_store
from tests.store.branches.lines import noted, written

ROWS: Final = {  # every column of what a log has recorded, as it is stored
    "events": "SELECT * FROM events WHERE position <= ? ORDER BY position",
    "links": "SELECT * FROM links WHERE position <= ? ORDER BY position, stream_id",
    "streams": "SELECT * FROM streams WHERE id <= ? ORDER BY id",
    "types": "SELECT * FROM types WHERE id <= ? ORDER BY id",
}


def digests(path: Path, ends: dict[str, int]) -> dict[str, str]:
    """SHA-256 over the values of all rows of each table up to a row."""
    with closing(connect(f"file:{path}?mode=ro", uri=True)) as db:
        return {name: _digest(db.execute(ROWS[name], [end])) for name, end in ends.items()}


def ends_of(path: Path) -> dict[str, int]:
    with closing(connect(f"file:{path}?mode=ro", uri=True)) as db:
        head = db.execute("SELECT max(position) FROM events").fetchone()[0]
        counts = {it: db.execute(f"SELECT count(*) FROM {it}").fetchone()[0] for it in ROWS}
    return counts | {"events": head, "links": head}


def _digest(rows: Iterable[tuple[object, ...]]) -> str:
    found = sha256()
    for row in rows:
        found.update(repr(row).encode())
    return found.hexdigest()


def test_the_rows_of_recorded_events_are_the_same_after_each_kind_of_correction(
    tmp_path: Path,
) -> None:
    log = written(tmp_path / "log.foldline", [noted(n) for n in (3, 1, 2)])
    ends = ends_of(log)
    before = digests(log, ends)
    with closing(open_store(log)) as store:
        for asked in (
            Asked(position=2, kind="late"),
            Asked(position=1, kind="wrong", data={"n": 7}),
            Asked(position=3, kind="rejected"),
        ):
            made = commit(store, StreamStates, asked, By(actor="ada"), partly=False)

            assert made.positions
            assert digests(log, ends) == before
    assert digests(log, ends) == before


def test_a_row_that_was_changed_would_be_noticed(tmp_path: Path) -> None:
    one = written(tmp_path / "one.foldline", [noted(1)])
    other = written(tmp_path / "other.foldline", [noted(2)])

    assert digests(one, ends_of(one)) != digests(other, ends_of(other))
