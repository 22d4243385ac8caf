"""Many rows of one width as one run of values: a tuple for each takes twice the time and memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload


class FlatRows(Sequence[tuple[Any, ...]]):
    """Rows, in the order in which they are added; `values` may be added to by whole rows.

    A column that is 0 in every row, if there is one, is in no `values`, and not in `width`.
    """

    def __init__(self, width: int, *, zero_at: int | None = None) -> None:
        self.width = width
        self.values: list[Any] = []
        self._zero_at = zero_at

    def add(self, row: Iterable[Any]) -> None:
        """Add a row of that width."""
        self.values += row

    @property
    def marks(self) -> str:
        """One row in SQL, with a mark for each of its values."""
        marks = ["?"] * self.width
        if self._zero_at is not None:
            marks.insert(self._zero_at, "0")
        return f"({', '.join(marks)})"

    def __len__(self) -> int:
        return len(self.values) // self.width

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        one = iter(self.values)
        rows = zip(*[one] * self.width, strict=True)
        return rows if self._zero_at is None else map(self._whole, rows)

    @overload
    def __getitem__(self, index: int) -> tuple[Any, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> list[tuple[Any, ...]]: ...

    def __getitem__(self, index: int | slice) -> tuple[Any, ...] | list[tuple[Any, ...]]:
        if isinstance(index, slice):
            return [self[it] for it in range(*index.indices(len(self)))]
        start = range(len(self))[index] * self.width  # raises IndexError as a list does
        return self._whole(tuple(self.values[start : start + self.width]))

    def _whole(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        at = self._zero_at
        return row if at is None else (*row[:at], 0, *row[at:])
