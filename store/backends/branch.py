"""A branch of a log, in a file of its own beside it."""

from pathlib import Path
from typing import Final

from store.backend import BRANCH, Backend
from store.branches.opening import open_branch
from store.branches.reader import BranchReader
from store.branches.store import BranchStore

SCHEME: Final = f"{BRANCH}:"


def _open_reader(address: str) -> BranchReader:
    return open_branch(_path(address))


def _open_store(address: str) -> BranchStore:
    return BranchStore(_path(address))


def _path(address: str) -> Path:
    return Path(address.removeprefix(SCHEME))


BACKEND: Final = Backend(scheme=BRANCH, open_reader=_open_reader, open_store=_open_store)
