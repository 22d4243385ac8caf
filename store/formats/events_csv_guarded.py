"""Events as CSV for a program that takes cells for formulas: such cells are guarded."""

from typing import Final

from store.reading.events_table import COLUMNS, GUARD, reader, writer
from store.reading.format import Format
from store.reading.losses import TIMES_OF_IMPORT
from store.reading.signs import Header
from store.words import said

FORMAT: Final = Format(
    name="events-csv-guarded",
    title=said("CSV for spreadsheets: an apostrophe before what looks like a formula"),
    suffixes=(".csv",),
    signs=(Header(names=(*COLUMNS, GUARD), separator="comma", confidence=0.995),),
    read=reader("comma"),
    write=writer("comma", is_guarded=True),
    losses=(TIMES_OF_IMPORT,),
)
