"""Histories of every bundled model, out of the sample logs."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from resources.samples.catalog import SAMPLES
from store.connect import open_log
from store.events import RecordedEvent
from store.ingest import ingest
from store.reader import LogReader

LONGEST = 300  # events of one stream


@cache
def sample_streams() -> dict[str, tuple[RecordedEvent, ...]]:
    """Stream name → its events, linked ones included."""
    found: dict[str, tuple[RecordedEvent, ...]] = {}
    with TemporaryDirectory() as folder:
        for sample in SAMPLES:
            path = Path(folder, f"{sample.name}.foldline")
            ingest(sample.path, into=path)
            log = LogReader(open_log(path))
            for name in sorted(log.stream_names()):
                found[name] = tuple(log.read_stream(name, limit=LONGEST))
            log.close()
    return found


def longest_of(category: str) -> tuple[RecordedEvent, ...]:
    """The longest stream of a category; empty when no sample has one."""
    streams = [it for name, it in sample_streams().items() if name.startswith(f"{category}-")]
    return max(streams, key=len, default=())
