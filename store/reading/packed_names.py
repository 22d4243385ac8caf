"""Endings of the names of packed files."""

from typing import Final

ENDINGS: Final = (".gz", ".zst", ".zip")


def without_packing(name: str) -> str:
    """events.jsonl.gz → events.jsonl; a name that is nothing but such an ending stays."""
    for ending in ENDINGS:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name
