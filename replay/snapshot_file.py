"""Snapshots as a file: taken along to another machine that has the same log.

One JSON object a line, with the hash over its facts and the id of the event it was made at. What
does not fit the log, or was altered, is left out and told with its line.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from replay import snapshots
from replay.snapshots import Snapshot, state_hash
from store.connect import write_transaction
from store.errors import StoreError, StoreExists
from store.reader import LogReader

ALL: Final = """
SELECT model, model_version, stream, position, version, event_count, state, state_hash
FROM snapshots ORDER BY stream, model, position
"""
LINES: Final = 200  # a transaction


class NoSnapshots(StoreError):
    hint = "Write one with: main.py snapshots export STORE --file FILE"


class Line(Struct, frozen=True, kw_only=True):
    """One snapshot of the file."""

    model: str
    model_version: int
    stream: str
    position: int
    version: int
    event_count: int
    event_id: str
    state: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import did."""

    added: int
    there: int  # already
    refused: tuple[str, ...]  # line and reason


def export(db: sqlite3.Connection, log: LogReader, file: Path, *, overwrite: bool = False) -> int:
    """Write every snapshot. Returns how many. Raises StoreExists, OSError."""
    if file.exists() and not overwrite:
        raise StoreExists(file)
    unfinished = file.with_name(f".{file.name}.unfinished")
    count = 0
    with unfinished.open("wb") as out:
        for *facts, stored_hash in db.execute(ALL):
            model, model_version, stream, position, version, event_count, state = facts
            event = log.event(position)
            if event is None:
                continue
            line = Line(
                model=model, model_version=model_version, stream=stream, position=position,
                version=version, event_count=event_count, event_id=event.id, state=state,
                hash=stored_hash,
            )  # fmt: skip
            out.write(msgspec.json.encode(line) + b"\n")
            count += 1
    unfinished.replace(file)
    return count


def import_(db: sqlite3.Connection, log: LogReader, file: Path) -> Taken:
    """Add what fits the log; what is there stays. Raises NoSnapshots, StoreBusy."""
    before = _count(db)
    fit, refused = 0, list[str]()
    made: list[Snapshot] = []
    for number, found in _lines(file):
        if isinstance(found, str):
            refused.append(f"line {number}: {found}")
            continue
        problem = _problem(log, found)
        if problem:
            refused.append(f"line {number}: {problem}")
            continue
        made.append(_snapshot(found))
        fit += 1
        if len(made) == LINES:
            _save(db, made)
    _save(db, made)
    added = _count(db) - before
    return Taken(added=added, there=fit - added, refused=tuple(refused))


def _lines(file: Path) -> Iterator[tuple[int, Line | str]]:
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield number, msgspec.json.decode(line, type=Line)
                except msgspec.MsgspecError as error:
                    yield number, f"no snapshot ({error})"
    except OSError as error:
        raise NoSnapshots(f"the file cannot be read ({error.strerror}): {file}") from error


def _problem(log: LogReader, line: Line) -> str:
    """Why a line is of no use here; empty when it is."""
    if state_hash(_snapshot(line)) != line.hash:
        return f"it was altered, or its hash: {line.stream} at {line.position}"
    event = log.event(line.position)
    if event is None or event.id != line.event_id:
        return f"this log has another event at {line.position}"
    if log.stream_version(line.stream, until=line.position) != line.version:
        return f"{line.stream} has another version at {line.position}"
    return ""


def _snapshot(line: Line) -> Snapshot:
    return Snapshot(
        model=line.model, model_version=line.model_version, stream=line.stream,
        position=line.position, version=line.version, event_count=line.event_count,
        state_json=line.state,
    )  # fmt: skip


def _save(db: sqlite3.Connection, made: list[Snapshot]) -> None:
    with write_transaction(db):
        snapshots.save(db, made)
    made.clear()


def _count(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM snapshots").fetchone()[0])
