"""Filters that a person has named: kept for each store, and offered again at the next start."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.filter import FilterViewModel
from store.filter.typed import typed

LETTERS: Final = 40  # of a filter that has no name of its own


class SavedFiltersViewModel(QObject):
    """`changed()` when others are saved."""

    changed = Signal()

    def __init__(self, filter_: FilterViewModel) -> None:
        super().__init__()
        self._filter = filter_
        self._saved: dict[str, dict[str, object]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """In the order in which they were saved."""
        return tuple(self._saved)

    @property
    def suggested(self) -> str:
        """A name for what is set now; empty where nothing is."""
        parts = (self._filter.typed, self._filter.stream, ", ".join(self._filter.types))
        text = " · ".join(it for it in parts if it)
        return text if len(text) <= LETTERS else f"{text[:LETTERS]}…"

    def save(self, name: str) -> None:
        """Keep what is set now under a name, in place of what had it."""
        name = name.strip() or self.suggested
        if name and self._filter.is_set:
            self._saved[name] = self._filter.as_dict()
            self.changed.emit()

    def apply(self, name: str) -> None:
        """List what it lists; an unknown name lists as before."""
        if name in self._saved:
            self._filter.restore(self._saved[name])

    def forget(self, name: str) -> None:
        """Take it off the list."""
        if self._saved.pop(name, None) is not None:
            self.changed.emit()

    def kept(self) -> dict[str, object]:
        """As JSON values, to be kept."""
        return dict(self._saved)

    def restore(self, kept: object) -> None:
        """What `kept` gave; what does not fit is left out."""
        if isinstance(kept, dict):
            self._saved = {str(name): it for name, it in kept.items() if _is_filter(it)}
            self.changed.emit()


def _is_filter(parts: object) -> bool:
    where = parts.get("where", "") if isinstance(parts, dict) else None
    return isinstance(where, str) and not typed(where).problem
