"""Events of many streams: the same in one pass over the log as stream by stream."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from replay.history import stream_scan
from replay.history.stream_scan import scan
from store.interface import EventReader
from store.opening import reading
from tests.replay.logs import make_log

EVENTS = 400


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    with reading(make_log(tmp_path / "a.foldline", EVENTS)) as log:
        yield log


def scanned(log: EventReader, streams: list[str]) -> dict[str, list[int]]:
    """Positions by stream; a stream in two parts would be an error."""
    found: dict[str, list[int]] = {}
    for part in scan(log, streams, lambda _done, _total: None):
        here = defaultdict[str, list[int]](list)
        for stream, event in part:
            here[stream].append(event.position)
        assert not here.keys() & found.keys()
        found |= here
    return found


def by_stream(log: EventReader, streams: list[str]) -> dict[str, list[int]]:
    return {it: [event.position for event in log.read_stream(it)] for it in streams}


@pytest.mark.parametrize("lookup", [0, 10_000], ids=["one by one", "by position"])
def test_every_event_and_link_of_a_stream_is_there_in_order(
    log: EventReader, monkeypatch: pytest.MonkeyPatch, lookup: int
) -> None:
    monkeypatch.setattr(stream_scan, "EVENTS_PER_LOOKUP", lookup)
    streams = sorted(log.stream_names())[::2]

    assert scanned(log, streams) == by_stream(log, streams)


def test_more_streams_than_are_held_at_once_are_read_in_parts(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_scan, "EVENTS_PER_LOOKUP", 10_000)
    monkeypatch.setattr(stream_scan, "STREAMS_AT_ONCE", 3)
    streams = sorted(log.stream_names())[:8]
    told: list[tuple[int, int]] = []

    parts = [
        {stream for stream, _ in part} for part in scan(log, streams, lambda *it: told.append(it))
    ]

    assert parts == [set(streams[:3]), set(streams[3:6]), set(streams[6:])]
    assert told == [(EVENTS, 3 * EVENTS), (2 * EVENTS, 3 * EVENTS), (3 * EVENTS, 3 * EVENTS)]
    assert scanned(log, streams) == by_stream(log, streams)


def test_few_streams_of_a_long_log_are_read_alone(
    log: EventReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(_log: object, _first: int, _last: int) -> list[object]:
        raise AssertionError("the whole log was read")

    monkeypatch.setattr(type(log), "page", page)

    assert scanned(log, ["order-0"]) == by_stream(log, ["order-0"])
