"""A filter as it is typed: whether it is one, whether it can be read, and where it cannot."""

from typing import Final

from gui.words import said
from store.errors import WrongFilter
from store.filter.parse import parse
from store.filter.typed import typed

EXAMPLE: Final = "data.total > 250 and actor = ada"
LANGUAGE: Final = said(
    "Fields: those of the data, type, stream, category, actor, command, "
    "correlation, id, position, version, recorded, occurred, anything, "
    "metadata.NAME.\nComparisons: = != < <= > >= ~ (a pattern with *), contains, "
    "in (a, b), between a and b, is missing, is present.\nCombine them with "
    "and, or, not."
)
WORDS: Final = "text"
FILTER: Final = "filter"


def wrong_place(text: str) -> tuple[int, str] | None:
    """The character that is wrong and what is wrong with it; None for a filter that can be read."""
    try:
        parse(text)
    except WrongFilter as error:
        return error.at, error.problem
    return None


def wrong_typed(text: str) -> tuple[int, str] | None:
    """The same in a box that takes plain words too."""
    found = typed(text)
    return (found.at, found.problem) if found.problem else None


def kind_of_typed(text: str) -> str:
    """What a box takes a text for; nothing for an empty one."""
    found = typed(text)
    return FILTER if found.is_filter else WORDS if found.words else ""


def kind_of_filter(text: str) -> str:
    """The same of a box that takes filters alone."""
    return FILTER if text.strip() else ""
