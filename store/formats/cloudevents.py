"""CloudEvents 1.0 as JSON Lines, one event a line."""

from typing import Final

from store.reading.cloudevents_read import NAME, REQUIRED, read
from store.reading.cloudevents_write import write_lines
from store.reading.format import Format
from store.reading.losses import TIMES_OF_IMPORT
from store.reading.signs import Keys
from store.words import said

FORMAT: Final = Format(
    name=NAME,
    title=said("CloudEvents 1.0, JSON Lines"),
    suffixes=(".cloudevents.jsonl", ".jsonl", ".ndjson"),
    aliases=("cloudevents-jsonl",),
    signs=(Keys(names=REQUIRED, shapes=frozenset({"lines", "object"})),),
    read=read,
    grows_by_lines=True,
    write=write_lines,
    losses=(TIMES_OF_IMPORT,),
)
