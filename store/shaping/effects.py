"""What rules did to an event, for the report of an import."""

from typing import Literal, TypeAlias

from msgspec import Struct

Doing: TypeAlias = Literal["renamed", "converted", "masked", "unmapped", "ruled_out"]


class Effect(Struct, frozen=True):
    """What one rule did to one event; a count of 0: it had nothing to change."""

    rule: str  # such as mask.data.email
    kind: Doing
    text: str  # what it does, for people
    count: int
    has_met: bool = True  # whether what the rule speaks of was there
