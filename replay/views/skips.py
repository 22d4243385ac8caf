"""Events that a person decided a view shall do without, because its projection fails at them.

They are kept as text beside the log, not in the views: those are thrown away and folded again,
and then the same events have to be left out. A skip holds for one definition of the view only;
mended code sees the event again.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from replay.beside_log import BesideLog
from replay.words import said
from store.errors import StoreError
from store.events import RecordedEvent
from store.place import Place


class WrongSkips(StoreError):
    hint = said("Correct the file, or delete it. The views then stop at these events again.")


class Skip(Struct, frozen=True, kw_only=True):
    """One event left out of one view."""

    view: str
    definition: str  # of the view whose projection failed
    position: int
    event_id: str
    error: str  # what the projection said
    reason: str
    by: str
    at_us: int  # UTC


FILE: Final = BesideLog[tuple[Skip, ...]](
    "-skipped.json",
    tuple[Skip, ...],
    empty=tuple,
    what=said("the skipped events file"),
    wrong=WrongSkips,
)


def load(place: Place) -> tuple[Skip, ...]:
    """All of them, oldest first; none without a file. Raises WrongSkips."""
    return FILE.load(place)


def add(place: Place, skip: Skip) -> None:
    """Leave one more event out. Raises WrongSkips."""
    FILE.change(place, lambda now: (*now, skip), why=skip.reason)


class Skipped:
    """The skips of a log as they were read. Unchanging."""

    def __init__(self, place: Place) -> None:
        self._positions: dict[tuple[str, str], set[int]] = {}
        for it in load(place):
            self._positions.setdefault((it.view, it.definition), set()).add(it.position)

    def without(
        self, view: str, definition: str, events: Sequence[RecordedEvent]
    ) -> Sequence[RecordedEvent]:
        """The events that the view is to see."""
        positions = self._positions.get((view, definition))
        if not positions:
            return events
        return [it for it in events if it.position not in positions]

    def first(self, view: str, definition: str) -> int | None:
        """The first position that the view is not to see, if there is one."""
        return min(self._positions.get((view, definition), ()), default=None)
