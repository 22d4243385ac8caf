"""Places in the log that a person has marked, each with a name and perhaps a note."""

from bisect import bisect_left, bisect_right
from collections import deque
from functools import partial
from threading import Lock
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.bookmarks import (
    Bookmark,
    BookmarkChange,
    Key,
    Marked,
    Unmarked,
    apply,
    changed,
    load,
    read_kept,
)
from store.place import Place

__all__ = ["Bookmark", "BookmarksViewModel", "key_words"]


class BookmarksViewModel(QObject):
    """At most one an event, and one a range. `changed()` when there are others, `failed(error)`.

    They are kept beside the log, written on a reader thread; those of a log that may only be read
    are kept with the window's place in it. GUI thread.
    """

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection, place: Place) -> None:
        super().__init__()
        self._tasks, self._selection, self._place = tasks, selection, place
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._unsaved = _Unsaved(place)
        self._is_kept_here = bool(place.only_read)  # and not beside the log
        self._undo: list[BookmarkChange] = []

    @property
    def all(self) -> list[Bookmark]:
        """By position."""
        return list(self._bookmarks)

    @property
    def can_undo(self) -> bool:
        """Whether a change of this window can be taken back."""
        return bool(self._undo)

    @Slot()
    def load(self) -> None:
        """Read what is kept beside the log."""
        if not self._is_kept_here:
            self._tasks.latest("bookmarks", _load, done=self._learn, failed=self.failed.emit)

    def at(self, position: int, until: int | None = None) -> Bookmark | None:
        """The bookmark of an event, or of a range."""
        return next((it for it in self._bookmarks if it.key == (position, until)), None)

    def add(self, position: int, name: str, *, until: int | None = None, note: str = "") -> None:
        """Mark a place, or give it another name and note."""
        self._change(
            Marked(bookmark=Bookmark(position=position, name=name, until=until, note=note))
        )

    def remove(self, position: int, until: int | None = None) -> None:
        """Mark it no more."""
        if self.at(position, until) is not None:
            self._change(Unmarked(key=(position, until)))

    @Slot()
    def undo(self) -> None:
        """Take back the last change that was made in this window."""
        if self._undo:
            self._do(self._undo.pop())

    @Slot()
    def toggle_here(self) -> None:
        """Mark the place of the cursor, or no more."""
        here = self._selection.as_of
        if self.at(here) is not None:
            self.remove(here)
        elif here:
            self.add(here, key_words((here, None)))

    @Slot()
    def to_next(self) -> None:
        """Go to the bookmark behind the cursor, if there is one."""
        places = self._places()
        self._go(places, bisect_right(places, self._selection.as_of))

    @Slot()
    def to_previous(self) -> None:
        """Go to the bookmark before the cursor, if there is one."""
        places = self._places()
        self._go(places, bisect_left(places, self._selection.as_of) - 1)

    def go_to(self, key: Key) -> None:
        """Put the cursor there; of a range A at its beginning and the cursor at its end."""
        position, until = key
        if until is not None:
            self._selection.set_anchor(position)
        self._selection.seek(position if until is None else until)

    def as_json(self) -> list[dict[str, Any]]:
        """As JSON values, for a workspace that is exported."""
        return [msgspec.to_builtins(it) for it in self._bookmarks]

    def merge(self, kept: object) -> None:
        """Add those that `as_json` gave, in place of those of the same places."""
        for it in read_kept(kept):
            if it != self.at(*it.key):
                self._change(Marked(bookmark=it))

    def kept(self) -> list[dict[str, Any]]:
        """As JSON values: what is not kept beside the log."""
        return self.as_json() if self._is_kept_here else []

    def restore(self, kept: object) -> None:
        """Those that `kept` gave, in this version or an earlier one; what does not fit is left
        out. They are no change of this window's."""
        for it in read_kept(kept):
            self._do(Marked(bookmark=it))

    def close(self) -> None:
        """What is not written yet is written now; an error has nobody left to tell."""
        if not self._is_kept_here:
            self._unsaved.write_at_end()

    def _change(self, change: BookmarkChange) -> None:
        """As a person wants it: with the way back."""
        key = change.bookmark.key if isinstance(change, Marked) else change.key
        before = self.at(*key)
        self._undo.append(Unmarked(key=key) if before is None else Marked(bookmark=before))
        self._do(change)

    def _do(self, change: BookmarkChange) -> None:
        """Shown at once, and written when a reader thread comes to it."""
        self._bookmarks = changed(self._bookmarks, [change])
        if not self._is_kept_here:
            self._unsaved.add(change)
            work = partial(_write, unsaved=self._unsaved)
            self._tasks.latest("bookmarks", work, done=self._learn, failed=self.failed.emit)
        self.changed.emit()

    def _learn(self, found: tuple[Bookmark, ...]) -> None:
        """What is beside the log, and what is not written yet."""
        found = changed(found, self._unsaved.changes())
        if found != self._bookmarks:
            self._bookmarks = found
            self.changed.emit()

    def _places(self) -> list[int]:
        return sorted({it.position for it in self._bookmarks})

    def _go(self, places: list[int], index: int) -> None:
        if 0 <= index < len(places):
            self._selection.seek(places[index])


def key_words(key: Key) -> str:
    """Where a bookmark is; its name as long as it has no other."""
    position, until = key
    return (
        said("position {position:,}", position=position)
        if until is None
        else said("positions {position:,} to {until:,}", position=position, until=until)
    )


class _Unsaved:
    """Changes on their way to the file, in order. Any thread."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._changes: deque[BookmarkChange] = deque()
        self._guard = Lock()

    def add(self, change: BookmarkChange) -> None:
        """One more; somebody calls `write` after it."""
        self._changes.append(change)

    def changes(self) -> tuple[BookmarkChange, ...]:
        """Those that are not in the file."""
        return tuple(self._changes)

    def write(self) -> tuple[Bookmark, ...]:
        """All there are now, at once; what the file holds then. Raises as
        replay.bookmarks.apply does, and forgets the changes that cannot be written."""
        with self._guard:
            changes = tuple(self._changes)
            try:
                return apply(self._place, changes) if changes else load(self._place)
            finally:
                for _ in changes:
                    self._changes.popleft()

    def write_at_end(self) -> None:
        """What is left."""
        if self._changes:
            self.write()


def _load(reads: Reads) -> tuple[Bookmark, ...]:
    return load(reads.log.place)


def _write(_reads: Reads, *, unsaved: _Unsaved) -> tuple[Bookmark, ...]:
    return unsaved.write()
