"""One row of a projection that goes row by row, with some events (left) and with others (right)."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import astuple

from replay.history.stored_rows import StoredRows
from replay.history.without_answer import error_text
from replay.history.without_rows import copier, is_same_row
from replay.projection import Key, Projection, RowByRow, row_maker
from store.events import RecordedEvent


class KeyedSides:
    """The row of one key, as one until an event that one side alone has, and from there on two."""

    def __init__(
        self,
        projection: Projection[Any],
        form: RowByRow[Any],
        key: str,
        stored: StoredRows | None,
    ) -> None:
        self.failed: tuple[int, str] | None = None
        self._form, self._key = form, key
        self._is_by_stream = form.key == "stream"
        self._make, self._copy = row_maker(projection.row), copier(projection)
        self._with = _Side(form, key, None if stored is None else stored.row(key))
        self._stored = stored
        self._without: _Side | None = None  # until they part

    @property
    def is_settled(self) -> bool:
        """Whether no later event can change the answer: the rows are equal, or one failed."""
        return self.failed is not None or (self._without is not None and self._is_same())

    def take(
        self, left: RecordedEvent | None, right: RecordedEvent | None, _links: tuple[str, ...]
    ) -> None:
        """The next event that writes the row, as each side has it. On the right a projection may
        fail: then that is the answer. Raises what the projection raises on the left."""
        if self._without is None and (left is None or right is None):
            self._without = _Side(self._form, self._key, self._row_to_part())
        event = left or right
        is_linked = self._is_by_stream and event is not None and event.stream != self._key
        if left is not None:
            self._with.go_on(left, is_linked=is_linked)
        if right is not None and self._without is not None:
            try:
                self._without.go_on(right, is_linked=is_linked)
            except Exception as error:  # a projection may raise anything
                self.failed = (right.position, error_text(error))

    def differing(self) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
        """The row on both sides where it differs; None where there is none."""
        if self._without is None or self._is_same():
            return {}, {}
        return {self._key: self._row(self._with)}, {self._key: self._row(self._without)}

    def _is_same(self) -> bool:
        assert self._without is not None, "the sides have parted"
        return is_same_row(self._row(self._with), self._row(self._without))

    def _row_to_part(self) -> Any:
        """The row before the event, whose JSON values are shared with nothing."""
        if self._stored is not None:
            return self._stored.row(self._key)
        return self._copy(self._row(self._with))

    def _row(self, side: "_Side") -> Any:
        return None if side.values is None else self._make(self._key, *side.values)


class _Side:
    """What is kept of the row while it goes on, and its columns beside the key."""

    def __init__(self, form: RowByRow[Any], key: str, row: Any) -> None:
        self.values: tuple[Any, ...] | None = None if row is None else astuple(row)[1:]
        self._go_on, self._kept = form.go_on, form.begin(key, row)

    def go_on(self, event: RecordedEvent, *, is_linked: bool) -> None:
        self.values = self._go_on(self._kept, event, is_linked)
