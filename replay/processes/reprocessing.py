"""Which gateways were opened when a log was reprocessed: they are shut unless a person says so,
and what they said is kept beside the log. Source: Fowler, Event Sourcing, "Code Changes".
"""

import getpass
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from replay.beside_log import BesideLog
from replay.words import said
from store.errors import StoreError
from store.place import Place
from store.times import format_moment


class WrongReprocessing(StoreError):
    hint = said("Correct the file, or delete it. Only the record of past choices is lost.")


class Opened(Struct, frozen=True, kw_only=True, rename="camel"):
    """One choice: a gateway that was opened for a stretch of the log."""

    at: str
    by: str
    gateway: str
    after: int
    until: int | None
    messages: int  # new ones that went into the outbox


FILE: Final = BesideLog(
    "-reprocessed.json",
    list[Opened],
    empty=list[Opened],
    what=said("the record of reprocessing"),
    wrong=WrongReprocessing,
)


def note(
    place: Place, put: Mapping[str, int], *, after: int, until: int | None, now_us: int
) -> None:
    """Keep which gateways were opened, and how many messages each got; none: nothing is kept."""
    if put:
        at, by = format_moment(now_us), getpass.getuser()
        new = [
            Opened(at=at, by=by, gateway=it, after=after, until=until, messages=count)
            for it, count in put.items()
        ]
        FILE.change(place, lambda now: [*now, *new])
