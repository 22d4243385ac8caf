"""Fields of a condition that no state of a stream has ever had: a wrong name is never met, and that
is not the same as there being nothing to find."""

from collections.abc import Iterator
from typing import Any, Final

from replay.errors import UnknownField
from replay.states.stream_states import StreamStates
from replay.words import said
from store.filter.nearest import nearest
from store.filter.tokens import path_of
from store.filter.tree import Field, Tree, leaves
from store.interface import EventReader

SHOWN: Final = 12  # known names
DEEPEST: Final = 4  # keys of a path that is named
MOST_PATHS: Final = 1_000  # of a state, the upper ones first


def unknown_state_field(
    log: EventReader, states: StreamStates, stream: str, tree: Tree
) -> UnknownField | None:
    """The first one, with the names in the state as it is now that are like it. Folds the stream
    once a field: ask when nothing was found. Raises what folding raises."""
    for leaf in leaves(tree):
        if not _was_ever(log, states, stream, leaf.field):
            known = list(state_paths(states.at(log, stream, log.head()).state))
            name = path_of(leaf.field[1:])
            more = ", …" if len(known) > SHOWN else ""
            listed = ", ".join(known[:SHOWN]) + more or "none"
            return UnknownField(
                name,
                close=nearest(name, known),
                known=listed,
                at=leaf.at,
                whose=said("state of {stream}", stream=stream),
            )
    return None


def state_paths(state: Any) -> Iterator[str]:
    """The paths of the fields of a state, as a condition names them, the upper ones first; through
    the items of lists too."""
    level: list[tuple[tuple[str, ...], Any]] = [((), state)]
    seen = dict[str, None]()
    while level and len(level[0][0]) < DEEPEST:
        below = []
        for path, value in level:
            for key, part in _fields(value):
                below.append(((*path, key), part))
        for path, _ in below:
            if len(seen) < MOST_PATHS and path_of(path) not in seen:
                seen[path_of(path)] = None
                yield path_of(path)
        level = below[:MOST_PATHS]


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((str(key), part) for key, part in value.items())
    elif isinstance(value, list | tuple):
        for it in value:
            yield from _fields(it)


def _was_ever(log: EventReader, states: StreamStates, stream: str, field: Field) -> bool:
    text = f"{path_of(field[1:])} is present"
    return bool(states.moments(log, stream, text, which="first").moments)
