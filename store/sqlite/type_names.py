"""The names of event types by id, as pages of events ask for them: a type is never renamed."""

from typing import Final

from store import json_text
from store.errors import StoreDamaged
from store.place import Place
from store.sqlite.asking import Asking
from store.sqlite.reader_sql import NAMES_OF_TYPES
from store.words import said

TYPES_KEPT: Final = 100_000  # names that are held


class TypeNames:
    """One thread, as the connection."""

    def __init__(self, asking: Asking, place: Place) -> None:
        self._asking, self._place = asking, place
        self._known: dict[int, str] = {}

    def of(self, type_ids: set[int]) -> dict[int, str]:
        """These and others. Raises StoreDamaged where one has no name."""
        known = self._known
        missing = [it for it in type_ids if it not in known]  # not by a set of all that are known
        if missing:
            rows = self._asking.rows(NAMES_OF_TYPES, [json_text.encode(missing)])
            found: dict[int, str] = dict(rows)
            if len(found) < len(missing):
                raise StoreDamaged(said("an event has a type without a name"), self._place.path)
            if len(known) > TYPES_KEPT:
                found |= {it: known[it] for it in type_ids if it in known}
                known = self._known = {}
            known |= found
        return known
