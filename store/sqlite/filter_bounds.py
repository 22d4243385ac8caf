"""What SQL can say of a filter: a condition that lets enough through, and one that is certain.

A part of a filter that SQL decides exactly has one condition for both. What lies between the two
is decided by the evaluator (store.filter.evaluate), event by event.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from store.query import SqlValue

TOGETHER: Final = 50  # conditions in a row; SQLite counts each as a level of the expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Sql:
    """A condition over `events e` that is 0 or 1, never NULL, with the values of its marks."""

    text: str
    values: tuple[SqlValue, ...] = ()


NEVER: Final = Sql(text="0")
ALWAYS: Final = Sql(text="1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`maybe` holds for every event that meets the filter, `sure` for no other one. `coarse` holds
    for every event that meets it too, and costs less, so it is asked first: then `maybe` need not
    say again what it says. None: there is no such condition."""

    maybe: Sql
    sure: Sql
    coarse: Sql | None = None
    kind: Sql | None = None  # of a lone claim, where `first` holds: 2 surely, 1 perhaps, 0 not

    @property
    def first(self) -> Sql:
        """What is asked of every event; `maybe` only of those for which this holds."""
        return self.maybe if self.coarse is None else self.coarse

    @property
    def both(self) -> Sql:
        """What holds for the fewest events among which are all that meet the filter."""
        return self.maybe if self.coarse is None else all_of([self.coarse, self.maybe])

    @property
    def is_exact(self) -> bool:
        """Whether there is nothing between the two."""
        return self.maybe == self.sure and self.coarse is None


UNKNOWN: Final = Bounds(maybe=ALWAYS, sure=NEVER)


def exactly(text: str, *values: SqlValue) -> Bounds:
    """The bounds of what SQL decides."""
    condition = Sql(text=text, values=values)
    return Bounds(maybe=condition, sure=condition)


def every(parts: Sequence[Bounds]) -> Bounds:
    """All of them."""
    return _each(parts, all_of)


def some(parts: Sequence[Bounds]) -> Bounds:
    """One of them."""
    return _each(parts, any_of)


def inverse(part: Bounds) -> Bounds:
    """Not this: what was certain of the part is what cannot be, and the other way about."""
    return Bounds(maybe=none_of(part.sure), sure=none_of(part.both))


def all_of(parts: Sequence[Sql]) -> Sql:
    """Joined by AND."""
    return NEVER if NEVER in parts else _joined("AND", [it for it in parts if it != ALWAYS], ALWAYS)


def any_of(parts: Sequence[Sql]) -> Sql:
    """Joined by OR."""
    return ALWAYS if ALWAYS in parts else _joined("OR", [it for it in parts if it != NEVER], NEVER)


def none_of(part: Sql) -> Sql:
    """The opposite."""
    if part in (NEVER, ALWAYS):
        return ALWAYS if part == NEVER else NEVER
    return Sql(text=f"NOT {part.text}", values=part.values)


def _each(parts: Sequence[Bounds], join: Callable[[Sequence[Sql]], Sql]) -> Bounds:
    maybe, sure = join([it.maybe for it in parts]), join([it.sure for it in parts])
    first = join([it.first for it in parts])
    return Bounds(maybe=maybe, sure=sure, coarse=None if first == maybe else first)


def _joined(word: str, parts: Sequence[Sql], empty: Sql) -> Sql:
    """In brackets, halved while there are many, so that the expression stays flat."""
    if len(parts) < 2:
        return parts[0] if parts else empty
    if len(parts) > TOGETHER:
        half = len(parts) // 2
        parts = [_joined(word, parts[:half], empty), _joined(word, parts[half:], empty)]
    values = tuple(value for it in parts for value in it.values)
    return Sql(text=f"({f' {word} '.join(it.text for it in parts)})", values=values)
