"""What a backend is: one way to keep a log, and the addresses by which its logs are opened."""

import importlib
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import store.backends
from store.interface import EventReader, EventStore
from store.place import is_branch

FILE: Final = "file"  # the scheme of an address that names none: a path
BRANCH: Final = "branch"  # that of a path which is a branch's


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """Defined as BACKEND by a module of store/backends/.

    An address is what a person types: `SCHEME:REST`, or for the schemes "file" and
    "branch" a plain path.
    """

    scheme: str  # lower case letters; of two or more, so that no drive letter is taken for one
    open_reader: Callable[[str], EventReader]  # raises StoreError when it cannot be opened
    open_store: Callable[[str], EventStore]  # the same to write to; an empty one where none is


@cache
def backends() -> dict[str, Backend]:
    """Every backend in the folder, by its scheme."""
    modules = pkgutil.iter_modules(store.backends.__path__, f"{store.backends.__name__}.")
    found: list[Backend] = [importlib.import_module(it.name).BACKEND for it in modules]
    return {it.scheme: it for it in found}


def backend_of(address: str) -> Backend:
    """The backend that opens an address. What exists as a file is a file, whatever its name."""
    known = backends()
    scheme, colon, _ = address.partition(":")
    is_path = not colon or os.path.lexists(address)
    if is_path or scheme not in known:
        return known[BRANCH if is_branch(Path(address)) else FILE]
    return known[scheme]
