"""What rules are made of: a fact, a refusal, and the three functions of a kind of thing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that has happened and is not recorded yet."""

    type: str
    data: Mapping[str, Any]


class Refused(Exception):
    """A rule forbids the command; nothing has happened."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules(Generic[S]):
    """`decide` gives facts or raises Refused, `evolve` applies one fact; both are pure."""

    initial: Callable[[], S]
    evolve: Callable[[S, Fact], S]
    decide: Callable[[S, Any], tuple[Fact, ...]]


def folded(rules: Rules[S], facts: Iterable[Fact], start: S | None = None) -> S:
    """The state after all the facts."""
    state = rules.initial() if start is None else start
    for fact in facts:
        state = rules.evolve(state, fact)
    return state
