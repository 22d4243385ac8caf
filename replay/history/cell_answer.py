"""Why a cell of a view is what it is: the event that gave it its value, who, by which command."""

import sqlite3
from dataclasses import dataclass

from replay.history.audit import AuditEntry, audit_entry
from replay.questions.view_query import CellWrite, cell
from replay.views.sink import KeyValues
from store.events import RecordedEvent
from store.interface import EventReader


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAnswer:
    """Of a row that is there."""

    view: str
    key: KeyValues
    write: CellWrite
    event: RecordedEvent
    entry: AuditEntry

    @property
    def is_known(self) -> bool:
        """Whether both values are: one that was too long was left out of the view's history, so
        that it may have been the same before."""
        if self.write.column.kind != "json":
            return True
        is_lacking = self.write.after is None or (
            self.write.before is None and not self.write.is_first
        )
        return not is_lacking


def cell_answer(
    db: sqlite3.Connection | None,
    log: EventReader,
    view: str,
    key: KeyValues,
    column: str,
    *,
    at: int | None = None,
) -> CellAnswer | None:
    """As of a position; None where there is no such row. Raises UnknownView, UnknownKey,
    UnknownColumn."""
    write = cell(db, log, view, key, column, at=at)
    return None if write is None else answer_of(log, view, key, write)


def answer_of(log: EventReader, view: str, key: KeyValues, write: CellWrite) -> CellAnswer | None:
    """A write of a cell with its event, wherever the row is; None where the log has no such
    event."""
    event = log.event(write.position)
    if event is None:
        return None
    entry = audit_entry(log, event)
    return CellAnswer(view=view, key=key, write=write, event=event, entry=entry)
