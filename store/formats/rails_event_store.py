"""Rails Event Store, SQLite: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Tables

FORMAT: Final = UnreadFormat(
    name="rails-event-store",
    title="a Rails Event Store database",
    signs=(Tables(tables={"event_store_events": ()}, confidence=0.9),),
)
