"""A moment as a person writes it: a position, a time, or a version of one stream."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from replay.words import said
from store.errors import WrongMoment
from store.interface import EventReader
from store.times import parse_moment

Axis = Literal["position", "recorded", "occurred", "version"]

_POSITION: Final = re.compile(r"[0-9]{1,18}")
_VERSION: Final = re.compile(r"v([0-9]{1,18})", re.IGNORECASE)
_OCCURRED: Final = "occurred:"
_KNOWN: Final = ",known:"


@dataclass(frozen=True, slots=True)
class Moment:
    """A place on one axis. As-of means up to and including it."""

    axis: Axis
    value: int  # a position, a version, or microseconds since 1970 UTC
    known: "Moment | None" = None  # of an occurred time: what counts was recorded by then


def parse_moment_text(text: str) -> Moment:
    """Read `1842`, `v3`, `2026-03-14T09:41:09.921Z` or `occurred:2026-03-14`; and
    `occurred:2026-08-01,known:2026-10-01`, where `known` is a position or a recorded time.

    A time without an offset is UTC. Raises WrongMoment.
    """
    plain, is_as_known, known = text.strip().partition(_KNOWN)
    if is_as_known:
        return as_known(parse_moment_text(plain), known)
    if _POSITION.fullmatch(plain):
        return Moment("position", int(plain))
    if version := _VERSION.fullmatch(plain):
        return Moment("version", int(version[1]))
    axis: Axis = "recorded"
    if plain.startswith(_OCCURRED):
        axis, plain = "occurred", plain.removeprefix(_OCCURRED)
    try:
        return Moment(axis, parse_moment(plain).at_us)
    except (ValueError, OverflowError):
        raise WrongMoment(text, said("this is neither a position nor a time")) from None


def as_known(moment: Moment, known: str) -> Moment:
    """A moment on the occurred axis as it was known at a position or a recorded time, as typed.
    Raises WrongMoment for a moment on another axis, and for what was known at no such place."""
    if moment.axis != "occurred":
        raise WrongMoment(known, said("only an occurred time can say when it was known"))
    at = parse_moment_text(known)
    if at.axis not in ("position", "recorded"):
        raise WrongMoment(known, said("what was known is given by a position or a recorded time"))
    return replace(moment, known=at)


def known_position(log: EventReader, moment: Moment) -> int | None:
    """Up to which position a moment on the occurred axis was known; None: all that is recorded.
    Raises WrongMoment for a position beyond the head."""
    return None if moment.known is None else position_of(log, moment.known)


def position_of(log: EventReader, moment: Moment, *, stream: str = "") -> int:
    """The position up to which the log had come at a moment; 0 before the first event.

    A version needs the stream it counts in. An occurred time has no position of its own
    (events that came late lie elsewhere in the log): fold it with `state_as_occurred`.
    Raises WrongMoment for a position beyond the head, or a version the stream does not have.
    """
    if moment.axis == "recorded":
        return log.position_as_of(moment.value)
    if moment.axis == "version":
        return _position_of_version(log, stream, moment.value)
    if moment.axis == "occurred":
        raise WrongMoment(f"{_OCCURRED}…", said("an occurred time is not a position in the log"))
    head = log.head()
    if moment.value > head:
        raise WrongMoment(str(moment.value), said("the log ends at position {head}", head=head))
    return moment.value


def _position_of_version(log: EventReader, stream: str, version: int) -> int:
    newest = log.stream_version(stream)
    if version > newest:
        raise WrongMoment(
            f"v{version}",
            said("stream {stream} ends at version {newest}", stream=stream, newest=newest),
        )
    return 0 if version == 0 else (log.position_of(stream, version) or 0)
