"""What this account may do with the file of a log, and where it keeps what cannot lie beside it."""

import hashlib
import os
from pathlib import Path

from platformdirs import user_cache_path

from store.unfinished_names import count_of
from store.words import said


def why_only_read(path: Path) -> str:
    """Why a log may only be read, as a sentence without the path; empty where it may be written,
    and where there is no file.

    Whoever writes makes files beside it. A file with a second name (a hard link) is not written
    to: SQLite keeps what is not yet in the file by name, and two names would become two logs. Our
    own names for a moment do not count, also when a killed process has left them.
    """
    try:
        facts = os.stat(path)
    except OSError:
        return ""
    if not os.access(path, os.W_OK):
        return said("the file cannot be written")
    if not os.access(path.parent, os.W_OK):
        return said("the folder cannot be written")
    if facts.st_nlink > 1 and facts.st_nlink - count_of(facts, path.parent) > 1:
        return said("the file has a second name (a hard link)")
    return ""


def may_write(path: Path) -> bool:
    """Whether this account may write the file, and make files beside it."""
    return not why_only_read(path)


def has_rights(path: Path) -> bool:
    """The same but for a second name, which a file may have for a moment."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def folder_of_ours() -> Path:
    """The folder of this account's for the views of logs that it may only read."""
    return user_cache_path("foldline", appauthor=False) / "views"


def key_of(path: Path) -> str:
    """What tells the logs apart whose views lie in that folder: two copies of one log have one
    id, so it goes by their paths. The views themselves say which log they are of."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def make_folder_of_ours(path: Path) -> None:
    """Make the folder in which a file shall lie, if it is the one of this account's; no other is
    made. Nobody else may look into it: views hold what the events say. Raises OSError."""
    if path.parent == folder_of_ours():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
