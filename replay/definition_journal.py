"""Every change of what a person decided about a log, in one file beside it that only grows.

`name.foldline-definitions.jsonl` holds an entry a line: which kind of definition, its whole text
from then on, when, who and why. Each entry is chained to those before it by SHA-256. A change of
a definition and its entry happen together or not at all: the text waits beside its file until
the entry is written, and only then takes the name. One process writes at a time.
"""

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from replay.words import said
from store.errors import StoreBusy
from store.locks import ProcessLock
from store.place import Place
from store.times import format_moment, now_us

How: TypeAlias = Literal["saved", "carried-over", "changed-outside", "restored"]

JOURNAL: Final = "-definitions.jsonl"
LOCK: Final = "-definitions-lock"
WAITING: Final = ".next"  # behind the name of a file: what it will be once its entry is written
BEGINNING: Final = ""
PATIENCE_S: Final = 20.0
LOOK_S: Final = 0.01
HOWS: Final[dict[How, str]] = {
    "saved": said("saved"),
    "carried-over": said("carried over"),
    "changed-outside": said("changed outside"),
    "restored": said("restored"),
}
_APPLYING: Final = threading.RLock()  # one change at a time, whichever thread makes it


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change. `text` is the whole definition from then on; empty: there is none."""

    number: int  # from 1, dense
    at: str  # UTC
    how: How
    kind: str  # such as built-views
    text: str = ""
    by: str = ""  # unknown where it was changed outside
    why: str = ""
    files: dict[str, str] = {}  # files that it names, by path: their SHA-256 then
    chain: str = ""  # over this entry without it, and the chain of the entry before


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What was read. `broken`: the number of the first entry that is not as it was written."""

    entries: tuple[Entry, ...]
    broken: int = 0

    def last(self, kind: str) -> Entry | None:
        """The newest entry of a kind."""
        return next((it for it in reversed(self.entries) if it.kind == kind), None)


def read(place: Place) -> Journal:
    """The entries of a log, oldest first; none without a file. A last line that was cut off is
    no entry: its change was not made. Raises OSError."""
    entries: list[Entry] = []
    broken, chain = 0, BEGINNING
    for line in _whole_lines(place):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except msgspec.MsgspecError:
            broken = broken or len(entries) + 1
            continue
        is_right = entry.chain == chain_of(entry, chain) and entry.number == len(entries) + 1
        broken = broken or (0 if is_right else entry.number)
        chain = entry.chain
        entries.append(entry)
    return Journal(entries=tuple(entries), broken=broken)


def chain_of(entry: Entry, before: str) -> str:
    """SHA-256 in hex over the chain of the entry before and this one without its own."""
    plain = msgspec.json.encode(msgspec.structs.replace(entry, chain=""))
    return hashlib.sha256(before.encode() + plain).hexdigest()


@contextmanager
def changing(place: Place) -> Iterator["Changing"]:
    """Alone with the definitions of a log. Raises StoreBusy when another process does not let go,
    LockClosed, OSError."""
    lock = ProcessLock(place.beside(LOCK))
    with _APPLYING:
        _take(lock, place)
        try:
            yield Changing(place)
        finally:
            lock.release()


class Changing:
    """Changes of the definitions of a log, while nobody else makes any."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.journal = read(place)

    def finish(self, path: Path, kind: str) -> None:
        """Make whole, or undo, what a process that ended has begun."""
        waiting = _waiting(path)
        if not waiting.exists():
            return
        last = self.journal.last(kind)
        if last is not None and last.text == _text_of(waiting):
            _take_name(path)
        else:
            waiting.unlink()

    def note(
        self,
        path: Path,
        kind: str,
        *,
        text: str | None = None,
        files: dict[str, str] | None = None,
    ) -> None:
        """Where a file is another one than its newest entry says, add an entry: it was there before
        there was a journal, or somebody changed it by hand. `text`: what is written of it."""
        text, last = _text_of(path) if text is None else text, self.journal.last(kind)
        if text == (last.text if last else ""):
            return
        how: How = "changed-outside" if last else "carried-over"
        self._add(kind, text, how=how, files=files or {})

    def put(
        self,
        path: Path,
        kind: str,
        text: str,
        *,
        how: How,
        by: str,
        why: str = "",
        files: dict[str, str] | None = None,
    ) -> None:
        """Give a definition another text, and write the entry: both or neither."""
        _write(_waiting(path), text.encode())
        with suppress(OSError):  # there is none, or it is somebody else's
            shutil.copymode(_real(path), _waiting(path))
        self._add(kind, text, how=how, by=by, why=why, files=files or {})
        _take_name(path)

    def _add(
        self,
        kind: str,
        text: str,
        *,
        how: How,
        by: str = "",
        why: str = "",
        files: dict[str, str],
    ) -> None:
        entries = self.journal.entries
        entry = Entry(
            number=len(entries) + 1,
            at=format_moment(now_us()),
            how=how,
            kind=kind,
            text=text,
            by=by,
            why=why,
            files=files,
        )
        before = entries[-1].chain if entries else BEGINNING
        entry = msgspec.structs.replace(entry, chain=chain_of(entry, before))
        _append(self._place.beside(JOURNAL), msgspec.json.encode(entry) + b"\n")
        self.journal = Journal(entries=(*entries, entry), broken=self.journal.broken)


def settled(place: Place, path: Path, kind: str) -> bytes | None:
    """What a definition's file holds; None where there is none. One that a process left half
    changed is as its newest entry says. Raises OSError."""
    if _waiting(path).exists():
        last = read(place).last(kind)
        if last is not None and last.text == _text_of(_waiting(path)):
            return last.text.encode() or None
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _take(lock: ProcessLock, place: Place) -> None:
    left = PATIENCE_S
    while not lock.acquire():
        if left <= 0:
            raise StoreBusy(place.path)
        time.sleep(LOOK_S)
        left -= LOOK_S


def _whole_lines(place: Place) -> list[bytes]:
    try:
        content = place.beside(JOURNAL).read_bytes()
    except FileNotFoundError:
        return []
    return content.split(b"\n")[:-1]  # what follows the last end of a line was cut off


def _append(path: Path, line: bytes) -> None:
    """Durably. What was cut off before is taken away: it is no entry."""
    with path.open("ab+") as file:
        file.seek(0)
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _take_name(path: Path) -> None:
    waiting = _waiting(path)
    if waiting.stat().st_size:
        os.replace(waiting, _real(path))
    else:
        _real(path).unlink(missing_ok=True)
        waiting.unlink()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _waiting(path: Path) -> Path:
    real = _real(path)
    return real.with_name(real.name + WAITING)


def _real(path: Path) -> Path:
    """A link is followed."""
    return Path(os.path.realpath(path))
