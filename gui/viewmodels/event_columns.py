"""The columns that the event table has for every log: each is declared here, and nowhere else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gui.viewmodels.column_source import ColumnSource
from gui.viewmodels.event_rows import EventRow
from gui.viewmodels.time_text import full_time_text, time_text
from gui.words import said

Text = Callable[[EventRow], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventColumn:
    """What a column is called, how it looks, and what it shows and copies of an event.

    One that a part of the window adds has a `source`: its text is `row.added[id]`.
    """

    id: str
    title: str
    width_px: int
    text: Text
    copied: Text | None = None  # None: what differs from row to row only is not copied
    is_mono: bool = False  # names, numbers, times
    is_right: bool = False
    is_dim: bool = False
    tight_px: int | None = None  # so that the actor is in sight where room is short
    leads: bool = False  # events are told by it: what it needs, the flexible one gives
    widest: str = ""  # that it has room for, whatever is in sight
    has_swatch: bool = False  # the colour and shape of the event's type in front of the text
    is_flexible: bool = False  # takes the room that is left, until a person sizes it
    warns: bool = False  # shows what is odd about a row in the colour of a warning
    source: ColumnSource | None = None  # of a column that was added; it can be taken away


EVENT_COLUMNS: Final = (
    EventColumn(
        id="position",
        title=said("position"),
        width_px=92,
        text=lambda it: f"{it.position:,}",
        copied=lambda it: str(it.position),
        is_mono=True,
        is_right=True,
        is_dim=True,
    ),
    EventColumn(
        id="recorded",
        title=said("recorded"),
        width_px=160,
        text=lambda it: time_text(it.recorded_at_us, has_year=False),
        copied=lambda it: full_time_text(it.recorded_at_us),
        is_mono=True,
    ),
    EventColumn(
        id="delta",
        title="Δ",
        width_px=86,
        text=lambda it: it.delta,
        widest="+9.9 min",
        is_mono=True,
        is_right=True,
        is_dim=True,
        warns=True,
    ),
    EventColumn(
        id="stream",
        title=said("stream"),
        width_px=112,
        tight_px=96,
        text=lambda it: it.stream,
        copied=lambda it: it.stream,
        is_mono=True,
    ),
    EventColumn(
        id="version",
        title="v",
        width_px=84,  # seven digits
        text=lambda it: f"{it.version:,}",
        widest="999",
        copied=lambda it: str(it.version),
        is_mono=True,
        is_right=True,
        is_dim=True,
    ),
    EventColumn(
        id="type",
        title=said("type"),
        width_px=140,
        tight_px=104,
        leads=True,
        text=lambda it: it.type,
        copied=lambda it: it.type,
        has_swatch=True,
    ),
    EventColumn(
        id="summary",
        title=said("summary"),
        width_px=160,
        tight_px=72,
        text=lambda it: it.summary,
        copied=lambda it: it.summary,
        is_dim=True,
        is_flexible=True,
    ),
    EventColumn(
        id="actor",
        title=said("actor"),
        width_px=84,
        text=lambda it: it.actor,
        copied=lambda it: it.actor,
        is_dim=True,
    ),
    EventColumn(
        id="occurred",
        title=said("occurred"),
        width_px=160,
        text=lambda it: time_text(it.occurred_at_us, has_year=False),
        copied=lambda it: full_time_text(it.occurred_at_us),
        is_mono=True,
    ),
)


YEARS_PX: Final = 186  # of a time with its year


def with_years(column: EventColumn) -> EventColumn:
    """A column of times with the year of each; any other as it is."""
    if column.id not in ("recorded", "occurred"):
        return column
    return replace(column, text=column.copied or column.text, width_px=YEARS_PX)


ADDED_PX: Final = 120


def added_column(source: ColumnSource, *, title: str, is_number: bool = False) -> EventColumn:
    """A column of what a source reads. Numbers stand at the right."""
    id_ = source.id
    return EventColumn(
        id=id_,
        title=title,
        width_px=ADDED_PX,
        text=lambda row: row.added.get(id_, ""),
        copied=lambda row: row.added.get(id_, ""),
        is_mono=True,
        is_right=is_number,
        source=source,
    )


def copied_line(row: EventRow, columns: Sequence[EventColumn] = EVENT_COLUMNS) -> str:
    """A row as it is copied: its columns with tabs between them."""
    return "\t".join(it.copied(row) for it in columns if it.copied is not None)
