"""CloudEvents 1.0 as a batch: one JSON array of events."""

from typing import Final

from store.reading.cloudevents_read import BATCH_NAME, REQUIRED, read
from store.reading.cloudevents_write import write_batch
from store.reading.format import Format
from store.reading.losses import TIMES_OF_IMPORT
from store.reading.signs import Keys
from store.words import said

FORMAT: Final = Format(
    name=BATCH_NAME,
    title=said("CloudEvents 1.0, one batch"),
    suffixes=(".cloudevents.json", ".json"),
    signs=(Keys(names=REQUIRED, shapes=frozenset({"array"})),),
    read=read,
    write=write_batch,
    losses=(TIMES_OF_IMPORT,),
)
