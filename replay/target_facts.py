"""What is in a store before something is imported into it, for whoever is about to decide."""

from pathlib import Path
from typing import Any

from store.opening import reading


def target_facts(store: Path) -> dict[str, Any]:
    """Its path, whether it is there, and how many events it has. Raises what `reading` raises."""
    is_there = store.exists()
    return {"store": str(store), "is_there": is_there, "events": _head(store) if is_there else 0}


def _head(store: Path) -> int:
    with reading(store) as reader:
        return reader.head()
