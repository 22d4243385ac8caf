"""Many rows of one width as one run of values: a tuple for each takes twice the time and memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload


class FlatRows(Sequence[tuple[Any, ...]]):
    """Rows, in the order in which they are added; `values` may be added to by whole rows."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.values: list[Any] = []

    def add(self, row: Iterable[Any]) -> None:
        """Add a row of that width."""
        self.values += row

    def __len__(self) -> int:
        return len(self.values) // self.width

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        one = iter(self.values)
        return zip(*[one] * self.width, strict=True)

    @overload
    def __getitem__(self, index: int) -> tuple[Any, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> list[tuple[Any, ...]]: ...

    def __getitem__(self, index: int | slice) -> tuple[Any, ...] | list[tuple[Any, ...]]:
        if isinstance(index, slice):
            return [self[it] for it in range(*index.indices(len(self)))]
        start = range(len(self))[index] * self.width  # raises IndexError as a list does
        return tuple(self.values[start : start + self.width])
