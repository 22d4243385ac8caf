"""The name of a new log for the events of a file: beside it, and one that is free."""

from pathlib import Path


def store_beside(source: Path) -> Path:
    """events.jsonl.gz → events.foldline, in the same folder."""
    name = source.name.removesuffix(".gz")
    return source.with_name(f"{Path(name).stem or 'events'}.foldline")


def free_store_beside(source: Path) -> Path:
    """The same; where a store has that name already, with the next free number."""
    first = at = store_beside(source)
    number = 1
    while at.exists():
        number += 1
        at = first.with_name(f"{first.stem}-{number}.foldline")
    return at
