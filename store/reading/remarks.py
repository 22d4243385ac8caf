"""What a reader has to say beside the events: what is odd about one, and what it passes over.

Every kind is a count of the import's report (store/transfer/report.py), and the first of each
are named there. What is passed over in silence is lost.
"""

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Oddity: TypeAlias = Literal[
    "missing_times",
    "repeated_keys",
    "repeated_attributes",
    "odd_attributes",
    "long_lines",
    "ruled_out",
    "archived",
    "deleted",
]
Passed: TypeAlias = Literal["snapshots", "messages", "relations", "other_rows"]
Counted: TypeAlias = Literal[
    "gaps",
    "renumbered",
    "naive_times",
    "future_times",
    "early_times",
    "opaque",
    "own_links",
    "renamed",
    "converted",
    "masked",
    "unmapped",
    "late",
    "unordered",
    "idle_rules",
]
Kind: TypeAlias = Oddity | Passed | Counted

PASSED: Final[tuple[Passed, ...]] = ("snapshots", "messages", "relations", "other_rows")


class Remark(Struct, frozen=True, kw_only=True):
    """One thing that a report names."""

    kind: Kind
    text: str  # what, in a few words: "attribute 'why'"
    line: int = 0  # line, record or row in the file, from 1; 0 where there is none
    offset: int = -1  # of its first byte in the (decompressed) file; -1 where there is none
    file: str = ""  # of several that came in together


class Skipped(Struct, frozen=True, kw_only=True):
    """A record of the file that is no event, and stays out: counted, never silent."""

    kind: Passed
    text: str  # what, in a few words
    line: int = 0
    offset: int = -1
    count: int = 1  # of such rows, when they are told together
    file: str = ""  # of several that come in together
