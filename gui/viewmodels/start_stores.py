"""What the start page tells of each sample and of each store that was open here."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.store_glance import Glance, glance_of_sample, glance_of_store
from gui.viewmodels.time_text import day_text
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.errors import StoreError
from store.opening import reading
from store.times import now_us

_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One card: `about` in a few words, and the picture; `glance` is None where the log cannot be
    read, and `about` says why."""

    when: str  # between which days; empty where there are no events
    about: str
    glance: Glance | None


class _OfNoLog(Reads):
    """For reader threads that belong to no log: each work opens what it looks into."""

    def __init__(self) -> None:
        pass

    def interrupt(self) -> None:
        """What is looked at is short."""

    def close(self) -> None:
        """Nothing is kept open."""


class StartStores(QObject):
    """Looks into logs off the GUI thread: `told(key, Told)`. GUI thread."""

    told = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._tasks = Tasks(_OfNoLog)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being looked at."""
        return self._tasks.is_idle

    def look_at_store(self, store: Path, *, visited: datetime | None) -> None:
        """Of a store, by its path; `visited`: when it was open here last."""
        self._look(str(store), partial(_of_store, store), visited)

    def look_at_sample(
        self, name: str, file: Path, store: Path, *, visited: datetime | None
    ) -> None:
        """Of a sample, by its name: of the store that was made of it, else of its file."""
        self._look(name, partial(_of_sample, file, store), visited)

    def close(self) -> None:
        """End the threads."""
        self._tasks.close()

    def _look(self, key: str, look: partial[Glance], visited: datetime | None) -> None:
        def done(glance: Glance) -> None:
            self.told.emit(key, _told(glance, visited))

        def failed(error: Exception) -> None:
            self.told.emit(key, Told(when="", about=_why_not(error), glance=None))

        self._tasks.latest(f"start {key}", lambda _: look(), done=done, failed=failed)


def _told(glance: Glance, visited: datetime | None) -> Told:
    """`5,087 events · 3.4 MB · opened yesterday`, `2026-03-01 to 2026-04-05`."""
    parts = [
        counted("{count:,} event", "{count:,} events", glance.events),
        size_text(glance.size_bytes),
    ]
    if visited is not None:
        parts.append(
            said(
                "opened {visited}",
                visited=ago_text(visited, datetime.fromtimestamp(now_us() / 1e6, UTC)),
            )
        )
    when = "" if glance.is_empty else _days_text(glance)
    return Told(when=when, about=" · ".join(parts), glance=glance)


def size_text(size_bytes: int) -> str:
    """`812 bytes`, `3.4 MB`: a unit is a thousand of the one before."""
    size, unit = float(size_bytes), 0
    while size >= 1_000 and unit < len(_UNITS) - 1:
        size, unit = size / 1_000, unit + 1
    return (
        f"{size:.0f} {_UNITS[unit]}" if unit == 0 or size >= 100 else f"{size:.1f} {_UNITS[unit]}"
    )


def _days_text(glance: Glance) -> str:
    first, last = day_text(glance.first_us), day_text(glance.last_us)
    return first if first == last else said("{first} to {last}", first=first, last=last)


def ago_text(then: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`."""
    ago = now - then
    if ago < timedelta(minutes=1):
        return said("just now")
    if ago < timedelta(hours=1):
        return said("{ago} min ago", ago=ago // timedelta(minutes=1))
    if ago < timedelta(days=1):
        return said("{ago} h ago", ago=ago // timedelta(hours=1))
    return counted("yesterday", "{count} days ago", ago.days)


def _of_store(store: Path) -> Glance:
    with reading(store) as log:
        return glance_of_store(log)


def _of_sample(file: Path, store: Path) -> Glance:
    return _of_store(store) if store.exists() else glance_of_sample(file)


def _why_not(error: Exception) -> str:
    return (
        said("cannot be read: {error}", error=error)
        if isinstance(error, StoreError | OSError)
        else said("cannot be read")
    )
