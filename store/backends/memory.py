"""A log in memory: each one that is opened is new and empty, and ends with the process."""

from typing import Final

from store.backend import Backend
from store.memory import MemoryStore


def _open(_address: str) -> MemoryStore:
    return MemoryStore()


BACKEND: Final = Backend(scheme="memory", open_reader=_open, open_store=_open)
