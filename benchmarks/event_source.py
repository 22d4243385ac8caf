"""Events to measure with: an order system's, the same ones at every call."""

import random
from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from store import json_text
from store.events import NewEvent
from store.times import format_moment

TYPES = ("Placed", "LineAdded", "LineRemoved", "Paid", "Shipped", "Delivered", "Noted", "Closed")
START_US = 1_700_000_000_000_000


def payloads(seed: int = 1) -> Iterator[tuple[str, dict[str, object]]]:
    """Types and payloads of about 130 bytes, for ever."""
    dice = random.Random(seed)
    while True:
        type_ = dice.choices(TYPES, weights=(9, 30, 4, 9, 8, 8, 20, 3))[0]
        yield (
            type_,
            {
                "sku": f"SKU-{dice.randrange(10_000):05}",
                "qty": dice.randrange(1, 9),
                "price": {"amount": f"{dice.random() * 500:.2f}", "ccy": "EUR"},
                "note": "leave it with the neighbour",
                f"field_{dice.randrange(8)}": dice.random() < 0.5,
            },
        )


def new_events(count: int, seed: int = 1) -> list[NewEvent]:
    """Events that are ready to be appended."""
    return list(_events(count, seed))


def _events(count: int, seed: int) -> Iterator[NewEvent]:
    dice = random.Random(seed)
    for at, (type_, data) in enumerate(islice(payloads(seed), count)):
        yield NewEvent(
            type=type_,
            data_json=json_text.encode(data),
            metadata_json='{"user":"ada","correlation_id":"c-1"}',
            id=str(UUID(int=dice.getrandbits(128), version=4)),
            recorded_at_us=START_US + at * 40_000,
            recorded_offset_min=0,
        )


def placed(count: int, *, streams: int, seed: int = 1) -> Iterator[tuple[str, int, NewEvent]]:
    """Events with the stream and version they get, spread over `streams` streams."""
    dice = random.Random(seed)
    versions = [0] * streams
    for event in _events(count, seed):
        at = int(dice.random() ** 2 * streams)  # some streams are busier than others
        versions[at] += 1
        yield f"order-{at:06}", versions[at], event


def canonical_lines(
    count: int, *, streams: int, seed: int = 1, has_places: bool = True
) -> Iterator[str]:
    """The same events as canonical JSON Lines; with or without their positions and versions."""
    for position, (stream, version, it) in enumerate(placed(count, streams=streams, seed=seed), 1):
        at = format_moment(it.recorded_at_us or 0)
        place = f'"position":{position},' if has_places else ""
        reached = f'"stream_version":{version},' if has_places else ""
        yield (
            f'{{{place}"stream":"{stream}",{reached}'
            f'"type":"{it.type}","id":"{it.id}","occurred_at":"{at}","recorded_at":"{at}",'
            f'"data":{it.data_json},"metadata":{it.metadata_json}}}\n'
        )
