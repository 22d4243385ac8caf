"""Flip each byte of a small store once, and sort what comes of it; not run by the tests.

python -m tests.store.sqlite.every_flip [SECONDS]: bytes that are used come first, then unused space
from all over the file, until the time is over. A flip that is neither told nor refused is sorted by
what the byte is for in the form of the file, and by whether all that can be read is the same.
"""

import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

from store.errors import StoreError
from store.events import NewEvent
from store.sqlite.connect import connect_alone, create_log, open_log
from store.sqlite.integrity import verify
from store.sqlite.writer import Writer
from tests.store.sqlite.file_bytes import FREE, use_of_bytes

EVENTS: Final = 20
SPREAD: Final = 64  # unused bytes are taken this far from one another


def make_store(path: Path) -> None:
    """A log of one stream, whole in its file."""
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        events = [NewEvent.of("Noted", {"word": f"w{at}" * 20}) for at in range(EVENTS)]
        Writer(db).append("note-1", events, expected=0)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def outcome_of(path: Path) -> str:
    """What a check says of a store: "refused", "told", "sound", or what it failed with."""
    try:
        return "sound" if verify(path).is_sound else "told"
    except StoreError:
        return "refused"
    except Exception as error:  # what this looks for: a program error
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"FAILED, {type(error).__name__} in {Path(where.filename).name}:{where.lineno}"


def contents(path: Path) -> str:
    """All rows of all tables, and the schema, as SQL."""
    with closing(connect_alone(path)) as db:
        return "\n".join(db.iterdump())


def order_of(uses: list[str]) -> list[int]:
    """Places of bytes: those in use first; unused space from all over the file at any time."""
    return sorted(range(len(uses)), key=lambda at: (uses[at] == FREE, at % SPREAD, at))


def main(arguments: list[str]) -> int:
    """Print a table of kinds and counts."""
    until_s = time.monotonic() + (float(arguments[0]) if arguments else float("inf"))
    found: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.foldline"
        make_store(path)
        content = path.read_bytes()
        said, uses = contents(path), use_of_bytes(content)
        for at in order_of(uses):
            if time.monotonic() > until_s:
                break
            flipped = bytearray(content)
            flipped[at] ^= 1 << at % 8
            found[uses[at], _flipped(path, bytes(flipped), said)] += 1
    for (use, outcome), count in sorted(found.items()):
        sys.stdout.write(f"{use:42} {outcome:22} {count:8,} of {uses.count(use):8,}\n")
    sys.stdout.write(f"{sum(found.values()):,} flips of {len(content):,} bytes\n")
    return 0


def _flipped(path: Path, content: bytes, said: str) -> str:
    path.write_bytes(content)
    outcome = outcome_of(path)
    if outcome != "sound":
        return outcome
    path.write_bytes(content)
    try:
        return "sound, same contents" if contents(path) == said else "sound, OTHER contents"
    except sqlite3.Error:
        return "sound, cannot be read"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
