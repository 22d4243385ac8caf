"""Logs of OCEL 1.0: what its encodings have in common beyond those of OCEL 2.0.

Names may have `ocel:` in front. An object has its attributes from the beginning; what changes, and
qualifiers, are there only where pm4py wrote the file, which adds them.
"""

from collections.abc import Mapping
from typing import Final

BEGINNING: Final = "1970-01-01T00:00:00Z"  # OCEL 2.0 says so of what objects began with


def without_prefix(name: str) -> str:
    """A name without `ocel:`."""
    return name.removeprefix("ocel:")


def plain_members(members: Mapping[str, str]) -> dict[str, str]:
    """Members by their names without `ocel:`."""
    return {without_prefix(name): text for name, text in members.items()}
