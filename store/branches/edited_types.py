"""The types of events of a history as the edits of a branch have it."""

from collections import Counter

from store.branches.edited_base import EditedBase
from store.branches.joined import Joined
from store.branches.layout import Layout
from store.query import EventQuery


class EditedTypes(EditedBase):
    """Types by the first event of each, which is looked for once: edits stay as they are, and
    events come at the end alone."""

    def __init__(self, raw: Joined, layout: Layout) -> None:
        super().__init__(raw, layout)
        self._taken = Counter(it.type for it in layout.removed)
        self._put: dict[str, int] = {}  # the first position of each type that was put in
        for it in layout.placed:
            self._put.setdefault(it.event.type, it.event.position)
        self._names: tuple[int, tuple[str, ...]] = (-1, ())  # at a head
        self._first_places: dict[str, int] = {}

    def type_names(self) -> list[str]:
        head = self._raw.head()
        if self._names[0] != head:
            names = dict.fromkeys([*self._raw.type_names(), *self._put])
            places = {it: at for it in names if (at := self._first_of(it)) is not None}
            self._names = head, tuple(sorted(places, key=places.__getitem__))
        return list(self._names[1])

    def type_counts(self) -> dict[str, int]:
        counts = Counter(self._raw.type_counts())
        counts.subtract(self._taken)
        counts.update(it.event.type for it in self._layout.placed)
        return {it: count for it in self.type_names() if (count := counts[it]) > 0}

    def _first_of(self, type_: str) -> int | None:
        """The position of the first event of a type; None when there is none."""
        if type_ not in self._first_places:
            query, limit = EventQuery(types=(type_,)), 1 + self._taken[type_]
            kept = self._shown(self._raw.read(query, limit=limit))
            firsts = [it.position for it in kept][:1]
            if type_ in self._put:
                firsts.append(self._put[type_])
            if not firsts:
                return None
            self._first_places[type_] = min(firsts)
        return self._first_places[type_]
