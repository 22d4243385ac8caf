"""A filter as it is typed: whether it can be read, and where it cannot."""

from store.errors import WrongFilter
from store.filter.parse import parse


def wrong_place(text: str) -> tuple[int, str] | None:
    """The character that is wrong and what is wrong with it; None for a filter that can be read."""
    try:
        parse(text)
    except WrongFilter as error:
        return error.at, error.problem
    return None
