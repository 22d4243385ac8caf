"""Read a shard of the events, and make the packages for the parts: the first half of the work."""

from collections.abc import Iterator

from replay.parts.origin import Shard
from replay.parts.shipment import Shipment, projection_there
from replay.parts.shipped import Window, packages


def rows_of(shipment: Shipment, shard: Shard) -> Iterator[tuple[int, int, bytes]]:
    """The part, the window and the events in it, of parts that are not done. Raises NotFoldedThere
    and what the source raises."""
    projection = projection_there(shipment)
    for window in shard.windows():
        seen = _seen(window, shipment.skipped)
        found = packages(seen, projection, by=shipment.by, parts=shipment.parts)
        for part, text in found.items():
            if part not in shipment.done:
                yield part, window.number, text


def _seen(window: Window, skipped: frozenset[int]) -> Window:
    """Without the events that a person let the view do without."""
    if not skipped or not any(it.position in skipped for it in window.events):
        return window
    events = [it for it in window.events if it.position not in skipped]
    return Window(window.number, events, window.links)
