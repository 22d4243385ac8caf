"""What events come from when a view is folded in parts. The kinds are in replay/parts/origins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from replay.parts.origin import Origin
from replay.views.sink import Mark
from store.place import Place

Task: TypeAlias = Callable[[], None]  # that can be pickled
Each: TypeAlias = Callable[[Sequence[Task]], None]  # workers do all of them, in any order


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events are to be divided, and what a source may use for it."""

    until: Mark  # the last of them
    least: int  # shards, as long as there are events for them
    folder: Path  # of the work, where it may keep what it needs
    each: Each  # workers help


class Source(Protocol):
    """One log, store or folder of files, opened. One thread."""

    @property
    def place(self) -> Place | None:
        """Of a log here: its built views and taught states count."""

    @property
    def identity(self) -> str:
        """What tells it from every other one."""

    def head(self) -> Mark:
        """The last event that can be read now."""

    def holds(self, mark: Mark, folder: Path, /) -> bool:
        """Whether the same event is still there, or the work in a folder has it."""

    def origin(self, wanted: Wanted) -> Origin:
        """Its events, divided."""

    def close(self) -> None:
        """Free what it holds."""
