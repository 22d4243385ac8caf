"""The rules of a log, kept as text beside it."""

from collections.abc import Iterable
from typing import Final

from replay.beside_log import BesideLog
from replay.rules.rule import Rule, UnknownRule, WrongRule, require_sound
from replay.words import said
from store.errors import WrongFilter
from store.place import Place

FILE: Final = BesideLog[tuple[Rule, ...]](
    "-rules.json",
    tuple[Rule, ...],
    empty=tuple,
    what=said("the rules file"),
    wrong=WrongRule,
)


def load(place: Place) -> tuple[Rule, ...]:
    """All of them, by name; none without a file. Raises WrongRule for a file that cannot be used:
    nothing in it is lost."""
    found = FILE.load(place)
    try:
        for it in found:
            require_sound(it)
        if len({it.name for it in found}) < len(found):
            raise WrongRule(said("two rules have the same name"))
    except (WrongRule, WrongFilter) as error:
        path = FILE.path(place)
        raise WrongRule(
            said("the rules file cannot be used ({error}): {path}", error=error, path=path)
        ) from error
    return tuple(sorted(found, key=lambda it: it.name))


def save(place: Place, rule: Rule, *, taken: Iterable[str] = ()) -> None:
    """Add a rule, or take it in place of the one of its name. `taken` are the names of
    invariants. Raises WrongRule, WrongFilter."""
    require_sound(rule, taken=frozenset(taken))
    load(place)
    FILE.change(place, lambda now: (*(it for it in now if it.name != rule.name), rule))


def remove(place: Place, name: str) -> None:
    """Let a rule go. Raises UnknownRule."""
    found = load(place)
    if name not in {it.name for it in found}:
        raise UnknownRule(name)
    FILE.change(place, lambda now: tuple(it for it in now if it.name != name))
