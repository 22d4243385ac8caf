"""A reader takes no more memory for a long file than for a short one."""

import gc
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from store.reading.detect import format_named
from store.reading.format import Incoming
from store.reading.raw_file import CHUNK_BYTES
from store.reading.source import Source
from tests.contracts.format import contracts
from tests.contracts.written import Written
from tests.store.event_files import AT, cloud_event

EVENTS = 3_000
LONG = "x" * 1_200
FEW: Final = 150
TEXT: Final = 10_000  # characters of an event
TEN_TIMES: Final = 1.2
SLACK: Final = 2 * 1024 * 1024  # bytes: what readers remember of so many events, in bounded caches
HELD_AS_A_WHOLE: Final = {"redux-export"}  # JSON within a text of JSON, of 64 MiB at most


def batch() -> Iterator[str]:
    yield "["
    for n in range(EVENTS):
        yield ("," if n else "") + json.dumps(cloud_event(n, data={"text": LONG}))
    yield "]"


def object_centric() -> Iterator[str]:
    """Objects stand behind the events, so that they are looked up and not yet known."""
    yield '{"objectTypes": [], "eventTypes": [], "events": ['
    for n in range(EVENTS):
        ties = [{"objectId": f"o{n}", "qualifier": LONG}]
        event: dict[str, Any] = {"id": f"e{n}", "type": "T", "time": AT, "relationships": ties}
        yield ("," if n else "") + json.dumps(event)
    yield '], "objects": ['
    for n in range(EVENTS):
        attributes = [{"name": "a", "time": AT, "value": LONG}]
        one = {"id": f"o{n}", "type": "Order", "attributes": attributes}
        yield ("," if n else "") + json.dumps(one)
    yield "]}"


@pytest.mark.parametrize(
    ("name", "make", "records"),
    [("cloudevents-batch", batch, EVENTS), ("ocel2-json", object_centric, 2 * EVENTS)],
)
def test_memory_is_that_of_a_few_pieces(tmp_path: Path, name: str, make: Any, records: int) -> None:
    path = tmp_path / "in.json"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(make())

    format_ = format_named(name)  # all formats are imported by now, which takes memory too

    with Source(path) as source:
        assert source.sample.shape != "lines"
        tracemalloc.start()
        found = sum(isinstance(it, Incoming) for it in format_.read(source))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert found == records
    assert peak < 8 * CHUNK_BYTES < path.stat().st_size


@pytest.mark.parametrize("name", sorted(contracts()))
def test_ten_times_the_file_takes_no_more_memory(tmp_path: Path, name: str) -> None:
    """Of long events, so that there are few: what is held of each event is then little."""
    few, many = (_peak(name, tmp_path / str(count), count) for count in (FEW, 10 * FEW))

    assert many < TEN_TIMES * few + SLACK or name in HELD_AS_A_WHOLE


def _peak(name: str, folder: Path, count: int) -> int:
    """Bytes that Python held at once while it read all of a file of so many events."""
    folder.mkdir()
    data = json.dumps({"text": "x" * TEXT})
    events = (
        Written(n=n, version=n // 8 + 1, stream=f"s-{n % (count // 8)}", data=data)
        for n in range(1, count + 1)
    )
    path, format_ = contracts()[name]().file_of(folder, *events), format_named(name)
    with Source(path) as source:
        assert source.sample.head or source.sample.tables
        gc.collect()
        tracemalloc.start()
        found = sum(isinstance(it, Incoming) for it in format_.read(source))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert found == count
    return peak
