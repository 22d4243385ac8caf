"""How the objects of an object-centric log relate to one another: told in the import's manifest.

No event holds them. There may be millions, so the first KEPT go into the manifest, and the others
are counted as passed over.
"""

from typing import Final

from store.reading.passed_over import PassedOver
from store.reading.source import Source
from store.words import said

KEPT: Final = 10_000
RELATIONSHIPS: Final = "relationships"


class Ties:
    """Grows while a file is read; `note` tells what there was."""

    def __init__(self) -> None:
        self._kept: list[list[str | None]] = []
        self._more = 0

    def add(self, from_id: str, to_id: str, qualifier: str | None) -> None:
        """One object is related to another."""
        if len(self._kept) < KEPT:
            self._kept.append([from_id, to_id, qualifier])
        else:
            self._more += 1

    def clear(self) -> None:
        """Forget everything."""
        self._kept, self._more = [], 0

    def note(self, source: Source, passed: PassedOver) -> None:
        """Once all are known."""
        source.notes[RELATIONSHIPS] = self._kept
        if self._more:
            text = said("between objects, beyond the first {kept:,}", kept=KEPT)
            passed.add("relations", text, count=self._more)
