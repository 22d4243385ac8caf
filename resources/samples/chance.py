"""Chance that comes out the same in every run, on every machine and Python."""

from collections.abc import Sequence
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")

# Without letters and digits that people mistake for one another.
CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Chance:
    """Only `Random.random` is drawn from, the one method whose numbers are promised to stay."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def share(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self._random.random()

    def happens(self, probability: float) -> bool:
        """True this often."""
        return self.share() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included, each as likely."""
        return low + int(self.share() * (high - low + 1))

    def skewed(self, low: int, high: int) -> int:
        """A whole number, mostly near the low end, as waiting times are."""
        share = self.share()
        return low + int(share * share * share * (high - low))

    def pick(self, choices: Sequence[T]) -> T:
        """One of them, each as likely."""
        return choices[self.whole(0, len(choices) - 1)]

    def weighted(self, choices: Sequence[tuple[T, float]]) -> T:
        """One of them, as likely as its weight says."""
        left = self.share() * sum(weight for _, weight in choices)
        for choice, weight in choices:
            left -= weight
            if left < 0:
                return choice
        return choices[-1][0]

    def code(self, length: int) -> str:
        """Letters and digits to type from paper."""
        return "".join(self.pick(CODE_LETTERS) for _ in range(length))
