"""Open a branch: to read it, or what its file says of it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from store.branches.decided import Decided, decided_in
from store.branches.edits import Edit
from store.branches.errors import LogChanged, LogGone, NoSuchBranch, OtherLog, WrongBranchName
from store.branches.facts import BranchFacts, edits_in, facts_in, mark_of
from store.branches.own_log import OwnLog
from store.branches.reader import BranchReader
from store.errors import StoreMissing
from store.place import Place
from store.sqlite.connect import open_log
from store.sqlite.file_connection import FileConnection
from store.sqlite.reader import LogReader
from store.sqlite.schema import BRANCH_ID


def path_of_branch(log: Path, name: str) -> Path:
    """The file of a branch of the log at a path, or of the log that the branch there is of.
    Raises WrongBranchName."""
    try:
        return Place(log).branch(name)
    except ValueError:
        raise WrongBranchName(name) from None


def existing_branch(log: Path, name: str) -> Path:
    """The same of one that is there. Raises NoSuchBranch, WrongBranchName."""
    path = path_of_branch(log, name)
    if not path.exists():
        raise NoSuchBranch(name)
    return path


def open_branch(path: Path) -> BranchReader:
    """A reader of the branch in a file, for an owner that closes it later.

    Raises LogGone, OtherLog, LogChanged, and what opening a log raises.
    """
    db = open_log(path, application=BRANCH_ID)
    try:
        facts, edits, decided = _told_by(db)
        log = _open_below(path, facts)
    except BaseException:
        db.close()
        raise
    own = OwnLog(db)
    try:
        return BranchReader(log, own, facts, edits, decided)
    except BaseException:
        own.close()
        log.close()
        raise


@contextmanager
def reading_branch(path: Path) -> Iterator[BranchReader]:
    """The same, closed at the end of the block."""
    with closing(open_branch(path)) as branch:
        yield branch


def facts_of(path: Path) -> tuple[BranchFacts, list[Edit]]:
    """What a branch's file says of it and its edits, be its log there or not. Raises what opening
    a log raises."""
    with closing(open_log(path, application=BRANCH_ID)) as db:
        facts, edits, _ = _told_by(db)
        return facts, edits


def _told_by(db: FileConnection) -> tuple[BranchFacts, list[Edit], Decided | None]:
    """All as of one moment."""
    db.execute("BEGIN")
    try:
        facts = facts_in(db)
        is_deciding = facts.later != "keep"
        return facts, edits_in(db), decided_in(db, facts.revision) if is_deciding else None
    finally:
        db.execute("ROLLBACK")


def _open_below(path: Path, facts: BranchFacts) -> LogReader:
    log = Place(path).log
    try:
        db = open_log(log)
    except StoreMissing as error:
        raise LogGone(log) from error
    try:
        reader = LogReader(db)
        if reader.store_id() != facts.log_id:
            raise OtherLog(path)
        if mark_of(db, facts.base_head) != facts.base_mark:
            raise LogChanged(log, facts.base_head)
    except BaseException:
        db.close()
        raise
    return reader
