"""CloudEvents 1.0 as JSON Lines, one event a line."""

from typing import Final

from store.reading.cloudevents_read import NAME, read
from store.reading.cloudevents_write import write_lines
from store.reading.format import Format
from store.reading.sample import Sample


def _sniff(sample: Sample) -> float:
    share = sample.share_with("specversion", "id", "source", "type")
    return 0.98 * share if sample.shape in ("lines", "object") else 0.0


FORMAT: Final = Format(
    name=NAME,
    title="CloudEvents 1.0, JSON Lines",
    suffixes=(".cloudevents.jsonl", ".jsonl", ".ndjson"),
    aliases=("cloudevents-jsonl",),
    sniff=_sniff,
    read=read,
    write=write_lines,
)
