"""A new log out of events, whole or not at all: what a filter lists, as a store of its own."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from store.reading.format import Incoming
from store.transfer.incoming_ids import NONE
from store.transfer.target import new_target

BATCH: Final = 1_000


def write_log(events: Iterable[Incoming], path: Path, format_name: str) -> int:
    """Returns how many there are. Raises what `new_target` raises."""
    coming, count = iter(events), 0
    with new_target(path, looked_up=NONE, is_dry_run=False) as target:
        recording = target.recording(format_name)
        with recording.transaction():
            while batch := list(islice(coming, BATCH)):
                recording.take(batch)
                count += len(batch)
            target.settle(lambda _share: None)
        target.keep()
    return count
