"""A format that is one JSON document takes no more memory for a long file than for a short one."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.reading.detect import format_named
from store.reading.format import Incoming
from store.reading.raw_file import CHUNK_BYTES
from store.reading.source import Source
from tests.store.event_files import AT, cloud_event

EVENTS = 3_000
LONG = "x" * 1_200


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
