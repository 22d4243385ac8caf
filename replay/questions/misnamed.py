"""What a question in SQL names that there is not, and the names that may have been meant."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from replay.questions.sql_tables import SqlTable, sql_tables
from replay.words import said
from store.filter.nearest import nearest

LISTED_BY: Final = said("List the tables and columns with: main.py sql STORE --tables")

NAMED: Final = 3  # tables that have a column of the name
_MISSING: Final = re.compile(r"no such (table|column|function): (?:.*\.)?(.+)", re.DOTALL)
_WORD: Final = re.compile(r"\w+")
_FUNCTIONS: Final = "SELECT DISTINCT name FROM pragma_function_list ORDER BY name"


def meant_instead(db: sqlite3.Connection, stated: str, statement: str) -> str:
    """The next step for what SQLite said of a statement: the nearest names, those of the tables
    that it asks first."""
    found = _MISSING.match(stated)
    close: list[str] = []
    if found is not None:
        with suppress(sqlite3.Error):
            close = _close(db, found[1], found[2], statement)
    meant = said("Did you mean {close}? ", close=" or ".join(close)) if close else ""
    return f"{meant}{LISTED_BY}"


def _close(db: sqlite3.Connection, what: str, name: str, statement: str) -> list[str]:
    if what == "function":
        return nearest(name, (str(it) for (it,) in db.execute(_FUNCTIONS)))
    tables = sql_tables(db)
    if what == "table":
        return nearest(name, (it.name for it in tables))
    words = {it.lower() for it in _WORD.findall(statement)}
    asked = [it for it in tables if it.name in words]
    return nearest(name, _columns(asked)) or _elsewhere(name, tables)


def _columns(tables: Iterable[SqlTable]) -> dict[str, None]:
    return dict.fromkeys(column.name for it in tables for column in it.columns)


def _elsewhere(name: str, tables: Iterable[SqlTable]) -> list[str]:
    """Where a column of this very name is."""
    having = [it.name for it in tables if name.lower() in _columns([it])]
    return [f"{table}.{name.lower()}" for table in having[:NAMED]]
