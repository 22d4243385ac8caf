"""Append what a correction proposes, in one transaction: all of it, or nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from msgspec import Struct

from replay.correcting.asked import Asked
from replay.correcting.errors import CannotCorrect, NotAllReached
from replay.correcting.proposal import By, Proposal, proposed
from replay.correcting.told import Newest
from replay.states.diff import path_text
from replay.states.stream_states import StreamStates
from replay.words import said
from store.errors import VersionConflict
from store.events import ANY_VERSION
from store.interface import CommandStore, EventWriter
from store.remote.origin import origin_of

TRIES: Final = 20  # while others append to the same streams
TOLD: Final = 5  # fields that an error names


class Committed(Struct, frozen=True, kw_only=True):
    """`positions`: of the events that were appended; none in a preview, and none when the same
    correction had been made before. `has_moved`: others appended to a stream after it was seen, so
    nothing was."""

    proposal: Proposal
    positions: tuple[int, ...] = ()
    has_moved: bool = False


class _Moved(Exception):
    """Somebody appended to a stream after its state was computed."""


def commit(
    store: CommandStore,
    states: Callable[[], StreamStates],
    asked: Asked,
    by: By,
    *,
    partly: bool,
    seen: tuple[Newest, ...] | None = None,
) -> Committed:
    """Correct an event of a store that is no mirror of a server. `partly`: even where some fields
    stay as they should not be. `seen`: only if the streams end where somebody saw them end. Raises
    CannotCorrect, NotAllReached, and what reading and appending raise; then nothing is appended.
    """
    _require_own(store)
    for _ in range(TRIES):
        found = proposed(store, states(), asked, by)
        if found.found.already is not None:
            return Committed(proposal=found)
        if seen is not None and found.newest != seen:
            return Committed(proposal=found, has_moved=True)
        if not (found.is_complete or partly):
            raise _not_all(found)
        try:
            positions = store.write(partial(_append, proposal=found))
        except (_Moved, VersionConflict):
            continue
        return Committed(proposal=found, positions=positions)
    raise CannotCorrect(
        said("others keep appending to the streams of this event"), said("Try again later.")
    )


def _require_own(store: CommandStore) -> None:
    """In a mirror the new events would stand where the next ones of the server belong."""
    if (origin := origin_of(store.place.path)) is not None:
        raise CannotCorrect(
            said("this store mirrors a server: {url}", url=origin.address),
            said("Correct the event at the server; the correction comes back with the mirror."),
        )


def _append(writer: EventWriter, proposal: Proposal) -> tuple[int, ...]:
    positions: list[int] = []
    if any(writer.newest(it.stream) != it.newest for it in proposal.sides):
        raise _Moved
    for it in proposal.sides:
        last = writer.append_inside(it.stream, it.events, expected=ANY_VERSION).position
        positions += range(last - len(it.events) + 1, last + 1)
    return tuple(positions)


def _not_all(proposal: Proposal) -> NotAllReached:
    fields = [f"{side.stream} {path_text(it.path)}" for side in proposal.sides for it in side.left]
    return NotAllReached(
        said(
            "new events alone do not make these fields what they should be: {fields}",
            fields=_some(fields),
        ),
        said("Nothing was appended. --preview shows what would be left; --partly accepts that."),
    )


def _some(names: Sequence[str]) -> str:
    told = ", ".join(names[:TOLD])
    return f"{told}, …" if len(names) > TOLD else told
