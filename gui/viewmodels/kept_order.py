"""Lists that go by numbers which live events change: a row stays where it is while one looks."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


class KeptOrder:
    """Remembers in which order names were shown last.

    A list by count would change its order under the hand whenever events arrive. What was shown
    stays in its order, and what is new comes behind it, until `forget`.
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def forget(self) -> None:
        """Somebody has asked for the list anew: it stands in its own order again."""
        self._places.clear()

    def arranged(self, items: Iterable[T], name_of: Callable[[T], str]) -> list[T]:
        """The items, those that were shown before first; `items` are in the list's own order."""
        items, last = list(items), len(self._places)
        held = sorted(items, key=lambda it: self._places.get(name_of(it), last))
        self._places = {name_of(it): at for at, it in enumerate(held)}
        return held
