"""One row of a projection that goes row by row, with some events (left) and with others (right)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import astuple

from replay.history.stored_rows import StoredRows
from replay.history.without_answer import error_text
from replay.history.without_rows import Pair, copier, is_same_row
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

    def take(self, heard: Sequence[Pair]) -> None:
        """The next events that write the row, as each side has them. On the right a projection may
        fail: then that is the answer. Raises what the projection raises on the left."""
        if self._without is None:
            shared = next((at for at, it in enumerate(heard) if _is_of_one(it)), len(heard))
            self._with.go_on(self._told(it for it, _, _ in heard[:shared]))
            heard = heard[shared:]
            if not heard:
                return
            self._without = _Side(self._form, self._key, self._row_to_part())
        self._with.go_on(self._told(it for it, _, _ in heard))
        try:
            self._without.go_on(self._told(it for _, it, _ in heard))
        except Exception as error:  # a projection may raise anything
            self.failed = (self._without.last, error_text(error))

    def differing(self) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
        """The row on both sides where it differs; None where there is none."""
        if self._without is None or self._is_same():
            return {}, {}
        return {self._key: self._row(self._with)}, {self._key: self._row(self._without)}

    def _told(self, heard: Iterable[RecordedEvent | None]) -> list[tuple[RecordedEvent, bool]]:
        """The events that a side has, and whether each is only linked into the stream."""
        key = self._key if self._is_by_stream else None
        return [(it, key is not None and it.stream != key) for it in heard if it is not None]

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
    """What is kept of the row while it goes on, and its columns beside the key. `last`: the
    position of the event that it took last."""

    def __init__(self, form: RowByRow[Any], key: str, row: Any) -> None:
        self.last = 0
        self.values: tuple[Any, ...] | None = None if row is None else astuple(row)[1:]
        self._run, self._go_on = form.run, form.go_on
        self._kept = form.begin(key, row)

    def go_on(self, events: Sequence[tuple[RecordedEvent, bool]]) -> None:
        if not events:
            return
        if self._run is not None:
            self.values = self._run(self._kept, self._taken(events))
            return
        for event, is_linked in self._taken(events):
            self.values = self._go_on(self._kept, event, is_linked)

    def _taken(
        self, events: Sequence[tuple[RecordedEvent, bool]]
    ) -> Iterator[tuple[RecordedEvent, bool]]:
        for it in events:
            self.last = it[0].position
            yield it


def _is_of_one(pair: Pair) -> bool:
    return pair[0] is None or pair[1] is None
