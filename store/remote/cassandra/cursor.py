"""How far each shard was read, as one opaque text.

`SEGMENT.PLACE` a shard, joined by commas, then the shard and the id of the event that was read
last: it tells whether the store is still the one that was read.
"""

import re
from dataclasses import dataclass
from typing import Final

_SHAPE: Final = re.compile(r"(\d+\.\d+(?:,\d+\.\d+)*);(\d+);(.+)", re.S)


@dataclass(frozen=True, slots=True)
class Reached:
    """A place in each shard, and the event that was read last."""

    places: tuple[tuple[int, int], ...]  # segment and place, by shard
    shard: int
    event_id: str

    @property
    def count(self) -> int:
        """How many events lie up to here."""
        return sum(place for _, place in self.places)

    def __str__(self) -> str:
        places = ",".join(f"{segment}.{place}" for segment, place in self.places)
        return f"{places};{self.shard};{self.event_id}"


def reached(cursor: str, shards: int) -> Reached | None:
    """None for a text that no store with so many shards gave."""
    found = _SHAPE.fullmatch(cursor)
    if found is None:
        return None
    pairs = [it.partition(".") for it in found[1].split(",")]
    places = tuple((int(segment), int(place)) for segment, _, place in pairs)
    shard = int(found[2])
    return Reached(places, shard, found[3]) if len(places) == shards > shard else None
