"""A rule as it is asked of the states of a stream: what it reads, and whether it is broken."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, Final, TypeAlias

from replay.rules.columns import Answer, by_columns
from replay.rules.rule import Rule
from replay.states.condition_fold import asks_for_changes, compiled, values_at
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
KINDS: Final[dict[type[Any], Kind]] = {
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
    readers: tuple["PathReader", ...] = ()  # one for each path
    broken_by_columns: Answer | None = None  # after which of many states; single values alone

    def kinds_of(self, state: Any) -> Iterator[tuple[str, Kind]]:
        """What stands where it looks."""
        for path in self.paths:
            yield path_of(path), kind_at(state, path)


def watching_rule(rule: Rule) -> Watching:
    """Of a condition. Raises WrongFilter."""
    tree = parse_condition(rule.where)
    paths, is_of_changes = paths_of(tree), asks_for_changes(tree)
    readers, places = tuple(map(PathReader, paths)), {path: at for at, path in enumerate(paths)}
    return Watching(
        name=rule.name,
        paths=paths,
        breaks=compiled(tree),
        is_of_changes=is_of_changes,
        breaks_by_parts=None if is_of_changes else _by_parts(tree, places),
        look=_look(readers),
        is_of_many=len(paths) > 1,
        readers=readers,
        broken_by_columns=None if is_of_changes else by_columns(tree, places),
        value_of=_telling(paths),
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


def _by_parts(tree: Tree, places: Mapping[Field, int]) -> Callable[[Any], bool]:
    """The condition asked of what stands at its paths; what is not there is None."""

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
    return KINDS.get(type(found), "object")


def _part(state: Any, path: Field) -> Any:
    """What stands at the path; where nothing does, what the way there leads through."""
    found = part_of(state, path)
    if found is ABSENT and len(path) > 1:
        found = part_of(state, path[:1])
        if found is not ABSENT and type(found) in SINGLE:
            return ABSENT  # nothing stands below a single value
    return state if found is ABSENT and isinstance(state, list | tuple) else found


def _look(readers: tuple["PathReader", ...]) -> Callable[[Any], Any]:
    """At the one path, or at each of several."""
    if len(readers) == 1:
        return readers[0].read
    if len(readers) == 2:
        one, other = readers[0].read, readers[1].read
        return lambda state: (one(state), other(state))
    all_of_them = [it.read for it in readers]
    return lambda state: tuple([read(state) for read in all_of_them])


class PathReader:
    """`_part` at one path; of most states without a call. Any thread."""

    def __init__(self, path: Field) -> None:
        self._path = path
        self._known: dict[type[Any], Callable[[Any], Any]] = {}
        self.read = self._reading()  # of a state of any type

    def of(self, type_: type[Any] | None) -> Callable[[Any], Any]:
        """The fastest for states of one type; None: they have several."""
        found = None if type_ is None else self._of_type(type_)
        return found if isinstance(found, attrgetter) else self.read

    def _of_type(self, type_: type[Any]) -> Callable[[Any], Any]:
        if type_ not in self._known:
            self._known[type_] = _reader_of(type_, self._path)
        return self._known[type_]

    def _reading(self) -> Callable[[Any], Any]:
        key, rest = self._path[0], self._path[1:]
        below = rest[0] if len(rest) == 1 else None
        known, of_type = self._known, self._of_type

        def read(state: Any) -> Any:
            kind = type(state)
            if kind is dict and key in state:
                found = state[key]
                if not rest:
                    return found
                if below is not None and type(found) is dict and below in found:
                    return found[below]
            return (known.get(kind) or of_type(kind))(state)

        return read


def _reader_of(kind: type[Any], path: Field) -> Callable[[Any], Any]:
    """Of states of one type."""
    read = part_reader(kind, path)
    return read if isinstance(read, attrgetter) else partial(_part, path=path)


def _telling(paths: Sequence[Field]) -> Callable[[Any], str]:
    """What stands at the paths as a JSON object, of a list on the way there every item; without
    what is not there, and of long values the beginning of their text."""
    named = [(path_of(path), path) for path in paths]

    def value_of(state: Any) -> str:
        told: dict[str, Any] = {}
        for name, path in named:
            values = values_at(state, path)
            value = values[0] if len(values) == 1 else [*values]
            if value is not None:
                told[name] = value
        text = json_text.encode(told)
        if len(text) <= LONGEST_VALUE:
            return text
        return json_text.encode({name: _cut(it) for name, it in told.items()})

    return value_of


def _cut(value: Any) -> Any:
    text = value if isinstance(value, str) else json_text.encode(value)
    return value if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
