"""Comparing numbers exactly although SQLite has only 64-bit integers and doubles."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final, TypeAlias

from store.filter.tree import Comparison
from store.sqlite.filter_bounds import ALWAYS, NEVER, Sql

Number: TypeAlias = int | Decimal

LEAST_INTEGER: Final = -(2**63)
GREATEST_INTEGER: Final = 2**63 - 1
FAR_FROM_64_BITS: Final = 2**62  # an integer that became a double is beyond numbers up to this
# SQLite's double of a decimal text is nearer to it than this, seen from the value compared with.
NEAR: Final = Decimal("1e-9")
NEAR_ZERO: Final = Decimal("1e-300")
GREATEST_DOUBLE: Final = 1.7e308  # what is read as infinity is greater than this
EXPONENTS: Final = 400  # of ten; a number beyond is infinite, or nothing, as a double


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Doubles beside a number: one below `low` is of a smaller number, one above `high` of a
    greater one; in between SQLite cannot tell."""

    low: float
    high: float


def integer_condition(column: str, comparison: Comparison, value: Number) -> Sql:
    """What is true of a 64-bit integer exactly when the comparison is."""
    floor, ceiling = _rounded(value)
    match comparison:
        case "=":
            is_one = floor == ceiling and LEAST_INTEGER <= floor <= GREATEST_INTEGER
            return Sql(text=f"{column} = ?", values=(floor,)) if is_one else NEVER
        case "<" | "<=":
            return _at_most(column, ceiling - 1 if comparison == "<" else floor)
        case _:
            return _at_least(column, floor + 1 if comparison == ">" else ceiling)


def around(value: Number) -> Around:
    """The doubles beside a number of any size."""
    exact = Decimal(value)
    if exact and exact.adjusted() > EXPONENTS:
        far = float("inf")
        return (
            Around(low=GREATEST_DOUBLE, high=far)
            if exact > 0
            else Around(low=-far, high=-GREATEST_DOUBLE)
        )
    if exact.adjusted() < -EXPONENTS:
        exact = Decimal(0)
    margin = max(abs(exact) * NEAR, NEAR_ZERO)
    low, high = float(exact - margin), float(exact + margin)
    return Around(low=min(low, GREATEST_DOUBLE), high=max(high, -GREATEST_DOUBLE))


def _rounded(value: Number) -> tuple[int, int]:
    """Floor and ceiling, or some integers beyond 64 bits."""
    if isinstance(value, int):
        return value, value
    if value and value.adjusted() > 30:
        beyond = 2**70 if value > 0 else -(2**70)
        return beyond, beyond
    return int(value.to_integral_value(ROUND_FLOOR)), int(value.to_integral_value(ROUND_CEILING))


def _at_most(column: str, greatest: int) -> Sql:
    if greatest >= GREATEST_INTEGER:
        return ALWAYS
    return NEVER if greatest < LEAST_INTEGER else Sql(text=f"{column} <= ?", values=(greatest,))


def _at_least(column: str, least: int) -> Sql:
    if least <= LEAST_INTEGER:
        return ALWAYS
    return NEVER if least > GREATEST_INTEGER else Sql(text=f"{column} >= ?", values=(least,))
