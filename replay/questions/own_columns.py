"""The columns that every view has beside those of its projection: by name, not in `SELECT *`.

A table of a view holds what the program keeps of a row. A question sees the columns of the
projection; one of the program's own is there for the question that names it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from replay.words import said

OWN_COLUMNS: Final = {  # of the table of a view → what it is
    "_position": said("position of the event that last wrote the row"),
    "_first_position": said("position of the event that first wrote it"),
    "_writes": said("how many times it was written"),
    "_is_cut": said("1 if the history currently omits its long values"),
    "_row": said("row number, by first appearance"),
}
HISTORY_COLUMNS: Final = {  # of NAME_history; without them it says nothing, so `*` has them
    "_position": said("position of the event that wrote this version"),
    "_is_deleted": said("1 if the event deleted the row"),
}

_NUMBERS: Final = re.compile(r"\b(rowid|oid|_rowid_)\b", re.IGNORECASE)  # SQLite's, of tables alone
_NAMED: Final = re.compile(rf"(?<!\w)({'|'.join(OWN_COLUMNS)})(?!\w)", re.IGNORECASE)
_TOKENS: Final = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|$)|\s+"
    r"|('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[[^\]]*\]|`[^`]*`|\w+|.)",
    re.DOTALL,
)
_CLAUSES: Final = frozenset({"where", "group", "having", "window", "order", "limit"})
_COMPOUNDS: Final = frozenset({"union", "intersect", "except"})
_PAST: Final = ("_history", "_writes", "_deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selected:
    """What a plain SELECT lists, and where it takes it from."""

    items: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]


def named_ones(statement: str) -> frozenset[str]:
    """Those of OWN_COLUMNS that a statement names."""
    return frozenset(it.lower() for it in _NAMED.findall(statement))


def names_row_numbers(statement: str) -> bool:
    """Whether it asks for SQLite's own number of a row, which no view has."""
    return _NUMBERS.search(statement) is not None


def from_stars(statement: str, columns: Sequence[str]) -> frozenset[int]:
    """Which columns of an answer are the program's own and came out of a `*`: those of a question
    that names one, in WHERE for example. None where tables within the question give them."""
    selected = _selected(list(_tokens(statement)))
    if selected is None:
        return frozenset()
    stars = [n for n, it in enumerate(selected.items) if it[-1:] == ("*",)]
    if not stars or any(_is_given(it) for it in selected.sources):
        return frozenset()
    behind = len(selected.items) - stars[-1] - 1
    between = selected.items[stars[0] : stars[-1]]
    asked = {_bare(it[-1]) for it in between if it}
    return frozenset(
        n
        for n, it in enumerate(columns)
        if stars[0] <= n < len(columns) - behind and it in OWN_COLUMNS and it not in asked
    )


def _is_given(source: str) -> bool:
    """Whether a word of FROM is a question of its own, or a table to which they belong."""
    return source.lower() == "select" or _bare(source).endswith(_PAST)


def _bare(token: str) -> str:
    return token.strip('"[]`').lower()


def _tokens(statement: str) -> Iterable[str]:
    return (it[1] for it in _TOKENS.finditer(statement) if it[1])


def _selected(tokens: list[str]) -> _Selected | None:
    """None for what is no plain SELECT: one behind WITH, or several of them put together."""
    if not tokens or tokens[0].lower() != "select":
        return None
    items: list[list[str]] = [[]]
    sources: list[str] = []
    clause, depth = "select", 0
    for token in tokens[1:]:
        depth += (token == "(") - (token == ")")
        word = token.lower() if not depth else ""
        if word in _COMPOUNDS:
            return None
        if word == "from" or word in _CLAUSES:
            clause = word
        elif clause == "from":
            sources.append(token)
        elif clause == "select" and word == ",":
            items.append([])
        elif clause == "select" and not (word in ("distinct", "all") and items == [[]]):
            items[-1].append(token)
    return _Selected(items=tuple(map(tuple, items)), sources=tuple(sources))
