"""A workspace as a file: where one is in a store, what was saved of it, and the bookmarks."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from store.errors import StoreError
from store.whole_file import write_whole

FORMAT: Final = "foldline workspace"
VERSION: Final = 1
LARGEST: Final = 16_000_000  # bytes


class WrongWorkspace(StoreError):
    hint = said("Choose a file that File ▸ Export workspace… wrote.")


class WorkspaceFile(QObject):
    """Read and written on a reader thread. `written(path)`, `failed(error)`."""

    written = Signal(str)
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks

    def export(self, place: dict[str, Any], bookmarks: list[dict[str, Any]], path: Path) -> None:
        """The file appears whole; one that is there is replaced."""
        content = {"format": FORMAT, "version": VERSION, "place": place, "bookmarks": bookmarks}
        work = partial(_write, path=path, content=content)
        done = self.written.emit
        self._tasks.latest("workspace file", work, done=done, failed=self.failed.emit)

    def read(self, path: Path, done: Callable[[dict[str, Any]], None]) -> None:
        """What a file holds: its `place` and `bookmarks`."""
        work = partial(_read, path=path)
        self._tasks.latest("workspace file", work, done=done, failed=self.failed.emit)


def _write(_reads: Reads, *, path: Path, content: dict[str, Any]) -> str:
    write_whole(path, json.dumps(content, indent=1).encode(), overwrite=True)
    return str(path)


def _read(_reads: Reads, *, path: Path) -> dict[str, Any]:
    if path.stat().st_size > LARGEST:
        raise WrongWorkspace(said("the file is too large for a workspace: {path}", path=path))
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise WrongWorkspace(
            said("the file is not a workspace ({error}): {path}", error=error, path=path)
        ) from error
    is_one = isinstance(found, dict) and found.get("format") == FORMAT
    if not is_one or not isinstance(found.get("place"), dict):
        raise WrongWorkspace(said("the file is not a workspace: {path}", path=path))
    if found.get("version") != VERSION:
        raise WrongWorkspace(
            said("the workspace was written by another version of Foldline: {path}", path=path)
        )
    return dict(found)
