"""Of which moment a state on the occurred axis speaks, and what was known then: in words."""

from dataclasses import dataclass
from typing import Any

from replay.states.moment import Moment, known_position
from replay.words import said
from store.interface import EventReader
from store.times import format_moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What had occurred by a time, as it was known at a position. Empty on another axis."""

    occurred_by: str = ""  # UTC, ISO 8601
    known_at: int | None = None  # a position; None: all that is recorded
    recorded_by: str = ""  # the latest time that anything was recorded at up to there

    @property
    def rows(self) -> list[tuple[str, str]]:
        """As names and values for people; none where only one time was asked for."""
        if self.known_at is None:
            return []
        return [
            (said("occurred by"), self.occurred_by),
            (said("known at"), known_words(self.known_at, self.recorded_by)),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON values; none where only one time was asked for."""
        if self.known_at is None:
            return {}
        known = {"position": self.known_at, "recorded_by": self.recorded_by or None}
        return {"occurred_by": self.occurred_by, "known": known}


def knowledge(log: EventReader, moment: Moment) -> Knowledge:
    """Of a moment. Raises WrongMoment for a position beyond the head."""
    if moment.axis != "occurred":
        return Knowledge()
    known = known_position(log, moment)
    recorded_us = log.running_max_us(known) if known else None
    return Knowledge(
        occurred_by=format_moment(moment.value),
        known_at=known,
        recorded_by="" if recorded_us is None else format_moment(recorded_us),
    )


def known_words(position: int, recorded_by: str) -> str:
    """`position 8, recorded by 2026-10-01T00:00:00Z`."""
    if not position:
        return said("nothing was recorded yet")
    return said("position {position:,}, recorded by {time}", position=position, time=recorded_by)
