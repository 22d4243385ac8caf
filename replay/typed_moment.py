"""The option for what was known, of verbs that tell a moment on the occurred axis."""

import argparse

from replay.states.moment import Moment, as_known, parse_moment_text
from replay.words import said
from store.interface import EventReader


def add_known_argument(parser: argparse.ArgumentParser) -> None:
    """--known T2, beside a moment on the occurred axis."""
    parser.add_argument(
        "--known",
        metavar="POSITION|TIME",
        help=said("only events that were recorded by this moment"),
    )


def typed_moment(log: EventReader, text: str | None, known: str | None) -> Moment:
    """A moment as it was typed, and as it was known; without either: now. Raises WrongMoment."""
    moment = Moment("position", log.head()) if text is None else parse_moment_text(text)
    return moment if known is None else as_known(moment, known)
