"""What must hold of every store, whoever was killed while it was written."""

import json
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final

from store.events import RecordedEvent
from store.opening import open_store, reading
from store.sqlite.integrity import verify
from tests.crash.campaign.victim import run_verb

LEFT: Final = ("-wal", "-shm", "-journal", ".unfinished", ".unfinished.lock")


def whole(log: Path) -> list[RecordedEvent]:
    """Its events, after it was opened for writing, verified, and closed with nothing beside it."""
    assert log.stat().st_size, "a file of 0 bytes"
    with closing(open_store(log)) as store:
        assert store.head() == len(list(store.read()))
    found = verify(log)
    assert found.is_sound, found.problems
    left = [
        it.name
        for it in log.parent.iterdir()
        if it.name.startswith((log.name + "-wal", log.name + "-shm", log.name + "-journal"))
    ]
    assert left == [], left
    with reading(log) as reader:
        return list(reader.read())


def nothing_left(folder: Path, *, but: set[str]) -> None:
    """Only these files are there, and locks that nobody holds: they stay by intent. SQLite itself
    takes its temporary files away right after it has made them, and a kill may come in between."""
    found = {it.name for it in folder.iterdir() if not it.name.endswith("-lock")}
    found = {it for it in found if not it.startswith("etilqs_")}
    assert found <= but, f"left behind: {sorted(found - but)}"


def views_agree(log: Path) -> None:
    """Every view catches up, and is what a fresh fold makes."""
    with redirect_stdout(StringIO()) as out:
        code = run_verb("certify", log, "--json")
    assert code == 0, [it for it in json.loads(out.getvalue())["views"] if it["first_difference"]]
