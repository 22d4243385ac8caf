"""A correction as a message to who asked another process for it."""

from typing import Any

from msgspec import Struct

from replay.correcting.kinds import Kind


class Newest(Struct, frozen=True, kw_only=True):
    """The position of the last event of a stream, as somebody saw it."""

    stream: str
    position: int


class SideTold(Struct, frozen=True, kw_only=True):
    """One stream; see replay.correcting.proposal.Side. `events`: type and data of each."""

    stream: str
    model: str
    newest: int
    now: Any
    should_be: Any
    after: Any
    events: tuple[tuple[str, Any], ...]
    why_left: str


class CorrectionTold(Struct, frozen=True, kw_only=True):
    """`before`: the position that a late event belongs before. `made_before`: of the same
    correction, if it had been made. `appended`: none in a preview. `has_moved`: others appended
    to a stream after it was seen, so nothing was appended."""

    position: int
    type: str
    kind: Kind
    before: int | None
    sides: tuple[SideTold, ...]
    is_complete: bool
    meaning: str
    made_before: tuple[int, ...]
    appended: tuple[int, ...]
    has_moved: bool

    @property
    def newest(self) -> tuple[Newest, ...]:
        """What was seen of each stream."""
        return tuple(Newest(stream=it.stream, position=it.newest) for it in self.sides)
