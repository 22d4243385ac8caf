"""JSON columns of views in questions: their numbers compare and sort as numbers.

The tables hold a JSON column as the text it came in, so that no digit is lost, and SQLite compares
text letter by letter: 948.00 behind 1050.00. For one question every table of a view is covered by a
temporary view of its name, without the program's own columns (`own_columns`), and with such columns
in one of two forms:

* as written: every digit is shown, and a collation of ours compares numbers by their exact value.
  true is 1 and false is 0 in comparisons, as everywhere in SQLite, and so in groups too: where that
  may have put values together, the answer says so.
* as numbers: SQLite's own numbers, for what a collation does not reach: a value that comes out of
  max(), coalesce(), CASE or a question within the question is text to SQLite, and any text is more
  than any number.
"""

import re
import sqlite3
from collections.abc import Container, Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from msgspec import json

from replay.projection import Column
from replay.questions.own_columns import OWN_COLUMNS, named_ones, names_row_numbers
from replay.views import checkpoints
from replay.words import said
from store import json_text
from store.sqlite.connect import temporary_objects

COLLATION: Final = "json_value"
NUMBER: Final = re.compile(r"-?([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|Inf)")  # of JSON, and of SQLite
RANKS_KEPT: Final = 20_000

TRUTHS: Final = said("in this answer, true counts as 1 and false as 0, also in GROUP BY")
APART: Final = said("; GROUP BY column COLLATE BINARY groups exact spellings only")

_TRUTHS: Final = {"true": Decimal(1), "false": Decimal(0)}
_COMPUTES: Final = re.compile(  # a plus sign takes the collation from what stands behind it
    r"\bselect\b.*\bselect\b|\bcase\b"
    r"|(?:^|[(,=<>]|\b(?:where|and|or|not|on|by|having|between|select)\b)\s*\+"
    r"|\b(max|min|coalesce|ifnull|nullif|i?if|likely|unlikely|likelihood"
    r"|first_value|last_value|nth_value|lag|lead)\b\W*\(",
    re.IGNORECASE | re.DOTALL,
)
# The greatest or least of a column that is shown and no more: the collation finds it.
_SHOWN: Final = re.compile(
    r'(\bselect\b|,)\s*(max|min)\s*\(\s*[\w."]+\s*\)\s*(?=,|\bas\b|\bfrom\b)', re.IGNORECASE
)
_USED_AGAIN: Final = re.compile(r"\b(having|order)\b", re.IGNORECASE)
# JSON's null is no value. The casts give a column the affinity of text, so that what it is compared
# with becomes text too, and the collation is asked.
_AS_WRITTEN: Final = """CAST(nullif("{0}", 'null') AS TEXT) COLLATE {1} AS "{0}\""""
_AS_NUMBER: Final = """CASE WHEN "{0}" = 'null' THEN NULL
WHEN "{0}" IN ('true', 'false') THEN json_truth("{0}")
WHEN "{0}" GLOB '[-0-9]*' THEN CAST("{0}" AS NUMERIC)
ELSE "{0}" END COLLATE {1} AS "{0}\""""


_GROUPS: Final = re.compile(
    r"\b(group\s+by|partition\s+by|distinct|union|intersect|except)\b", re.IGNORECASE
)


class Truths:
    """Whether a question has put true or false together with a number, in its groups."""

    def __init__(self, statement: str) -> None:
        self._has_groups = _GROUPS.search(statement) is not None
        self._computes = computes(statement)
        self._are_numbers = False

    @property
    def words(self) -> str:
        """A sentence to be told with the answer; empty where nothing can have been merged."""
        if not (self._has_groups and self._are_numbers):
            return ""
        return TRUTHS if self._computes else TRUTHS + APART

    def compare(self, left: str, right: str) -> int:
        """As `compare`; notes a truth that is held for a number."""
        order = compare(left, right)
        if not order and (left in _TRUTHS) != (right in _TRUTHS):
            self._are_numbers = True
        return order

    def number(self, truth: str) -> int:
        """1 for true, and 0 for false."""
        self._are_numbers = True
        return int(truth == "true")


def cover(db: sqlite3.Connection, statement: str) -> Truths:
    """Make the temporary views for one question, inside a transaction: its end takes them away."""
    truths, hidden = Truths(statement), OWN_COLUMNS.keys() - named_ones(statement)
    db.create_collation(COLLATION, truths.compare)
    db.create_function("json_truth", 1, truths.number, deterministic=True)
    form = _AS_NUMBER if computes(statement) else _AS_WRITTEN
    with temporary_objects(db):
        for table, values, is_now in _tables(db):
            if values or (is_now and not names_row_numbers(statement)):
                _cover_table(db, table, values, form, hidden if is_now else ())
    return truths


def _cover_table(
    db: sqlite3.Connection,
    table: str,
    values: Container[str],
    form: str,
    hidden: Container[str],
) -> None:
    found = (str(it[1]) for it in db.execute(f'PRAGMA main.table_xinfo("{table}")'))
    names = [it for it in found if it not in hidden]
    shown = (form.format(it, COLLATION) if it in values else f'"{it}"' for it in names)
    db.execute(f'CREATE TEMP VIEW "{table}" AS SELECT {", ".join(shown)} FROM main."{table}"')


def computes(statement: str) -> bool:
    """Whether it makes values that the collation does not reach; in doubt it does."""
    if not _USED_AGAIN.search(statement):
        statement = _SHOWN.sub(r"\1 shown ", statement)
    return _COMPUTES.search(statement) is not None


def compare(left: str, right: str) -> int:
    """Numbers by their value, before texts; true is 1 and false is 0, as everywhere in SQLite;
    a JSON text is what it says."""
    one, other = _rank(left), _rank(right)
    return (one > other) - (one < other)


def _tables(db: sqlite3.Connection) -> Iterator[tuple[str, frozenset[str], bool]]:
    """The tables of the views, their JSON columns, and whether these are the rows as they are."""
    found = {name for (name,) in db.execute("SELECT name FROM main.sqlite_schema")}
    for base, it in checkpoints.read_all(db).items():
        made_of = json.decode(it.columns_json, type=tuple[Column, ...])
        values = frozenset(column.name for column in made_of if column.kind == "json")
        for suffix in ("", "_writes", "_history") if made_of else ():
            if base + suffix in found:
                yield base + suffix, values, not suffix


@lru_cache(maxsize=RANKS_KEPT)
def _rank(text: str) -> tuple[bool, Decimal, str]:
    if text in _TRUTHS:
        return False, _TRUTHS[text], ""
    if NUMBER.fullmatch(text):
        try:
            return False, Decimal(text), ""
        except InvalidOperation:  # an exponent of some twenty digits
            return True, Decimal(0), text
    return True, Decimal(0), _said(text)


def _said(text: str) -> str:
    if not text.startswith('"'):
        return text
    try:
        return str(json_text.decode(text))
    except ValueError:  # no JSON, but what it is compared with
        return text
