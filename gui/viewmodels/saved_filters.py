"""Filters that a person has named: kept beside the log, and offered again at the next start."""

from functools import partial
from typing import Any, Final

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.filter import FilterViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.saved_filters import SavedFilter, apply, carry, changed, load
from store.filter.typed import typed
from store.place import Place

LETTERS: Final = 40  # of a filter that has no name of its own


class SavedFiltersViewModel(QObject):
    """`changed()` when others are saved, `failed(error)`.

    They are shown at once and written on a reader thread. Those of a log that may only be read are
    kept with the window's place in it. GUI thread.
    """

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, filter_: FilterViewModel, place: Place) -> None:
        super().__init__()
        self._tasks, self._filter, self._place = tasks, filter_, place
        self._saved: dict[str, SavedFilter] = {}
        self._unsaved: dict[str, SavedFilter | None] = {}  # None: to be forgotten
        self._uncarried: dict[str, SavedFilter] = {}  # kept with the window's place until now
        self._is_kept_here = bool(place.only_read)  # and not beside the log

    @property
    def names(self) -> tuple[str, ...]:
        """In the order in which they were saved; what cannot be read any more is left out."""
        return tuple(name for name, it in self._saved.items() if not typed(it.where).problem)

    @property
    def suggested(self) -> str:
        """A name for what is set now; empty where nothing is."""
        parts = (self._filter.typed, self._filter.stream, ", ".join(self._filter.types))
        text = " · ".join(it for it in parts if it)
        return text if len(text) <= LETTERS else f"{text[:LETTERS]}…"

    @Slot()
    def load(self) -> None:
        """Read what is kept beside the log."""
        if not self._is_kept_here:
            self._tasks.latest("saved filters", _load, done=self._learn, failed=self.failed.emit)

    def save(self, name: str) -> None:
        """Keep what is set now under a name, in place of what had it."""
        name = name.strip() or self.suggested
        if name and self._filter.is_set:
            self._change({name: msgspec.convert(self._filter.as_dict(), SavedFilter)})

    def apply(self, name: str) -> None:
        """List what it lists; an unknown name lists as before."""
        if name in self._saved:
            self._filter.restore(self._parts(name))

    def forget(self, name: str) -> None:
        """Take it off the list."""
        if name in self._saved:
            self._change({name: None})

    def as_json(self) -> dict[str, Any]:
        """As JSON values, for a workspace that is exported."""
        return {name: self._parts(name) for name in self._saved}

    def merge(self, kept: object) -> None:
        """Add those that `as_json` gave, in place of those with the same names."""
        self._change(dict(_read(kept)))

    def kept(self) -> dict[str, Any]:
        """As JSON values: what is not kept beside the log."""
        return self.as_json() if self._is_kept_here else msgspec.to_builtins(self._uncarried)

    def restore(self, kept: object) -> None:
        """Those that `kept` gave, in this version or an earlier one, are taken over; what does not
        fit is left out."""
        found = _read(kept)
        if not found:
            return
        self._saved = {**found, **self._saved}
        if not self._is_kept_here:
            self._uncarried = found
            work = partial(_carry, found=found)
            self._tasks.latest(
                "carry filters", work, done=self._learn_carried, failed=self.failed.emit
            )
        self.changed.emit()

    def close(self) -> None:
        """What is not written yet is written now."""
        if self._unsaved:
            apply(self._place, self._unsaved)

    def _parts(self, name: str) -> dict[str, Any]:
        it = self._saved[name]
        return {"types": list(it.types), "stream": it.stream, "text": it.text, "where": it.where}

    def _change(self, changes: dict[str, SavedFilter | None]) -> None:
        self._saved = changed(self._saved, changes)
        if not self._is_kept_here and changes:
            self._unsaved.update(changes)
            work = partial(_write, unsaved=self._unsaved)
            self._tasks.latest("saved filters", work, done=self._learn, failed=self.failed.emit)
        self.changed.emit()

    def _learn(self, found: dict[str, SavedFilter]) -> None:
        """What is beside the log, and what is on its way there."""
        found = changed({**self._uncarried, **found}, self._unsaved)
        if found != self._saved:
            self._saved = found
            self.changed.emit()

    def _learn_carried(self, found: dict[str, SavedFilter]) -> None:
        self._uncarried = {}
        self._learn(found)


def _read(kept: object) -> dict[str, SavedFilter]:
    """What can be read of JSON values."""
    found = {}
    for name, it in kept.items() if isinstance(kept, dict) else ():
        try:
            read = msgspec.convert(it, SavedFilter)
        except msgspec.ValidationError:
            continue
        if not typed(read.where).problem:
            found[str(name)] = read
    return found


def _load(reads: Reads) -> dict[str, SavedFilter]:
    return load(reads.log.place)


def _carry(reads: Reads, *, found: dict[str, SavedFilter]) -> dict[str, SavedFilter]:
    return carry(reads.log.place, found)


def _write(reads: Reads, *, unsaved: dict[str, SavedFilter | None]) -> dict[str, SavedFilter]:
    """All there are now; those that cannot be written are forgotten, and that is told."""
    now = dict(unsaved)
    try:
        return apply(reads.log.place, now) if now else load(reads.log.place)
    finally:
        for name, it in now.items():
            if unsaved.get(name) is it:
                unsaved.pop(name, None)
