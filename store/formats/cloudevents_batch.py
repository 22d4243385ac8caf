"""CloudEvents 1.0 as a batch: one JSON array of events."""

from typing import Final

from store.reading.cloudevents_read import BATCH_NAME, read
from store.reading.cloudevents_write import write_batch
from store.reading.format import Format
from store.reading.sample import Sample


def _sniff(sample: Sample) -> float:
    share = sample.share_with("specversion", "id", "source", "type")
    return 0.98 * share if sample.shape == "array" else 0.0


FORMAT: Final = Format(
    name=BATCH_NAME,
    title="CloudEvents 1.0, one batch",
    suffixes=(".cloudevents.json", ".json"),
    sniff=_sniff,
    read=read,
    write=write_batch,
)
