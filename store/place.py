"""Where a log lives, and where everything that belongs to it lies.

What is beside a log is found from here alone: its views, its locks, and the decisions of a person
that are kept as text. A worker process is told a place by its `text`.
"""

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from store.access import folder_of_ours, key_of, why_only_read

LOG_SUFFIX: Final = ".foldline"
VIEWS_SUFFIX: Final = ".foldline-views"
SCHEME: Final = "file"
MAIN: Final = "main"  # what the log itself is called among its branches
BRANCH_MARK: Final = ".foldline-branch-"
BRANCH_NAME: Final = re.compile(r"[^\W\d_](?:[\w.-]{0,98}\w)?", re.ASCII)
# What a person decided about a log holds for its branches too, but for what names positions.
OF_ONE_LINE: Final = frozenset({"-skipped.json", "-reprocessed.json", "-bookmarks.json"})
# The journal of those decisions is the log's too, with the lock that its writers hold.
_OF_THE_LOG: Final = (".json", ".jsonl", "-definitions-lock")


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a log in a file. Two are equal when they are the same file, however it was
    named: relative to a folder, or through links."""

    path: Path  # of the log; absolute and without links
    named: Path = field(init=False, compare=False)  # as it was called; absolute

    def __post_init__(self) -> None:
        object.__setattr__(self, "named", self.path.absolute())
        object.__setattr__(self, "path", Path(os.path.realpath(self.path)))

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.path.name

    @property
    def branch_name(self) -> str:
        """What the branch is called that lives in this file; empty of a log."""
        return _branch_name(self.path)

    @property
    def log(self) -> Path:
        """The log; of a branch the one that it is of, which may be gone."""
        return _log_of(self.path)

    @property
    def named_log(self) -> Path:
        """The same as it was called, or would be."""
        return _log_of(self.named)

    def branch(self, name: str) -> Path:
        """The file of a branch of the log, whether or not it is there. Raises ValueError when a
        branch cannot be called so."""
        stem = self.log.name.removesuffix(LOG_SUFFIX)
        path = self.path.with_name(f"{stem}{BRANCH_MARK}{name}")
        if not name or name.lower() == MAIN or _branch_name(path) != name:
            raise ValueError(name)
        return path

    def branches(self) -> list[Path]:
        """The files of all branches of the log, by name."""
        start = self.log.name.removesuffix(LOG_SUFFIX) + BRANCH_MARK
        try:
            names = sorted(it for it in os.listdir(self.path.parent) if it.startswith(start))
        except OSError:
            return []
        return [it for it in map(self.path.with_name, names) if is_branch(it)]

    @property
    def written(self) -> tuple[Path, Path]:
        """The log, and what was written to it and stands beside it still, if anything does."""
        return self.path, self.path.with_name(f"{self.path.name}-wal")

    @property
    def only_read(self) -> str:
        """Why this account may only read the log, as a sentence; empty where it may write."""
        return why_only_read(self.path)

    @property
    def views(self) -> Path:
        """The disposable read side: name.foldline → name.foldline-views. Of a log that may only
        be read it lies in a folder of this account's."""
        name = self.path.name.removesuffix(LOG_SUFFIX)
        if self.only_read:
            return folder_of_ours() / f"{name}-{key_of(self.path)}{VIEWS_SUFFIX}"
        return self.path.with_name(name + VIEWS_SUFFIX)

    @property
    def views_lock(self) -> Path:
        """The lock of the one process that keeps the views."""
        return locks_of_views(self.views)[0]

    @property
    def rebuild_lock(self) -> Path:
        """The lock by which a rebuild shows that it still lives."""
        return locks_of_views(self.views)[1]

    @property
    def dispatch_lock(self) -> Path:
        """The lock of the one process that lets timers and process managers work."""
        return self.beside("-dispatch-lock")

    @property
    def dispatch_hand(self) -> Path:
        """What that process has in hand; it is there only while it works, or when it was ended."""
        return self.beside("-dispatch-hand")

    def publish_lock(self, topic: str) -> Path:
        """The lock of the one process of this machine that publishes the log to a topic, however
        that is named."""
        key = hashlib.sha256(topic.encode()).hexdigest()[:12]
        return self.beside(f"-publish-{key}-lock")

    def beside(self, suffix: str) -> Path:
        """A file that belongs to the log: its name, and a suffix."""
        path = self.path if _is_of_one_line(suffix) else self.log
        return path.with_name(path.name + suffix)

    def written_beside(self, suffix: str) -> Path:
        """A file that a person writes for the log: beside the name by which it was called, and
        where none is there, which is through a link only, beside the file itself."""
        named = self.named if _is_of_one_line(suffix) else _log_of(self.named)
        by_name = named.with_name(named.name + suffix)
        return by_name if by_name.exists() else self.beside(suffix)

    @property
    def text(self) -> str:
        """For a command line; `place_of` reads it back. The path as it was called, or a file: URL
        where it is no Unicode text, or could be taken for a URL."""
        plain = str(self.named)
        return plain if _is_unicode(plain) else self.named.as_uri()


def is_branch_name(name: str) -> bool:
    """Whether a branch can be called so."""
    try:
        Place(Path(f"log{LOG_SUFFIX}")).branch(name)
    except ValueError:
        return False
    return True


def stem_of(store: str) -> str:
    """How the names of files begin that are made of a log, or of a branch: those name the branch,
    and nobody takes them for a branch. `store`: a path, or a URL of a file."""
    name = _branch_name(Path(store))
    if not name:
        return store.removesuffix(LOG_SUFFIX)
    return f"{store.removesuffix(BRANCH_MARK + name)}-branch-{name}"


def is_branch(path: Path) -> bool:
    """Whether a file is a branch of a log, by its name."""
    return bool(_branch_name(path))


def _branch_name(path: Path) -> str:
    stem, mark, name = path.name.rpartition(BRANCH_MARK)
    is_one = mark and stem and BRANCH_NAME.fullmatch(name) and not name.endswith(_NOT_BRANCHES)
    return name if is_one else ""


def _log_of(path: Path) -> Path:
    if not _branch_name(path):
        return path
    stem = path.name.rpartition(BRANCH_MARK)[0]
    log, bare = path.with_name(stem + LOG_SUFFIX), path.with_name(stem)
    return bare if bare.exists() and not log.exists() else log


def _is_of_one_line(suffix: str) -> bool:
    return suffix in OF_ONE_LINE or not suffix.endswith(_OF_THE_LOG)


def views_of_ours() -> list[Path]:
    """The views of the logs that this account may only read, whether or not those are there."""
    return sorted(folder_of_ours().glob(f"*{VIEWS_SUFFIX}"))


def locks_of_views(views: Path) -> tuple[Path, Path]:
    """The lock of the process that keeps a views file, and that of a rebuild of it."""
    return views.with_name(f"{views.name}-lock"), views.with_name(f"{views.name}-rebuild-lock")


def place_of(text: str) -> Place:
    """The place that a text names: `Place.text`, or a path as a person writes it."""
    return Place(path_of(text))


def path_of(text: str) -> Path:
    """The path that a text names, as it was written; of a file: URL the path it stands for."""
    if not text.startswith(f"{SCHEME}:///"):
        return Path(text)
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(text).path)))


_NOT_BRANCHES: Final = (
    *("-wal", "-shm", "-journal", "-lock", "-dispatch-hand", VIEWS_SUFFIX),
    *(".json", ".jsonl", ".unfinished"),
)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a file name of bytes that are no UTF-8
        return False
    return True
