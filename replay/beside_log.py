"""Small decisions of a person about one log, kept as JSON text in a file beside it.

Not in the log, which holds facts, and not in the views file, which may be thrown away. Every kind
is written through one door, which keeps a journal of all changes: replay/definition_journal.
"""

import getpass
import hashlib
import os
from collections.abc import Callable, Iterable, Sized
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import msgspec

from replay.definition_journal import Changing, How, changing, settled
from replay.words import said
from store.errors import StoreError
from store.failure import writing_of
from store.place import OF_ONE_LINE, Place

T = TypeVar("T", bound=Sized)
OF_BRANCH: Final = "@"  # between a kind and the name of a branch


class BesideLog(Generic[T]):
    """One kind of file. A file that cannot be read is told by `wrong`, and left as it is."""

    def __init__(
        self,
        suffix: str,
        type_: Any,
        *,
        empty: Callable[[], T],
        what: str,
        wrong: type[StoreError],
        files: Callable[[T], Iterable[str]] = lambda _value: (),
        told: Callable[[T], T] = lambda value: value,
    ) -> None:
        """`files`: paths of the files that a value names, whose hashes are noted with it. `told`:
        the value without what is to be written nowhere, such as secrets."""
        self._suffix, self._type, self._empty = suffix, type_, empty
        self._what, self._wrong = what, wrong
        self._files, self._told = files, told

    @property
    def kind(self) -> str:
        """What the journal calls it: `built-views`."""
        return self._suffix.removeprefix("-").removesuffix(".json")

    def kind_in(self, place: Place) -> str:
        """The same of one line: what each branch has for itself is named with the branch, as
        `bookmarks@fix`, because log and branches have one journal."""
        is_own = self._suffix in OF_ONE_LINE and place.branch_name
        return f"{self.kind}{OF_BRANCH}{place.branch_name}" if is_own else self.kind

    @property
    def what(self) -> str:
        """What it is, for people."""
        return self._what

    def path(self, place: Place) -> Path:
        """The file of a log."""
        return place.beside(self._suffix)

    def load(self, place: Place) -> T:
        """What it holds; the empty value without a file. Raises `wrong`."""
        path = self.path(place)
        content = settled(place, path, self.kind_in(place))
        return self._empty() if content is None else self.decoded(content, path)

    def decoded(self, content: bytes, path: Path) -> T:
        """What a text says that is, or was, in such a file. Raises `wrong`."""
        try:
            found: T = msgspec.json.decode(content, type=self._type)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise self._wrong(
                said(
                    "{what} cannot be read ({error}): {path}",
                    what=self._what,
                    error=error,
                    path=path,
                )
            ) from error
        return found

    def change(
        self, place: Place, act: Callable[[T], T], *, why: str = "", how: How = "saved"
    ) -> T:
        """Make of what it holds what `act` gives, whole or not at all, with an entry in the
        journal; what it holds then. Nothing left takes the file away. What others save meanwhile
        is kept. Raises `wrong`, StoreReadOnly, DiskFull, StoreBusy, what `act` raises and what
        else may be in the way of a file."""
        path = self.path(place)
        with writing_of(path), changing(place) as made:
            kind = self.kind_in(place)
            made.finish(path, kind)
            self._note(made, path, kind)
            after = act(self.load(place))
            text = self._text(after)
            last = made.journal.last(kind)
            if text != (last.text if last else ""):
                files = self._hashes(after)
                made.put(path, kind, text, how=how, by=who(), why=why, files=files)
        return after

    def save(self, place: Place, value: T, *, why: str = "") -> None:
        """Put this in its place, whatever was there. Raises as `change` does."""
        self.change(place, lambda _before: value, why=why)

    def restore(self, place: Place, text: str, *, why: str = "") -> None:
        """Make an earlier text of it the one that counts; an empty one takes the file away. Raises
        `wrong` where the text cannot be read, and what `change` raises."""
        value = self.decoded(text.encode(), self.path(place)) if text else self._empty()
        self.change(place, lambda _before: value, why=why, how="restored")

    def note(self, place: Place) -> None:
        """Give the journal an entry of what was changed by hand, or was there before it. Raises
        StoreReadOnly, StoreBusy and what else may be in the way of a file."""
        path = self.path(place)
        with writing_of(path), changing(place) as made:
            made.finish(path, self.kind_in(place))
            self._note(made, path, self.kind_in(place))

    def _note(self, made: Changing, path: Path, kind: str) -> None:
        try:
            value = self.decoded(path.read_bytes(), path)
        except (FileNotFoundError, self._wrong):
            made.note(path, kind)
            return
        told = self._told(value)
        text = None if told == value else self._text(told)
        made.note(path, kind, text=text, files=self._hashes(value))

    def _text(self, value: T) -> str:
        told = self._told(value)
        return msgspec.json.format(msgspec.json.encode(told), indent=1).decode() if told else ""

    def _hashes(self, value: T) -> dict[str, str]:
        """Of the files that a value names; those that cannot be read are left out."""
        found = {}
        for name in self._files(value):
            try:
                found[name] = hashlib.sha256(Path(name).read_bytes()).hexdigest()
            except OSError:
                continue
        return found

    def stamp(self, place: Place) -> tuple[int, int]:
        """When it was changed, in nanoseconds, and its bytes; zeros without a file."""
        return stamp_of(self.path(place))


class TextBesideLog:
    """A kind of file that a person may write, too: its text is kept as it is."""

    def __init__(self, suffix: str, *, what: str) -> None:
        self._suffix, self.what = suffix, what
        self.kind = suffix.removeprefix("-").removesuffix(".json")

    def path(self, place: Place) -> Path:
        """The file of a log: beside the name by which that was called, or beside the log."""
        return place.written_beside(self._suffix)

    def change(self, place: Place, act: Callable[[str], str], *, why: str = "") -> None:
        """Make of its text what `act` gives, with an entry in the journal. Raises as
        `BesideLog.change` does."""
        self._change(place, act, why=why, how="saved")

    def restore(self, place: Place, text: str, *, why: str = "") -> None:
        """Make an earlier text of it the one that counts; an empty one takes the file away."""
        self._change(place, lambda _before: text, why=why, how="restored")

    def note(self, place: Place) -> None:
        """As `BesideLog.note`."""
        path = self.path(place)
        with writing_of(path), changing(place) as made:
            made.finish(path, self.kind)
            made.note(path, self.kind)

    def _change(self, place: Place, act: Callable[[str], str], *, why: str, how: How) -> None:
        path = self.path(place)
        with writing_of(path), changing(place) as made:
            made.finish(path, self.kind)
            made.note(path, self.kind)
            before = settled(place, path, self.kind) or b""
            text = act(before.decode("utf-8", "replace"))
            if text.encode() != before:
                made.put(path, self.kind, text, how=how, by=who(), why=why)


def who() -> str:
    """Whoever decides, as the system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "somebody"


def stamp_of(path: Path) -> tuple[int, int]:
    """When a file was changed, in nanoseconds, and its bytes; zeros where there is none."""
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_size
