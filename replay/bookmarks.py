"""A person's marks in a log: events and ranges of positions, each with a name and perhaps a note.

Kept as text beside the log, so they go with it to whoever gets it. Several windows may change them
at once: each change is applied to what the file holds then.
"""

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from replay.beside_log import BesideLog
from replay.words import said
from store.errors import StoreError
from store.place import Place

Key: TypeAlias = tuple[int, int | None]


class WrongBookmarks(StoreError):
    hint = said("Correct the bookmarks file or delete it. Until then its bookmarks are not shown.")


class Bookmark(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One mark: of an event, or with `until` of a range, both ends included."""

    position: int
    name: str
    until: int | None = None
    note: str = ""

    @property
    def key(self) -> Key:
        """There is one bookmark at most of an event, and one of a range."""
        return self.position, self.until


class Marked(Struct, frozen=True, kw_only=True):
    """A change: this bookmark is there, in place of the one of its key."""

    bookmark: Bookmark


class Unmarked(Struct, frozen=True, kw_only=True):
    """A change: the bookmark of this key is gone."""

    key: Key


BookmarkChange: TypeAlias = Marked | Unmarked

FILE: Final = BesideLog[tuple[Bookmark, ...]](
    "-bookmarks.json",
    tuple[Bookmark, ...],
    empty=tuple,
    what=said("the bookmarks file"),
    wrong=WrongBookmarks,
)


def load(place: Place) -> tuple[Bookmark, ...]:
    """All of them, by position; none without a file. Raises WrongBookmarks."""
    return changed(_sound(FILE.load(place), str(FILE.path(place))), ())


def apply(place: Place, changes: Iterable[BookmarkChange]) -> tuple[Bookmark, ...]:
    """Change the file; what it holds then. Any thread. Raises WrongBookmarks, StoreReadOnly and
    what else may be in the way of a file."""
    wanted = tuple(changes)
    load(place)
    return FILE.change(place, lambda now: changed(now, wanted))


def changed(
    bookmarks: Iterable[Bookmark], changes: Iterable[BookmarkChange]
) -> tuple[Bookmark, ...]:
    """The bookmarks after some changes, by position."""
    found = {it.key: it for it in bookmarks}
    for change in changes:
        if isinstance(change, Marked):
            found[change.bookmark.key] = change.bookmark
        else:
            found.pop(change.key, None)
    return tuple(sorted(found.values(), key=lambda it: (it.position, it.until or it.position)))


def read_kept(kept: object) -> tuple[Bookmark, ...]:
    """Those of a value that was kept: objects, or pairs of position and name as in earlier
    versions. What does not fit is left out."""
    items = kept if isinstance(kept, list | tuple) else []
    found = (_read(it) for it in items)
    return changed((it for it in found if it is not None), ())


def _read(item: Any) -> Bookmark | None:
    if isinstance(item, list | tuple) and len(item) == 2:
        item = {"position": item[0], "name": item[1]}
    try:
        found = msgspec.convert(item, Bookmark)
    except msgspec.ValidationError:
        return None
    return found if _is_sound(found) else None


def _sound(found: tuple[Bookmark, ...], path: str) -> tuple[Bookmark, ...]:
    if wrong := next((it for it in found if not _is_sound(it)), None):
        raise WrongBookmarks(
            said(
                "a bookmark's position is outside the log ({position}): {path}",
                position=wrong.position,
                path=path,
            )
        )
    return found


def _is_sound(it: Bookmark) -> bool:
    return it.position > 0 and (it.until is None or it.until >= it.position)
