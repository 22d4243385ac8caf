"""A rule as it is asked of the states of a stream: what it reads, and whether it is broken."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from replay.rules.rule import Rule
from replay.states.condition_fold import asks_for_changes, compiled, told_values
from replay.states.state_part import ABSENT, part_of
from store import json_text
from store.filter.parse import parse_condition
from store.filter.tokens import path_of
from store.filter.tree import Field, Tree, leaves

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
    type(None): MISSING,
    type(ABSENT): MISSING,
}
TOLD_BY_TYPE: Final = frozenset({str, bool, int, Decimal, float, list, tuple})


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """One rule, of any number of streams. States are as a model holds them."""

    name: str
    paths: tuple[Field, ...]  # that it reads; none: the whole state
    breaks: Callable[[tuple[Any, Any]], bool]  # the states before and after an event
    is_of_changes: bool
    value_of: Callable[[Any], str]  # a JSON object: what stands in the fields that it names

    def parts_of(self, state: Any) -> Sequence[Any]:
        """What its answer depends on: while these are the same objects, so is the answer."""
        return [_part(state, it) for it in self.paths] if self.paths else (state,)

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


def paths_of(tree: Tree) -> tuple[Field, ...]:
    """The paths into a state that a condition names, each once."""
    return tuple(dict.fromkeys(it.field[1:] for it in leaves(tree)))


def kind_at(state: Any, path: Field) -> Kind:
    """What stands at a path; a list on the way there is a list."""
    for end in range(len(path) + 1):
        found = part_of(state, path[:end])
        if isinstance(found, list | tuple | set | frozenset):
            return LIST
    return _KINDS.get(type(found), "object")


def _part(state: Any, path: Field) -> Any:
    """What stands at the path; where nothing does, what the way there leads through."""
    found = part_of(state, path)
    if found is ABSENT and len(path) > 1:
        found = part_of(state, path[:1])
    return state if found is ABSENT and isinstance(state, list | tuple) else found


def _short(values: dict[str, Any]) -> dict[str, Any]:
    """Long values as the beginning of their text."""
    return {name: _cut(it) for name, it in values.items()}


def _cut(value: Any) -> Any:
    text = value if isinstance(value, str) else json_text.encode(value)
    return value if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
