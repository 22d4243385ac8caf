"""A SQLite file that its own program writes to, as a feed.

The file is copied with its -wal whenever it has changed, and only the copy is opened. So that a
large file does not keep a processor busy, copying takes at most a fifth of the time.
"""

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec import MsgspecError
from msgspec.json import Decoder, encode

from store.errors import SourceBusy, SourceReplaced
from store.following.watched_file import LOOK_S, WatchedFile
from store.reading.format import RowsAfter
from store.reading.source import Source
from store.transfer.mirror import Batch
from store.words import said

BATCH: Final = 1_000  # rows
REST: Final = 4  # times as long as a look took

_decoder: Final = Decoder(dict[str, int])


class RowFeed:
    """Gives the rows behind those that were read, by their keys; then waits for more."""

    def __init__(
        self,
        path: Path,
        rows_after: RowsAfter,
        *,
        choices: Mapping[str, str],
        watched: WatchedFile,
        is_endless: bool,
    ) -> None:
        self._path, self._rows_after, self._choices = path, rows_after, choices
        self._watched = watched
        self._is_endless = is_endless

    def batches(self, after: str | None) -> Iterator[Batch]:
        """Raises NotFollowed, SourceReplaced, UnreadableSource."""
        keys = keys_of(after)
        while True:
            seen, began = self._watched.state(), time.monotonic()
            if seen:
                yield from self._grown(keys)
            if not self._is_endless:
                return
            took_s = time.monotonic() - began
            if not self._watched.wait(seen, at_least_s=max(LOOK_S, REST * took_s)):
                return

    def _grown(self, keys: dict[str, int]) -> Iterator[Batch]:
        """Of one copy. A file that cannot be copied now is looked at again later."""
        self._watched.fell_behind()
        try:
            with Source(self._path, choices=self._choices) as source:
                self._require_rows(source, keys)
                rows = self._rows_after(source, dict(keys))
                while batch := list(islice(rows, BATCH)):
                    keys |= {it.table: it.key for it in batch}
                    records = [it.record for it in batch]
                    yield Batch(records=records, cursor=encode(keys, order="sorted").decode())
        except SourceBusy:
            if not self._is_endless:
                raise
        else:
            self._watched.caught_up()

    def _require_rows(self, source: Source, keys: Mapping[str, int]) -> None:
        """Raises SourceReplaced when the last row that was read is not there, nor one behind it."""
        for table, key in keys.items():
            behind = self._rows_after(source, {**keys, table: key - 1})
            if not any(it.table == table for it in behind):
                reason = said("its table {table} has fewer rows than were read before", table=table)
                raise SourceReplaced(reason, self._path)


def keys_of(cursor: str | None) -> dict[str, int]:
    """The last keys that a cursor of a row feed names. One of another kind: none."""
    try:
        return _decoder.decode(cursor or "{}")
    except MsgspecError:
        return {}
