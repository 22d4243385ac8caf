"""A number as a person reads it: thousands apart by a comma, a point before the decimals, a hyphen
for what is less than nothing; every digit as it is."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

LONGEST: Final = 120  # digits and signs; a longer number is nobody's to read
_NUMBER: Final = re.compile(r"[+-]?\d[\d,]*(\.\d+)?([eE][+-]?\d+)?")


def number_text(value: int | Decimal) -> str:
    """`1,214.53`, `-4,000`. A number with an exponent, or a very long one, stays as it is."""
    return grouped(str(value))


def plain_text(value: object) -> str:
    """Any value of a table's cell: numbers as all numbers, nothing for None, others as they are."""
    if value is None:
        return ""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return grouped(str(value)) if is_number else str(value)


def are_numbers(texts: Iterable[str]) -> bool:
    """Whether a column of these texts is one of numbers; empty cells say nothing."""
    said = [it for it in texts if it]
    return bool(said) and all(map(_NUMBER.fullmatch, said))


def grouped(text: str) -> str:
    """The same for a number that is a text already; what is no plain number stays as it is."""
    whole, point, part = text.removeprefix("-").partition(".")
    is_plain = _is_digits(whole) and (not point or _is_digits(part))
    if not is_plain or len(text) > LONGEST or (len(whole) > 1 and whole.startswith("0")):
        return text
    return f"{'-' if text.startswith('-') else ''}{int(whole):,}{point}{part}"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
