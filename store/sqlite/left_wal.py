"""Whether the -wal beside a log holds changes of this file, or of one that was there before.

SQLite finds a -wal by name alone. When a log is replaced while it is open, or after a crash, what
the former file left would be taken for the newest changes of the other one, and two logs mixed.

Two things tell. While somebody has the -wal open, they have its file open too: when a process
holds the index of the -wal, and nobody this file, the -wal is of another one. When nobody has it
open, what it makes of the file must go on from what the file says by itself.
Sources: sqlite.org/walformat.html (locks), proc(5) (/proc/locks).
"""

import os
import re
import shutil
import sqlite3
import struct
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from store.access import has_rights
from store.errors import ForeignWal
from store.failure import said_of, said_of_world
from store.sqlite.looking import alone, state_of, uri_of
from store.whole_file import name_for_a_moment

CHECKED_BYTES: Final = 64 * 2**20  # a bigger file is not read from end to end
STORE_ID: Final = "SELECT value FROM store_facts WHERE key = 'store_id'"
HEAD: Final = "SELECT coalesce(max(position), 0) FROM events"
AT: Final = "SELECT id, checksum FROM events WHERE position = ?"
COUNT: Final = "SELECT count(*) FROM events WHERE position > ? AND position <= ?"
COUNTED: Final = 100_000  # events behind the file's own that are counted
LOCKS: Final = Path("/proc/locks")
_SIZES: Final = struct.Struct("=II")  # in the index: frames that count, pages after the last commit
_SIZES_AT: Final = 16
_HELD: Final = re.compile(r"\S+: POSIX\s.*:(\d+) \d+ \S+$", re.MULTILINE)

LOOKS: Final = 4
LOOKS_S: Final = 0.01

Owner: TypeAlias = Literal["this file", "another", "nobody"]
Connect: TypeAlias = Callable[[str], sqlite3.Connection]


def require_own_wal(path: Path, connect: Connect) -> None:
    """Raises ForeignWal when the -wal beside the log is not its own. `connect` opens a name. A log
    that may only be read is not looked at: nothing is made beside it."""
    while (wal := _wal_of(path)) is not None and has_rights(path):
        owner = _owner(path)
        is_foreign = owner == "another" or (owner == "nobody" and not _goes_on(path, wal, connect))
        if not is_foreign:
            return
        if _wal_of(path) == wal:
            raise ForeignWal(path.with_name(f"{path.name}-wal"))


def set_aside(path: Path, connect: Connect) -> Path | None:
    """Give a -wal that is not this file's, and that nobody has open, another name, and remove its
    index. Returns the name; None when there is no such -wal."""
    wal = _wal_of(path)
    if wal is None or _owner(path) != "nobody" or _goes_on(path, wal, connect):
        return None
    names = (path.with_name(f"{path.name}.former-wal-{n}") for n in count(1))
    aside = next(it for it in names if not it.exists())
    path.with_name(f"{path.name}-wal").rename(aside)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def _wal_of(path: Path) -> int | None:
    """Which -wal is beside the log; None when it has no changes, or there is none."""
    wal = state_of(path).wal
    return None if wal is None else wal[0]


def _owner(path: Path) -> Owner:
    """Whose the -wal is, by who has it open. What is read while locks come and go may lack some,
    so another file is believed in only when it is found each time."""
    found: Owner = "nobody"
    for _ in range(LOOKS):
        held = _held_files()
        if _number(path.with_name(f"{path.name}-shm")) not in held:
            return "nobody"
        if _number(path) in held:
            return "this file"
        found = "another"
        time.sleep(LOOKS_S)
    return found


def _goes_on(path: Path, wal: int, connect: Connect) -> bool:
    """Whether the file with its -wal is a later state of the file without. Whoever closes the file
    last takes the -wal away, also while it is looked at here: then it was this file's. Raises
    DiskFull and whatever else of the world is in the way, which says nothing of the -wal."""
    try:
        with (
            name_for_a_moment(path) as name,
            closing(_recovered(path, name, connect)) as whole,
            closing(connect(alone(path))) as by_itself,
        ):
            return _is_of_its_size(whole, name) and _is_later(whole, by_itself)
    except sqlite3.DatabaseError as error:
        if (told := said_of_world(error, path)) is not None:
            raise told from error
        return False
    except FileNotFoundError as error:
        if path.exists() and _wal_of(path) != wal:
            return True
        raise said_of(error, path) or error from error
    except OSError as error:
        raise said_of(error, path) or error from error


def _recovered(path: Path, name: Path, connect: Connect) -> sqlite3.Connection:
    """The file with its -wal as who opens it next would find it, which is not always what the
    index says that was left: under another name, which has no index yet."""
    for suffix in ("", "-wal"):
        _name_too(path.with_name(path.name + suffix), name.with_name(name.name + suffix))
    db = connect(uri_of(name, "mode=ro"))
    try:
        _asked(db, "SELECT count(*) FROM sqlite_schema")
    except BaseException:
        db.close()
        raise
    return db


def _is_of_its_size(whole: sqlite3.Connection, name: Path) -> bool:
    """Whether the -wal and the file with it say the same of how many pages there are after the last
    commit: when all that the -wal holds lies behind the end of another file, nothing else tells."""
    try:
        index = name.with_name(f"{name.name}-shm").read_bytes()
    except FileNotFoundError:
        return True  # shared with who has the file open in this process: it is that one's -wal
    frames, pages = _SIZES.unpack_from(index, _SIZES_AT)
    return not frames or pages == _asked(whole, "PRAGMA page_count")


def _name_too(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except OSError:  # there are no links here
        shutil.copyfile(path, name)


def _is_later(whole: sqlite3.Connection, by_itself: sqlite3.Connection) -> bool:
    """A checkpoint that was killed leaves a file that is of two moments by itself, or shorter than
    it says. What cannot be read of it says nothing then; what can be has to fit."""
    if _alone(by_itself, "SELECT count(*) FROM sqlite_schema") == (0,):
        return True  # all there is stands in the -wal: a log that was just made
    id_, head = _alone(by_itself, STORE_ID), _alone(by_itself, HEAD)
    before, now = head[0] if head else 0, _asked(whole, HEAD)
    if id_ not in (None, (_asked(whole, STORE_ID),)) or now < before:
        return False
    rows = [(_alone(by_itself, AT, at), _row(whole, at)) for at in {1, before} if at <= before]
    if any(alone is not None and alone != row for alone, row in rows):
        return False
    until = min(now, before + COUNTED)
    if whole.execute(COUNT, [before, until]).fetchone()[0] != until - before:
        return False
    size = _asked(whole, "PRAGMA page_count") * _asked(whole, "PRAGMA page_size")
    return bool(size > CHECKED_BYTES or _asked(whole, "PRAGMA integrity_check(1)") == "ok")


def _alone(by_itself: sqlite3.Connection, sql: str, *values: int) -> tuple[Any, ...] | None:
    """What the file says without its -wal; None also where it cannot be read."""
    try:
        found: tuple[Any, ...] | None = by_itself.execute(sql, values).fetchone()
    except sqlite3.DatabaseError as error:
        if _failed(error):
            raise
        return None
    return found


def _failed(error: sqlite3.DatabaseError) -> bool:
    """Whether the disk is in the way, rather than what stands on it."""
    return said_of_world(error, Path()) is not None


def _asked(db: sqlite3.Connection, sql: str) -> Any:
    found = db.execute(sql).fetchone()
    return None if found is None else found[0]


def _row(db: sqlite3.Connection, position: int) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = db.execute(AT, [position]).fetchone()
    return found


def _held_files() -> set[int]:
    """The files that some process has locked, by their numbers; none where nothing tells."""
    try:
        return {int(it) for it in _HELD.findall(LOCKS.read_text("ascii"))}
    except OSError:
        return set()


def _number(path: Path) -> int:
    try:
        return os.stat(path).st_ino
    except OSError:
        return -1
