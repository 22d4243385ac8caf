"""A filter as it is typed: whether it can be read, and where it cannot."""

from typing import Final

from store.errors import WrongFilter
from store.filter.parse import parse

EXAMPLE: Final = "data.total > 250 and actor = ada"
LANGUAGE: Final = (
    "Fields of the data, or type, stream, category, actor, command, correlation, id, position, "
    "version, recorded, occurred, metadata.…; compared by = != < <= > >= ~ (a pattern with *), "
    "contains, in (a, b), between a and b, is missing, is present; joined by and, or, not."
)


def wrong_place(text: str) -> tuple[int, str] | None:
    """The character that is wrong and what is wrong with it; None for a filter that can be read."""
    try:
        parse(text)
    except WrongFilter as error:
        return error.at, error.problem
    return None
