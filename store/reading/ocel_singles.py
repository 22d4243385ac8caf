"""Which type of object leads a log: that of which most events relate to exactly one object."""

from collections import Counter
from collections.abc import Collection

from store.reading.ocel2_objects import OcelObjects


class Singles:
    """Counts while events come. Objects should be there before them: else `is_early`."""

    def __init__(self, objects: OcelObjects) -> None:
        self._objects = objects
        self._counts: Counter[str] = Counter()
        self._has_events = False
        self.is_early = False  # an event came before an object

    def add_object(self) -> None:
        """Another object is there."""
        self.is_early = self.is_early or self._has_events

    def add(self, ids: Collection[str]) -> None:
        """The objects of one event, each once."""
        self._has_events = True
        if self.is_early:
            return
        types = [it for it in map(self._objects.type_of, ids) if it is not None]
        for it in types:
            if types.count(it) == 1:
                self._counts[it] += 1

    def counts(self) -> dict[str, int]:
        """How many events relate to exactly one object of each type."""
        return {name: self._counts[name] for name in self._objects.types}
