"""Events in Parquet files with the columns of the format `parquet`: a file, or all of a folder."""

import hashlib
import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from replay.parts.errors import NotOurEvents
from replay.parts.origin import EVENTS_A_WINDOW, Origin, by_size
from replay.parts.shipped import Links, ShippedEvent, Window
from replay.parts.source import Wanted
from replay.views.sink import Mark
from replay.words import said
from store.events import RecordedEvent
from store.formats.parquet import COLUMNS
from store.place import Place

FACTS: Final = (
    *("position", "stream", "stream_version", "type", "id", "recorded_at_us"),
    *("recorded_offset_min", "occurred_at_us", "occurred_offset_min", "data", "metadata", "source"),
)  # in the order of an event's fields
BYTES_AT_ONCE: Final = 32_000_000  # decoded, but for what is the same in many events
_WHOLE: Final = ("int32", "int64")


@dataclass(frozen=True, slots=True)
class GroupShard:
    """One row group of one file, whose positions are known."""

    path: str
    group: int
    first: int
    events: int

    def windows(self) -> Iterator[Window]:
        """Raises NotOurEvents."""
        file = _opened(Path(self.path))
        expected = self.first
        for batch in _batches(file, self.group):
            events, links = _events(batch)
            end = expected + len(events)
            if [it.position for it in events] != [*range(expected, end)]:
                raise _unordered(self.path)
            expected = end
            for some in by_size(events):
                yield Window(some[0].position, some, links)


class ParquetSource:
    """replay.parts.source.Source of files that stay as they are while they are read."""

    place: Place | None = None

    def __init__(self, path: Path) -> None:
        """Raises NotOurEvents."""
        self._path = path
        self._shards = tuple(_shards(path))
        last = self._shards[-1]
        *_, window = last.windows()
        event = window.events[-1]
        self._head = Mark(position=event.position, event_id=event.id)
        told = "\n".join(f"{Path(it.path).name} {it.first} {it.events}" for it in self._shards)
        self.identity = f"parquet:{hashlib.sha256(told.encode()).hexdigest()[:32]}:{event.id}"

    def head(self) -> Mark:
        return self._head

    def holds(self, mark: Mark, _folder: Path, /) -> bool:
        return mark == self._head

    def origin(self, wanted: Wanted) -> Origin:
        return Origin(identity=self.identity, head=wanted.until, shards=self._shards)

    def close(self) -> None:
        """Nothing is held."""


def _shards(path: Path) -> list[GroupShard]:
    """All row groups by position, which must be those of a whole log. Raises NotOurEvents."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    found = [it for file in files for it in _groups(file.absolute())]
    if not found:
        raise NotOurEvents(path, said("there are none"))
    found.sort(key=lambda it: it.first)
    if found[0].first != 1 or any(a.first + a.events != b.first for a, b in pairwise(found)):
        raise NotOurEvents(path, said("positions are missing or repeated"))
    return found


def _groups(path: Path) -> Iterator[GroupShard]:
    file = _opened(path)
    place = file.schema_arrow.names.index("position")
    for group in range(file.num_row_groups):
        about = file.metadata.row_group(group)
        if not about.num_rows:
            continue
        known = about.column(place).statistics
        if known is None or not known.has_min_max:
            first = file.read_row_group(group, columns=["position"]).column(0)[0].as_py()
        elif known.max - known.min + 1 != about.num_rows:
            raise _unordered(path)
        else:
            first = known.min
        yield GroupShard(str(path), group, int(first), about.num_rows)


def _batches(file: Any, group: int) -> Iterator[Any]:
    """A row group that is small is decoded whole, which takes half the time."""
    if file.metadata.row_group(group).total_byte_size > BYTES_AT_ONCE:
        yield from file.iter_batches(batch_size=EVENTS_A_WINDOW, row_groups=[group])
    else:
        yield from file.read_row_group(group).to_batches(max_chunksize=EVENTS_A_WINDOW)


def _opened(path: Path) -> Any:
    """Raises NotOurEvents."""
    pa, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise NotOurEvents(path, said("the file cannot be read ({error})", error=error)) from error
    if missing := [it for it in COLUMNS if it not in file.schema_arrow.names]:
        columns = ", ".join(missing)
        raise NotOurEvents(path, said("these columns are missing: {columns}", columns=columns))
    return file


def _events(batch: Any) -> tuple[Sequence[RecordedEvent], Links]:
    columns = [_values(batch.column(it)) for it in FACTS]
    events = [ShippedEvent(*values) for values in zip(*columns, strict=True)]
    if (every := batch.column("links")).null_count == len(every):
        return events, {}
    names = zip(events, every.to_pylist(), strict=True)
    return events, {it.position: tuple(links) for it, links in names if links}


def _values(column: Any) -> list[Any]:
    """As `to_pylist`, faster where that is possible."""
    if column.null_count == len(column):
        return [None] * len(column)
    is_plain = not column.null_count and str(column.type) in _WHOLE
    found: list[Any] = column.to_numpy().tolist() if is_plain else column.to_pylist()
    return found


def _unordered(path: object) -> NotOurEvents:
    return NotOurEvents(path, said("they are not in the order of their positions"))
