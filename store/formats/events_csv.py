"""Every event of a log as a row of CSV, payloads byte for byte."""

from typing import Final

from store.reading.events_table import COLUMNS, reader, writer
from store.reading.format import Format
from store.reading.losses import TIMES_OF_IMPORT
from store.reading.signs import Header
from store.words import said

FORMAT: Final = Format(
    name="events-csv",
    title=said("CSV, one row per event"),
    suffixes=(".csv",),
    signs=(Header(names=COLUMNS, separator="comma"),),
    read=reader("comma"),
    write=writer("comma", is_guarded=False),
    losses=(TIMES_OF_IMPORT,),
)
