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

from replay.snapshots import snapshots
from replay.snapshots.snapshots import COLUMNS, Snapshot, snapshot_in, state_hash
from replay.states.generic_model import GENERIC
from replay.states.model_set import ModelSet, bundled_models
from replay.taught.teaching import teaching_of_log
from replay.words import said
from store.errors import StoreError, StoreExists
from store.interface import EventReader
from store.sqlite.connect import write_transaction
from store.whole_file import written_aside

ALL: Final = f"SELECT {COLUMNS}, state_hash FROM snapshots ORDER BY stream, model, position"
THERE: Final = f"""
SELECT {COLUMNS}, state_hash FROM snapshots WHERE model = ? AND stream = ? AND position = ?
"""
LINES: Final = 200  # a transaction


class NoSnapshots(StoreError):
    hint = said("Write one with: main.py snapshots export STORE --file FILE")


class Line(Struct, frozen=True, kw_only=True):
    """One snapshot of the file."""

    model: str
    model_version: int
    definition: str
    stream: str
    position: int
    version: int
    event_count: int
    event_id: str
    state: str
    before: str | None = None
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import did."""

    added: int
    there: int  # already
    refused: tuple[str, ...]  # line and reason


def export(db: sqlite3.Connection, log: EventReader, file: Path, *, overwrite: bool = False) -> int:
    """Write every snapshot. Returns how many. Raises StoreExists, OSError."""
    if file.exists() and not overwrite:
        raise StoreExists(file)
    count = 0
    with written_aside(file) as unfinished:
        with unfinished.path.open("wb") as out:
            for line in _found(db, log):
                out.write(msgspec.json.encode(line) + b"\n")
                count += 1
        unfinished.take_name(overwrite=overwrite)
    return count


def _found(db: sqlite3.Connection, log: EventReader) -> Iterator[Line]:
    for row in db.execute(ALL):
        it = snapshot_in(row)
        event = log.event(it.position)
        if event is None:
            continue
        yield Line(
            model=it.model,
            model_version=it.model_version,
            definition=it.definition,
            stream=it.stream,
            position=it.position,
            version=it.version,
            event_count=it.event_count,
            event_id=event.id,
            state=it.state_json,
            before=it.before_json,
            hash=row[-1],
        )


def import_(
    db: sqlite3.Connection, log: EventReader, file: Path, *, models: ModelSet | None = None
) -> Taken:
    """Add what fits the log and the code of the models; what is there and sound stays.

    Raises NoSnapshots, StoreBusy.
    """
    definitions = _definitions(log, models or bundled_models())
    fit, added, refused = 0, 0, list[str]()
    made: list[Snapshot] = []
    for number, found in _lines(file):
        if isinstance(found, str):
            refused.append(said("line {number}: {found}", number=number, found=found))
            continue
        problem = _problem(log, found, definitions)
        if problem:
            refused.append(said("line {number}: {problem}", number=number, problem=problem))
            continue
        fit += 1
        made += [] if _is_there(db, found) else [_snapshot(found)]
        if len(made) == LINES:
            added += _save(db, made)
    added += _save(db, made)
    return Taken(added=added, there=fit - added, refused=tuple(refused))


def _definitions(log: EventReader, models: ModelSet) -> dict[str, str]:
    plain = (GENERIC, *teaching_of_log(log).models)
    folds = (*plain, *map(models.fold, models.models))
    return {it.name: it.definition for it in folds}


def _lines(file: Path) -> Iterator[tuple[int, Line | str]]:
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield number, msgspec.json.decode(line, type=Line)
                except msgspec.MsgspecError as error:
                    yield number, said("not a snapshot ({error})", error=error)
    except OSError as error:
        raise NoSnapshots(
            said("the file cannot be read ({strerror}): {file}", strerror=error.strerror, file=file)
        ) from error


def _problem(log: EventReader, line: Line, definitions: dict[str, str]) -> str:
    """Why a line is of no use here; empty when it is."""
    if state_hash(_snapshot(line)) != line.hash:
        return said(
            "the snapshot or its hash was altered: {stream} at {position}",
            stream=line.stream,
            position=line.position,
        )
    if definitions.get(line.model) != line.definition:
        return said(
            "it was made by other code of the model {model!r}: {stream}",
            model=line.model,
            stream=line.stream,
        )
    event = log.event(line.position)
    if event is None or event.id != line.event_id:
        return said("this log has another event at {position}", position=line.position)
    if log.stream_version(line.stream, until=line.position) != line.version:
        return said(
            "{stream} has another version at {position}", stream=line.stream, position=line.position
        )
    return ""


def _snapshot(line: Line) -> Snapshot:
    return Snapshot(
        model=line.model,
        model_version=line.model_version,
        definition=line.definition,
        stream=line.stream,
        position=line.position,
        version=line.version,
        event_count=line.event_count,
        state_json=line.state,
        before_json=line.before,
    )


def _is_there(db: sqlite3.Connection, line: Line) -> bool:
    """Whether one by the same code that was not altered stands at the place."""
    row = db.execute(THERE, [line.model, line.stream, line.position]).fetchone()
    if row is None:
        return False
    found = snapshot_in(row)
    return found.definition == line.definition and state_hash(found) == row[-1]


def _save(db: sqlite3.Connection, made: list[Snapshot]) -> int:
    with write_transaction(db):
        new = snapshots.save(db, made)
    made.clear()
    return new
