"""What a teaching gives for a real stream, before it is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from replay.states.long_list import plain
from replay.states.merge_patch import copy
from replay.taught.fold import TaughtFailed, taught_model
from replay.taught.kept_taught import require_usable
from replay.taught.steps import Taught, Types
from replay.words import said
from store.filter.nearest import nearest
from store.interface import EventReader

MOST: Final = 100_000  # events of the stream that are folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The state as of a position. With a problem it is the one before the event that failed."""

    stream: str
    state: Any
    previous: Any  # the state before the last event that was folded
    events: int  # folded
    position: int  # of the last event folded, or of the one that failed; 0 before the first
    last_type: str  # of that event; empty before the first
    problem: str  # why there is no state from `position` on; empty where there is one
    untaught: Mapping[str, int]  # type → events of it that were passed over, as it is not taught
    is_whole: bool  # whether all events up to the position that was asked for were looked at


def preview(
    log: EventReader,
    category: str,
    types: Types,
    stream: str,
    *,
    position: int | None = None,
    most: int = MOST,
) -> Preview:
    """The state of a stream as of a position, or now, as these steps give it. Raises
    WrongTeaching for steps that cannot be used."""
    taught = Taught(category=category, version=1, types=types)
    require_usable(taught)
    model = taught_model(taught)
    state, previous = model.initial(), model.initial()
    events, at, type_, problem = 0, 0, "", ""
    untaught, is_whole = Counter[str](), True
    for number, event in enumerate(islice(log.stream_payloads(stream, until=position), most + 1)):
        if number == most:
            is_whole = False
            break
        at, type_ = event.position, event.type
        if event.type not in types:
            untaught[event.type] += 1
        try:
            previous, state = state, model.evolve(state, event)
        except TaughtFailed as error:
            problem = str(error)
            break
        events += 1
    return Preview(
        stream=stream,
        state=copy(plain(state)),
        previous=copy(plain(previous)),
        events=events,
        position=at,
        last_type=type_,
        problem=problem,
        untaught=untaught,
        is_whole=is_whole,
    )


def unknown_types(
    types: Types, known: Mapping[str, Any], *, is_part: bool = False
) -> tuple[str, ...]:
    """A sentence for each type that was taught and that no event of the category has; `is_part`:
    not every event was looked at."""
    events = said("no sampled event") if is_part else said("no event")
    return tuple(
        said(
            "{events} of the category is of type {type}{nearest}",
            events=events,
            type=it,
            nearest=_meant(it, known),
        )
        for it in types
        if it not in known
    )


def _meant(name: str, known: Mapping[str, Any]) -> str:
    found = nearest(name, known)
    return said("; did you mean {found}?", found=" or ".join(found)) if found else ""
