"""A branch of a log, in a file of its own beside it. What reads one is loaded with the first."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from store.backend import BRANCH, Backend

if TYPE_CHECKING:
    from store.branches.reader import BranchReader
    from store.branches.store import BranchStore

SCHEME: Final = f"{BRANCH}:"


def _open_reader(address: str) -> "BranchReader":
    from store.branches.opening import open_branch

    return open_branch(_path(address))


def _open_store(address: str) -> "BranchStore":
    from store.branches.store import BranchStore

    return BranchStore(_path(address))


def _path(address: str) -> Path:
    return Path(address.removeprefix(SCHEME))


BACKEND: Final = Backend(scheme=BRANCH, open_reader=_open_reader, open_store=_open_store)
