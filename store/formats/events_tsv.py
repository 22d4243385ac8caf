"""Every event of a log as a row of TSV, payloads byte for byte."""

from typing import Final

from store.reading.events_table import COLUMNS, reader, writer
from store.reading.format import Format
from store.reading.losses import TIMES_OF_IMPORT
from store.reading.signs import Header
from store.words import said

FORMAT: Final = Format(
    name="events-tsv",
    title=said("TSV, one row per event"),
    suffixes=(".tsv",),
    signs=(Header(names=COLUMNS, separator="tab"),),
    read=reader("tab"),
    write=writer("tab", is_guarded=False),
    losses=(TIMES_OF_IMPORT,),
)
