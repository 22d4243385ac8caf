"""Rows of another program's tables as events of a store on a server."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from store.reading.fields import Unusable
from store.reading.format import Incoming, Record
from store.reading.json_records import RawRecord
from store.reading.rows import rejected_row
from store.reading.stated_event import StatedEvent, incoming
from store.remote.interface import RemoteEvent
from store.remote.postgresql.gap_cursor import GapCursor
from store.remote.preset import AskRows, Preset
from store.tables.cells import Row

_NOWHERE: Final = RawRecord(0, -1, b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRow:
    """One row of the table of events."""

    position: int
    row: Row  # by the layout's names of the columns


def rows_of(names: Sequence[str], found: Iterable[Sequence[Any]]) -> Iterator[ForeignRow]:
    """What a question of `foreign_sql` gave."""
    for position, *cells in found:
        yield ForeignRow(position=position, row=dict(zip(names[1:], cells, strict=True)))


class ForeignRows:
    """What rows of one store mean: the same as in a file of its program."""

    def __init__(self, preset: Preset, ask: AskRows) -> None:
        """`ask` gives rows by a condition on the table of events."""
        self._states = preset.states(ask)

    def record(self, it: ForeignRow) -> Record:
        """An event, or why the row is none."""
        try:
            stated = self._states(_NOWHERE, it.row)
            return incoming(_NOWHERE, stated) if isinstance(stated, StatedEvent) else stated
        except Unusable as reason:
            return rejected_row(it.position, list(it.row.values())[:8], reason)

    def event(self, it: ForeignRow) -> Incoming | None:
        """None for a row that is none."""
        found = self.record(it)
        return found if isinstance(found, Incoming) else None

    def events(
        self, rows: Iterable[ForeignRow], at: GapCursor, *, keeps_gaps: bool
    ) -> tuple[list[RemoteEvent], GapCursor, int]:
        """The events behind a cursor, where reading stands then, and how many rows behind the last
        event are none."""
        found, passed = list[RemoteEvent](), list[Record]()
        for it in rows:
            record = self.record(it)
            if not isinstance(record, Incoming):
                passed.append(record)
                at = at.came(it.position, "", keeps_gaps=keeps_gaps)
                continue
            at = at.came(it.position, record.event.id, keeps_gaps=keeps_gaps)
            found.append(remote_event(it, record, at.text, tuple(passed)))
            passed.clear()
        return found, at, len(passed)


def remote_event(
    it: ForeignRow, record: Incoming, cursor: str, passed: tuple[Record, ...] = ()
) -> RemoteEvent:
    """The event of a row. One that is of no stream of its program is alone in its own."""
    return RemoteEvent(
        stream=record.stream,
        version=record.version or 1,
        cursor=cursor,
        place=str(it.position),
        event=record.event,
        record=record,
        passed=passed,
    )
