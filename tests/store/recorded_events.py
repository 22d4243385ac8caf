"""Recorded events at random, as a log may hold them."""

from typing import Any, Final

import msgspec
from hypothesis import strategies as st

from store import json_text
from store.events import RecordedEvent
from store.reading.format import Outgoing

YEAR_US: Final = 365 * 24 * 3_600 * 1_000_000
ODD_NAMES: Final = (
    *("foldline", "correlation_id", "causation_id", "user", "$correlationId", "$causationId"),
    *("$causedBy", "correlationId", "causationId", "correlationStreamName", "at"),
    *("causationMessageStreamName", "causationMessagePosition", "occurred_at", "streamPosition"),
)
ODD_JSON: Final = (
    *('"5"', '"{}"', '"\\u0000"', '"\\ud800"', "null", "[]", '{"a": 1,\n "b" :2}', "1e400", "-0.0"),
    *(
        "123456789012345678901234567890",
        '{"a":1,"a":2}',
        '{"data_base64":"AQI="}',
        '"=1+1"',
        "0.10",
    ),
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
payloads = st.sampled_from(ODD_JSON) | values.map(json_text.encode)
_metadata_names = st.sampled_from(ODD_NAMES) | texts
metadata = st.dictionaries(_metadata_names, values, max_size=4).map(json_text.encode) | (
    st.sampled_from(('{"a":1,"a":2}', '{ "n" :\r\n 1E+2 }', '{"foldline":{"occurred_at":"soon"}}'))
)
offsets = st.none() | st.sampled_from((0, 60, -210, 1439, -1439))
moments = st.integers(-1_900 * YEAR_US, 7_000 * YEAR_US) | st.sampled_from((0, 10**6, 10**15 + 1))
sources = st.none() | st.sampled_from(
    (
        '{"format":"x","extras":{"a":1}}',
        '{"format":"canonical","made_here":["times"]}',
        '{"format":"x","origin_version":7,"topic":"shop:Order.Placed","state":"{}"}',
        '{"format":"emmett","created":"2026-01-01 10:00:00","partition":"global"}',
    )
)
ids = st.uuids().map(str) | st.uuids().map(lambda it: str(it).upper()) | names


@st.composite
def outgoing(draw: st.DrawFn, *, most: int = 5) -> list[Outgoing]:
    """Events in position order, with positions that a filter has left; streams count from 1."""
    found, position, versions = [], 0, dict[str, int]()
    streams = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    for id_ in draw(st.lists(ids, min_size=1, max_size=most, unique_by=str.casefold)):
        position += draw(st.integers(1, 3))
        stream = draw(st.sampled_from(streams))
        versions[stream] = versions.get(stream, 0) + 1
        event = draw(_events(position, stream, versions[stream], id_))
        links = draw(st.lists(names, max_size=2, unique=True))
        found.append(Outgoing(event, tuple(it for it in links if it != stream)))
    return found


@st.composite
def _events(draw: st.DrawFn, position: int, stream: str, version: int, id_: str) -> RecordedEvent:
    recorded, offset = draw(moments), draw(offsets)
    is_one_time = draw(st.booleans())
    facts: dict[str, Any] = {
        "position": position,
        "stream": stream,
        "version": version,
        "type": draw(names),
        "id": id_,
        "recorded_at_us": recorded,
        "recorded_offset_min": offset,
        "occurred_at_us": recorded if is_one_time else draw(moments),
        "occurred_offset_min": offset if is_one_time else draw(offsets),
        "data_json": draw(payloads),
        "metadata_json": draw(metadata),
        "source_json": draw(sources),
    }
    return msgspec.convert(facts, RecordedEvent)
