"""Batches that are bounded by what they hold, and not only by how many they are: a thousand events
of 10 MB would not fit into memory."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

HEAVIEST: Final = 8 * 1024 * 1024  # characters, or bytes, of a batch; one item may be more

T = TypeVar("T")


def by_weight(
    items: Iterable[T], weigh: Callable[[T], int], *, most: int, heaviest: int = HEAVIEST
) -> Iterator[list[T]]:
    """`items` in batches of at most that many, each complete as soon as it has that weight."""
    batch: list[T] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += weigh(item)
        if len(batch) >= most or weight >= heaviest:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
