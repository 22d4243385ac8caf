"""What a verb with --progress and whoever started it say to each other.

The verb prints a line of JSON each: JobProgress, JobFound and JobHeld are marked by a member `job`,
whatever else is JSON is its report. It is told Words, one a line.
"""

from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from replay.words import counted, said
from store import json_text

Word: TypeAlias = Literal["pause", "resume", "cancel"]


class JobProgress(Struct, frozen=True, kw_only=True, tag_field="job", tag="progress"):
    """How far a job has come."""

    fraction: float | None  # 0 to 1; None while nobody knows
    events: int | None = None  # that were gone through
    rate: float | None = None  # of events, a second
    seconds_left: float | None = None
    note: str | UnsetType = UNSET  # of work without an end: how far it is behind
    store: str | UnsetType = UNSET  # that is written to, where the verb chose it
    dropped: int | UnsetType = UNSET  # events or rows that came again and changed nothing

    @property
    def text(self) -> str:
        """`12 s left · 120,000 events · 31,000/s`: where it is cut, that stays."""
        parts = [self.note] if self.note else []
        if self.seconds_left is not None:
            parts.append(said("{seconds_left:.0f} s left", seconds_left=self.seconds_left))
        if self.events is not None:
            parts.append(counted("{count:,} event", "{count:,} events", self.events))
        if self.rate:
            parts.append(f"{self.rate:,.0f}/s")
        return " · ".join(parts)


class JobHeld(Struct, frozen=True, tag_field="job", tag="held"):
    """The verb has heard that it is to stand still, or to go on."""

    is_held: bool


class JobFound(Struct, frozen=True, tag_field="job", tag="found"):
    """One of the things that a verb lists, as soon as it is found; a JSON value."""

    it: Raw


Message: TypeAlias = JobProgress | JobHeld | JobFound

_decoder: Final[msgspec.json.Decoder[Message]] = msgspec.json.Decoder(Message)


def line_of(message: Message) -> str:
    """One line, ended."""
    return msgspec.json.encode(message).decode() + "\n"


def told_on_the_way(line: bytes) -> Message | None:
    """What a line says of work under way; None when it is something else, such as the report."""
    try:
        return _decoder.decode(line)
    except msgspec.MsgspecError:
        return None


def report_from(line: bytes, kind: type[Any]) -> Any:
    """The report, every digit of its values kept. Raises ValueError when it is of another kind,
    or no JSON at all."""
    try:
        return msgspec.json.Decoder(kind, float_hook=Decimal).decode(line)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    except json_text.REFUSALS:  # lone surrogates, numbers that no Decimal holds
        return msgspec.convert(json_text.decode(line), kind, strict=False)
