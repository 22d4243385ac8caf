"""The store that a verb makes when none is named: one beside the file that it reads."""

from pathlib import Path

from replay.words import said
from store.errors import StoreExists
from store.transfer.new_name import store_beside


def new_store_beside(source: Path) -> Path:
    """Its path. Raises StoreExists, with how to add to what is there."""
    store = store_beside(source)
    if store.exists():
        error = StoreExists(store)
        error.hint = said("To add to it, name it: --into {store}", store=store)
        raise error
    return store
