"""An event store in Cassandra: workers copy its shards, each into a file of the folder of the work,
and here every event gets the position that a mirror would give it: by time, shard and place.

So the store is read once, and a run that was ended goes on with what was copied.
"""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from msgspec import json, msgpack

from replay.parts.arrow import arrow
from replay.parts.origin import EVENTS_A_WINDOW, Origin
from replay.parts.shipped import Window
from replay.parts.source import Wanted
from replay.views.sink import Mark
from replay.words import said
from store.events import RecordedEvent
from store.place import Place
from store.remote.adapter_part import adapter_part
from store.remote.address import Address, address_of
from store.remote.cassandra.cursor import Reached, reached
from store.remote.errors import RemoteReplaced
from store.remotes.cassandra import KIND
from store.whole_file import written_aside

PLACES: Final = "places.json"  # how far each shard is copied
Row: TypeAlias = tuple[Any, ...]
READ_AT_ONCE: Final = 5_000  # events of a file


class CassandraSource:
    """replay.parts.source.Source of the store of a reader, which it closes."""

    place: Place | None = None

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.identity: str = reader.identity()
        self._head = self._look()

    def head(self) -> Mark:
        return _mark(self._head)

    def holds(self, mark: Mark, folder: Path, /) -> bool:
        return mark == _mark(self._kept(folder) or self._head)

    def origin(self, wanted: Wanted) -> Origin:
        """Raises RemoteReplaced when events are gone."""
        folder, there = wanted.folder, self._kept(wanted.folder)
        if there is None:
            there = self._head
            with written_aside(folder / PLACES) as file:
                file.path.write_bytes(json.encode(str(there)))
                file.replace()
        address = self._reader.address.text
        places = [(shard, place) for shard, (_, place) in enumerate(there.places) if place]
        copies = [CopyShard(address, *it, str(folder)) for it in places]
        wanted.each([it.copy for it in copies if not it.path.exists()])
        shards = _numbered(copies)
        return Origin(identity=self.identity, head=wanted.until, shards=shards)

    def close(self) -> None:
        self._reader.close()

    def _look(self) -> Reached:
        cursor = self._reader.head()
        shards = self._reader.shard_count
        found = None if cursor is None else reached(cursor, shards)
        return found or Reached(((0, 0),) * shards, 0, "")

    def _kept(self, folder: Path) -> Reached | None:
        try:
            text = json.decode((folder / PLACES).read_bytes(), type=str)
        except OSError:
            return None
        return reached(text, self._reader.shard_count)


@dataclass(frozen=True, slots=True)
class CopyShard:
    """The first events of one shard, on their way into a file."""

    address: str = field(repr=False)
    shard: int
    count: int
    folder: str

    @property
    def path(self) -> Path:
        """It is there when all events are in it."""
        return Path(self.folder) / f"shard-{self.shard:05}.parquet"

    def copy(self) -> None:
        """Raises RemoteReplaced when events are gone, and what a question raises."""
        pa, parquet = arrow(), importlib.import_module("pyarrow.parquet")
        schema = pa.schema([("at_us", pa.int64()), ("event", pa.binary())])
        copied, latest = 0, 0
        with (
            written_aside(self.path) as file,
            parquet.ParquetWriter(file.path, schema, compression="zstd") as writer,
        ):
            for rows in shard_rows(address_of(self.address), self.shard, self.count):
                times, texts = list[int](), list[bytes]()
                for row in rows:
                    latest = max(latest, row[5])
                    times.append(latest)
                    texts.append(msgpack.encode(row[1:]))
                arrays = [pa.array(times, pa.int64()), pa.array(texts, pa.binary())]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
                copied += len(rows)
            writer.close()
            if copied < self.count:
                reason = said("events of shard {shard} are gone", shard=self.shard)
                raise RemoteReplaced(reason, address_of(self.address).shown)
            file.replace()


@dataclass(frozen=True, slots=True)
class CopiedShard:
    """The events in one file, with their positions in another."""

    path: str
    events: int

    def windows(self) -> Iterator[Window]:
        """Events of one number of other shards belong to the same window."""
        parquet = importlib.import_module("pyarrow.parquet")
        positions = np.load(_positions(Path(self.path)))
        at = 0
        for batch in parquet.ParquetFile(self.path).iter_batches(
            batch_size=READ_AT_ONCE, columns=["event"]
        ):
            texts = batch.column(0).to_pylist()
            some = positions[at : at + len(texts)].tolist()
            at += len(texts)
            events = [_event(*it) for it in zip(some, texts, strict=True)]
            for number, found in groupby(events, key=_window_of):
                yield Window(number, list(found))


def _numbered(copies: list[CopyShard]) -> list[CopiedShard]:
    """Give every event of the copies its position in the whole store."""
    if not copies:
        return []
    parquet = importlib.import_module("pyarrow.parquet")
    times = [parquet.read_table(it.path, columns=["at_us"]).column(0).to_numpy() for it in copies]
    shards = [np.full(len(it), at) for at, it in enumerate(times)]
    every, whose = (np.concatenate(it) for it in (times, shards))
    positions = np.empty(len(every), np.int64)
    positions[np.lexsort((whose, every))] = np.arange(1, len(every) + 1)  # stable: keeps places
    ends = np.cumsum([len(it) for it in times])
    for copy, own in zip(copies, np.split(positions, ends[:-1]), strict=True):
        with written_aside(_positions(copy.path)) as file:
            with file.path.open("wb") as opened:
                np.save(opened, own)
            file.replace()
    return [CopiedShard(str(it.path), it.count) for it in copies]


def shard_rows(address: Address, shard: int, count: int) -> Iterator[Sequence[Row]]:
    """The first events of a shard, as rows of the store. Raises EngineMissing, and what a question
    raises."""
    part = adapter_part(
        "store.remote.cassandra.one_shard",
        engine=KIND.title,
        extra=KIND.extra,
        packages=("cassandra",),
    )
    found: Iterator[Sequence[Row]] = part.shard_rows(address, shard, until=count)
    return found


def _event(position: int, text: bytes) -> RecordedEvent:
    stream, version, id_, type_, at_us, occurred, offset, data, metadata, source = msgpack.decode(
        text
    )
    if occurred is None:
        occurred, offset = at_us, 0
    return RecordedEvent(
        position, stream, version, type_, id_, at_us, 0, occurred, offset, data, metadata, source
    )


def _window_of(event: RecordedEvent) -> int:
    return event.position - (event.position - 1) % EVENTS_A_WINDOW


def _positions(path: Path) -> Path:
    return path.parent / f"{path.name}.npy"


def _mark(there: Reached) -> Mark:
    return Mark(position=there.count, event_id=there.event_id)
