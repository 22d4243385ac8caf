"""Message DB's table `messages`: as CSV, in a dump, or copied into SQLite. A row says what it says
as JSON (`message_db_rows`). Layout read from what version 1.3.0 wrote."""

from typing import Final

from store.formats.message_db_rows import KNOWN, Message, Seen, SeenRows, event_of
from store.reading.format import Format
from store.reading.json_records import RawRecord
from store.reading.source import Source
from store.reading.stated_event import StatedEvent
from store.tables import cells
from store.tables.cells import Row
from store.tables.layout import Layout, Part, States
from store.tables.table_format import table_format
from store.words import said

NAME: Final = "message-db"


def _states(source: Source) -> States:
    return states_of(SeenRows(source.scratch()))


def states_of(seen: Seen) -> States:
    """What a row says, given the rows before it."""

    def states(_: RawRecord, row: Row) -> StatedEvent:
        return event_of(_message(row), seen)

    return states


def _message(row: Row) -> Message:
    return Message(
        stream=cells.required(row, "stream_name"),
        type=cells.required(row, "type"),
        id=cells.required(row, "id"),
        position=cells.number(row, "position"),
        cursor=cells.number(row, "global_position"),
        time=cells.moment(row, "time", is_utc=True),
        data=cells.json_of(row, "data"),
        metadata=cells.members_of(row, "metadata") if row.get("metadata") else None,
        beyond=cells.extras(row, *KNOWN),
    )


LAYOUT: Final = Layout(
    name=NAME,
    title=said("Message DB"),
    events=Part(
        name="messages",
        columns=("global_position", "position", "time", "stream_name", "type", "data", "id"),
        others=("metadata",),
    ),
    order="global_position",
    states=_states,
)
LAYOUTS: Final = (LAYOUT,)
FORMAT: Final[Format] = table_format(NAME, said("Message DB, table messages"), LAYOUTS)
