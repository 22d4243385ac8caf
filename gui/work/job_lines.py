"""What a verb prints with --json --progress: how far it is, that it is held, and its report."""

from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from store import json_text


class ProgressFacts(Struct, frozen=True, kw_only=True):
    """How far a verb has come; None while nobody knows."""

    fraction: float | None = None
    events: int | None = None
    rate: float | None = None  # events a second
    seconds_left: float | None = None

    @property
    def text(self) -> str:
        """What stays where it is cut comes first."""
        parts = []
        if self.seconds_left is not None:
            parts.append(f"{self.seconds_left:.0f} s left")
        if self.events is not None:
            parts.append(f"{self.events:,} events")
        if self.rate:
            parts.append(f"{self.rate:,.0f}/s")
        return " · ".join(parts)


class Told(Struct, frozen=True, kw_only=True):
    """A line on the way: one of the two. A line that is neither is the report."""

    progress: ProgressFacts | None = None
    held: bool | None = None


def told_on_the_way(line: bytes) -> Told | None:
    """None for a report. Raises ValueError when the line is no JSON."""
    try:
        told = msgspec.json.decode(line, type=Told)
    except msgspec.ValidationError:  # a list, or an object with such a member of its own
        return None
    except msgspec.DecodeError:
        json_text.decode(line)  # raises, but for what only the slower decoder reads
        return None
    return told if told.progress is not None or told.held is not None else None


def report_from(line: bytes, kind: type[Any]) -> Any:
    """The report, every digit of its values kept. Raises ValueError when it is of another kind."""
    try:
        return msgspec.json.Decoder(kind, float_hook=Decimal).decode(line)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    except msgspec.DecodeError:  # lone surrogates
        return msgspec.convert(json_text.decode(line), kind, strict=False)
