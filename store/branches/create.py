"""Make a branch, of a log or of another branch; rename it, and throw it away."""

import os
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from msgspec import Struct, structs

from store.beside.process_facts import SqliteClock
from store.branches import file_schema
from store.branches.errors import BeyondHead, EmptyLog, NotCutThere
from store.branches.facts import BranchFacts, Later, fact_rows, mark_of
from store.branches.heard import SINCE, hear, heard_in_log
from store.branches.opening import existing_branch, open_branch, path_of_branch
from store.errors import StoreExists
from store.failure import writing_of
from store.place import OF_ONE_LINE, Place, is_branch
from store.sqlite import schema
from store.sqlite.connect import (
    connect,
    connect_alone,
    open_log,
    remove_files,
    require_free,
    write_transaction,
)
from store.sqlite.reader import LogReader
from store.times import now_us
from store.whole_file import Unfinished, written_aside


def create_branch(
    line: Path,
    name: str,
    *,
    fork: int,
    note: str = "",
    by: str = "",
    later: Later | None = None,
    is_alone: bool = False,
) -> Path:
    """Make a branch of the log, or of the branch, in the file `line`, and return its file. Up to
    position `fork` it is that line for good; of what follows it holds what is there now, to be
    edited, or with `is_alone` nothing. Nothing of the log is copied. `later`: whether later
    commands are decided again, after edits or ("rerun") all behind the fork; None: as in the
    branch `line`, and not for a log.

    Raises EmptyLog, BeyondHead, WrongBranchName, StoreExists, and what opening a log raises.
    """
    path = path_of_branch(line, name)
    require_free(path)
    begins_with: Path | None = None
    if is_branch(line):
        facts, begins_with = _of_branch(line, fork, is_alone=is_alone)
    else:
        facts = _of_log(line, fork, is_alone=is_alone)
    facts = structs.replace(
        facts,
        id=str(uuid4()),
        note=note,
        later=later or facts.later,
        rerun_after=fork if later == "rerun" else facts.rerun_after,
        created_at_us=now_us(),
        created_by=by,
        choices="[]",
    )
    with writing_of(path), written_aside(path) as unfinished:
        if begins_with is None:
            _fill(unfinished, facts, _begun(Place(line).log, facts.base_head))
        else:
            _fill_from(begins_with, unfinished, facts)
        unfinished.appear()
    return path


def rename_branch(log: Path, name: str, new_name: str) -> Path:
    """Call a branch otherwise. What was made from it, as its views, is thrown away. Raises
    NoSuchBranch, WrongBranchName, StoreExists, StoreBusy."""
    path, target = existing_branch(log, name), path_of_branch(log, new_name)
    if target.exists():
        raise StoreExists(target)
    with closing(open_log(path, writable=True, application=schema.BRANCH_ID)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    remove_files(Place(path).views)
    with writing_of(target):
        _decisions_follow(path, target)
        os.rename(path, target)
    return target


def drop_branch(log: Path, name: str) -> None:
    """Throw a branch away, with its views. The log stays as it is. Raises NoSuchBranch,
    WrongBranchName."""
    path = existing_branch(log, name)
    place = Place(path)
    with writing_of(path):
        remove_files(place.views)
        for suffix in OF_ONE_LINE:
            place.beside(suffix).unlink(missing_ok=True)
        remove_files(path)


def _decisions_follow(path: Path, target: Path) -> None:
    for suffix in OF_ONE_LINE:
        found = Place(path).beside(suffix)
        if found.exists():
            os.rename(found, Place(target).beside(suffix))


class _Begun(Struct, frozen=True):
    """What goes on in a branch from where it is in the log: how far process managers have heard of
    what the branch holds of it, and how far the clock is ahead."""

    heard: list[tuple[str, int]]
    ahead_us: int


def _begun(log: Path, base_head: int) -> _Begun:
    with closing(open_log(log)) as db:
        if schema.version_of(db) < SINCE:
            return _Begun([], 0)
        return _Begun(heard_in_log(db, base_head), SqliteClock(db).ahead_us())


def _of_log(log: Path, fork: int, *, is_alone: bool) -> BranchFacts:
    with closing(open_log(log)) as db:
        reader = LogReader(db)
        head = reader.head()
        if not head:
            raise EmptyLog(log)
        if not 0 <= fork <= head:
            raise BeyondHead(fork, head)
        base_head = fork if is_alone else head
        return BranchFacts(
            id="",
            log_id=reader.store_id(),
            fork=fork,
            base_head=base_head,
            base_mark=mark_of(db, base_head),
        )


def _of_branch(line: Path, fork: int, *, is_alone: bool) -> tuple[BranchFacts, Path | None]:
    """What is new about a branch of a branch, and the file whose edits and events it begins with,
    if any."""
    with closing(open_branch(line)) as branch:
        place, head = branch.place, branch.head()
        if not 0 <= fork <= head:
            raise BeyondHead(fork, head)
        if not is_alone or fork == head:
            facts = structs.replace(branch.facts, fork=fork, parent=place.branch_name)
            return facts, line
        if fork >= min(branch.layout.places.first_changed, branch.facts.base_head + 1):
            raise NotCutThere
    return structs.replace(_of_log(place.log, fork, is_alone=True), parent=place.branch_name), None


def _fill(unfinished: Unfinished, facts: BranchFacts, begun: _Begun) -> None:
    with closing(connect_alone(unfinished.path)) as db:
        schema.create(db, store_id=facts.id)
        with write_transaction(db):
            for statement in file_schema.TABLES:
                db.execute(statement)
            db.executemany(file_schema.STATE, fact_rows(facts))
            hear(db, begun.heard)
            SqliteClock(db).move(begun.ahead_us)
            db.execute(f"PRAGMA application_id = {schema.BRANCH_ID}")


def _fill_from(line: Path, unfinished: Unfinished, facts: BranchFacts) -> None:
    with (
        closing(open_log(line, application=schema.BRANCH_ID)) as source,
        closing(connect(unfinished.path)) as db,
    ):
        source.backup(db)
        with write_transaction(db):
            db.execute(file_schema.FORGET_UNDONE)
            db.execute(file_schema.INHERIT)
            db.executemany(file_schema.STATE, fact_rows(facts))
