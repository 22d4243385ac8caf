"""Bring a branch up to date: it leaves the log where it did, and holds what the log holds now."""

from contextlib import closing
from pathlib import Path

from msgspec import Struct, structs

from store.beside.interface import ClockReader
from store.beside.process_facts import SqliteClock
from store.branches import file_schema
from store.branches.edits import Edit
from store.branches.errors import HoldsItsEvents
from store.branches.facts import mark_of
from store.branches.heard import move_heard
from store.branches.joined import Joined
from store.branches.layout import layout_of
from store.branches.opening import open_branch
from store.events import RecordedEvent
from store.place import Place
from store.sqlite.connect import open_log, write_transaction
from store.sqlite.reader import LogReader
from store.sqlite.schema import BRANCH_ID

PAGE = 1_000  # events read at once


class Moved(Struct, frozen=True, kw_only=True):
    """What came of it. `unfit`: edits that no longer fit, and why. `passed`: streams in which the
    log went on and the branch has events of its own, which now come after the log's; with how
    many the log has there now that the branch had not."""

    came: int  # events of the log that the branch holds now and did not before
    unfit: tuple[tuple[Edit, str], ...]
    passed: tuple[tuple[str, int], ...]


def bring_up_to_date(path: Path) -> Moved:
    """Move the branch in a file onto the new head of its log, in one transaction.

    Raises HoldsItsEvents when the log has got an event with the id of one of the branch's own;
    StoreBusy, StoreReadOnly, and what opening the branch raises. Then it is as it was.
    """
    with (
        closing(open_log(path, writable=True, application=BRANCH_ID)) as db,
        write_transaction(db),
        closing(open_branch(path)) as branch,
        closing(open_log(Place(path).log)) as log_db,
    ):
        log, facts = LogReader(log_db), branch.facts
        old, head = facts.base_head, log.head()
        _put_clock_on(SqliteClock(db), log.beside.clock)
        if head == old:
            return Moved(came=0, unfit=branch.layout.unfit, passed=())
        own = branch.own_log
        passed = _passed(log, own, old, head)
        edits = [_moved(it, old, head - old) for it in branch.edits]
        layout = layout_of(Joined(log, head, own), edits)
        db.execute(file_schema.MOVE_ENDS, [head - old, old + 1])
        move_heard(db, log_db, old, head)
        stated = {"base_head": str(head), "base_mark": mark_of(log_db, head)}
        db.executemany(file_schema.STATE, list(stated.items()))
        db.execute(file_schema.BUMP)
        return Moved(came=head - old, unfit=layout.unfit, passed=passed)


def _put_clock_on(own: SqliteClock, log: ClockReader) -> None:
    """What the branch holds of the log then may have been recorded later than its clock says."""
    if (ahead_us := log.ahead_us()) > own.ahead_us():
        own.move(ahead_us)


def _moved(edit: Edit, old: int, by: int) -> Edit:
    """What was put at the end stays behind the events that it came behind: those of the log that
    were there, or those of the branch."""
    return structs.replace(edit, end=edit.end + by) if edit.end > old + 1 else edit


def _passed(log: LogReader, own: LogReader, old: int, head: int) -> tuple[tuple[str, int], ...]:
    streams = dict.fromkeys((name for name, _ in own.stream_lengths()), 0)
    if not streams:
        return ()
    for first in range(old + 1, head + 1, PAGE):
        for event in log.page(first, min(first + PAGE - 1, head)):
            _require_new(own, event)
            if event.stream in streams:
                streams[event.stream] += 1
    return tuple((name, count) for name, count in streams.items() if count)


def _require_new(own: LogReader, event: RecordedEvent) -> None:
    if own.event_by_id(event.id) is not None:
        raise HoldsItsEvents(event.id, event.position)
