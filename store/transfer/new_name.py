"""Names of logs that are made: beside a file of events, and beside copies made before."""

import re
from pathlib import Path
from typing import Final

from store.reading.git_history import is_git, repository_of
from store.reading.packed_names import without_packing

SUFFIX: Final = ".foldline"


def store_beside(source: Path) -> Path:
    """events.jsonl.gz → events.foldline, in the same folder; of git:PATH beside the repository."""
    if is_git(source):
        source = repository_of(source)
    if not source.name:
        source = source.resolve()
    name = without_packing(source.name)
    return source.with_name(f"{Path(name).stem or 'events'}{SUFFIX}")


def free_store_beside(source: Path) -> Path:
    """The same; where a store has that name already, with the next free number."""
    return free_copy(store_beside(source))


def free_copy(store: Path) -> Path:
    """The path of a log; where something has that name, behind all copies: events-2.foldline."""
    numbers = _copies(store)
    if not numbers:
        return store
    return store.with_name(f"{store.stem}-{max(numbers) + 1}{SUFFIX}")


def newest_copy(store: Path) -> Path:
    """Of a log and its copies the one with the highest number; the log where there is none."""
    highest = max(_copies(store), default=1)
    return store if highest == 1 else store.with_name(f"{store.stem}-{highest}{SUFFIX}")


def is_copy(path: Path, store: Path) -> bool:
    """Whether a path is that of a log, or of a copy of it."""
    return path.parent == store.parent and (
        path.name == store.name or _numbered(store).fullmatch(path.name) is not None
    )


def _numbered(store: Path) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(store.stem)}-([1-9][0-9]*){re.escape(SUFFIX)}")


def _copies(store: Path) -> list[int]:
    """The numbers of what is there: 1 is the log itself."""
    numbered = _numbered(store)
    try:
        names = [it.name for it in store.parent.iterdir()]
    except OSError:
        names = []
    found = [int(it[1]) for name in names if (it := numbered.fullmatch(name))]
    return [*([1] if store.exists() else []), *found]
