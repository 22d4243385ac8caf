"""A rule as it is asked of the states of a stream: what it reads, and whether it is broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, Final, TypeAlias

from replay.rules.rule import Rule
from replay.states.condition_fold import asks_for_changes, compiled, told_values
from replay.states.long_list import LongList
from replay.states.state_part import ABSENT, part_of, part_reader
from store import json_text
from store.filter.claims import compared, joined
from store.filter.parse import parse_condition
from store.filter.tokens import path_of
from store.filter.tree import Claim, Field, Leaf, Tree, leaves

Kind: TypeAlias = str  # what stands where a rule looks: "number", "text", "list", "nothing", …

MISSING: Final = "nothing"
LIST: Final = "list"
LONGEST_VALUE: Final = 200  # characters of JSON
_KINDS: Final[dict[type[Any], Kind]] = {
    str: "text",
    bool: "truth",
    int: "number",
    Decimal: "number",
    float: "number",
    list: LIST,
    tuple: LIST,
    LongList: LIST,
    type(None): MISSING,
    type(ABSENT): MISSING,
}
SINGLE: Final = frozenset({str, bool, int, Decimal, type(None), type(ABSENT)})
TOLD_BY_TYPE: Final = frozenset({str, bool, int, Decimal, float, list, tuple, LongList})


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """One rule, of any number of streams. States are as a model holds them."""

    name: str
    paths: tuple[Field, ...]  # that it reads; none: the whole state
    breaks: Callable[[tuple[Any, Any]], bool]  # the states before and after an event
    is_of_changes: bool
    value_of: Callable[[Any], str]  # a JSON object: what stands in the fields that it names

    # What its answer depends on: what stands at its one path, at each of several, or the whole
    # state. While these are the same objects, so is the answer.
    look: Callable[[Any], Any] = lambda state: state
    is_of_many: bool = False  # whether it looks at several parts
    breaks_by_parts: Callable[[Any], bool] | None = None  # the same, where all are single values

    def kinds_of(self, state: Any) -> Iterator[tuple[str, Kind]]:
        """What stands where it looks."""
        for path in self.paths:
            yield path_of(path), kind_at(state, path)


def watching_rule(rule: Rule) -> Watching:
    """Of a condition. Raises WrongFilter."""
    tree = parse_condition(rule.where)
    return Watching(
        name=rule.name,
        paths=paths_of(tree),
        breaks=compiled(tree),
        is_of_changes=asks_for_changes(tree),
        breaks_by_parts=None if asks_for_changes(tree) else _by_parts(tree),
        look=_look(paths_of(tree)),
        is_of_many=len(paths_of(tree)) > 1,
        value_of=lambda state: json_text.encode(_short(told_values(state, tree))),
    )


def watching_invariant(name: str, holds: Callable[[Any], bool]) -> Watching:
    """Of what a model says must hold of each state."""
    return Watching(
        name=name,
        paths=(),
        breaks=lambda pair: not holds(pair[1]),
        is_of_changes=False,
        value_of=lambda _state: "{}",
    )


def _by_parts(tree: Tree) -> Callable[[Any], bool]:
    """The condition asked of what stands at its paths; what is not there is None."""
    places = {path: at for at, path in enumerate(paths_of(tree))}

    def leaf(it: Leaf) -> Callable[[Any], bool]:
        assert isinstance(it, Claim), "a change is asked of two states"
        at, holds = places[it.field[1:]], _of_part(it)
        return holds if len(places) == 1 else lambda parts: holds(parts[at])

    return joined(tree, leaf)


def _of_part(claim: Claim) -> Callable[[Any], bool]:
    """What a claim says, asked of what stands at its path."""
    holds = compared(claim)
    if claim.kind != "nothing":  # then nothing is met by what is not there
        return holds
    return lambda part: holds(None if part is ABSENT else part)


def paths_of(tree: Tree) -> tuple[Field, ...]:
    """The paths into a state that a condition names, each once."""
    return tuple(dict.fromkeys(it.field[1:] for it in leaves(tree)))


def kind_at(state: Any, path: Field) -> Kind:
    """What stands at a path; a list on the way there is a list."""
    for end in range(len(path) + 1):
        found = part_of(state, path[:end])
        if isinstance(found, list | tuple | set | frozenset | LongList):
            return LIST
    return _KINDS.get(type(found), "object")


def _part(state: Any, path: Field) -> Any:
    """What stands at the path; where nothing does, what the way there leads through."""
    found = part_of(state, path)
    if found is ABSENT and len(path) > 1:
        found = part_of(state, path[:1])
        if found is not ABSENT and type(found) in SINGLE:
            return ABSENT  # nothing stands below a single value
    return state if found is ABSENT and isinstance(state, list | tuple) else found


def _look(paths: tuple[Field, ...]) -> Callable[[Any], Any]:
    """At the one path, or at each of several."""
    readers = tuple(map(_reader, paths))
    if len(readers) == 1:
        return readers[0]
    if len(readers) == 2:
        one, other = readers
        return lambda state: (one(state), other(state))
    return lambda state: tuple([read(state) for read in readers])


def _reader(path: Field) -> Callable[[Any], Any]:
    """`_part` at one path; of most states without a call."""
    key, rest = path[0], path[1:]
    below = rest[0] if len(rest) == 1 else None
    known: dict[type[Any], Callable[[Any], Any]] = {}

    def read(state: Any) -> Any:
        kind = type(state)
        if kind is dict and key in state:
            found = state[key]
            if not rest:
                return found
            if below is not None and type(found) is dict and below in found:
                return found[below]
        found_by = known.get(kind)
        if found_by is None:
            found_by = known[kind] = _reader_of(kind, path)
        return found_by(state)

    return read


def _reader_of(kind: type[Any], path: Field) -> Callable[[Any], Any]:
    """Of states of one type."""
    read = part_reader(kind, path)
    return read if isinstance(read, attrgetter) else partial(_part, path=path)


def _short(values: dict[str, Any]) -> dict[str, Any]:
    """Long values as the beginning of their text."""
    return {name: _cut(it) for name, it in values.items()}


def _cut(value: Any) -> Any:
    text = value if isinstance(value, str) else json_text.encode(value)
    return value if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
