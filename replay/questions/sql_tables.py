"""The tables that a question in SQL can name, with their columns and a word on what each is."""

import inspect
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from msgspec import json

from replay.catalog.all_views import bundled_views
from replay.projection import Column
from replay.questions.own_columns import HISTORY_COLUMNS, OWN_COLUMNS
from replay.questions.sample_questions import (
    EVENTS_SAMPLE,
    SEARCH_SAMPLE,
    sample_of,
    shipped_questions,
)
from replay.views import checkpoints
from replay.views.checkpoints import Checkpoint
from replay.views.search_view import SEARCH
from replay.words import said

HISTORY: Final = "_history"
EVENTS: Final = "event_log"  # of the log, beside the views
_EVENT_WORDS: Final = {
    "position": said("position in the log, from 1"),
    "stream": said("the stream of the event"),
    "version": said("version in the stream, from 1"),
    "type": said("the event type"),
    "id": said("id of the event"),
    "recorded_at": said("when it was stored, as text"),
    "occurred_at": said("when it happened, as text"),
    "data": said("the payload: json_extract(data, '$.field')"),
    "metadata": said("who, by which command: json_extract(metadata, '$.user')"),
    "source": said("what the source recorded about it"),
    "recorded_at_us": said("µs since 1970, UTC"),
    "recorded_offset_min": said("minutes from UTC"),
    "occurred_at_us": said("µs since 1970, UTC"),
    "occurred_offset_min": said("minutes from UTC"),
}
_TYPES: Final = {
    "text": said("text"),
    "integer": said("integer"),
    "real": said("real"),
    "boolean": said("0 or 1"),
    "json": said("JSON"),
}
_COMMENT: Final = re.compile(r"^ +(\w+): [^#\n]+# (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlColumn:
    """A column. One of the program's own is not in `SELECT *`."""

    name: str
    type: str
    about: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlTable:
    """A table, and a question to begin with."""

    name: str
    about: str
    columns: tuple[SqlColumn, ...]
    sample: str


def sql_tables(db: sqlite3.Connection) -> tuple[SqlTable, ...]:
    """What a connection that `open_to_ask` gave can be asked: the views by name, each with its
    past behind it, then the events, and the words in them."""
    found: list[SqlTable] = []
    for name, view in checkpoints.read_all(db).items():
        if made_of := columns_of(view):
            found += _of_view(db, name, view.title, made_of)
        elif name == SEARCH.name:
            found.append(_SEARCH)
    events = [str(it[1]) for it in db.execute(f"PRAGMA table_info({EVENTS})")]
    if events:
        found.append(_events(events))
    return tuple(sorted(found, key=lambda it: (it.name == EVENTS, it.name == SEARCH.name)))


def shipped(db: sqlite3.Connection) -> dict[str, str]:
    """The questions that ship saved, of the views that are there, by name."""
    views = checkpoints.read_all(db).items()
    return shipped_questions((name, columns_of(it)) for name, it in views)


def columns_of(view: Checkpoint) -> tuple[Column, ...]:
    """The columns of its projection; none for an index."""
    return json.decode(view.columns_json, type=tuple[Column, ...])


def _of_view(
    db: sqlite3.Connection, name: str, title: str, made_of: Sequence[Column]
) -> list[SqlTable]:
    words = _words_of_bundled().get(name, {})
    keys = tuple(_column(it, words) for it in made_of if it.is_key)
    rest = tuple(_column(it, words) for it in made_of if not it.is_key)
    now = SqlTable(
        name=name,
        about=title,
        columns=(*keys, *rest, *_added(OWN_COLUMNS)),
        sample=sample_of(name, made_of),
    )
    if not db.execute(
        "SELECT 1 FROM main.sqlite_schema WHERE name = ?", [f"{name}{HISTORY}"]
    ).fetchone():
        return [now]
    past = SqlTable(
        name=f"{name}{HISTORY}",
        about=said("{title}: every version of every row", title=title),
        columns=(*keys, *_added(HISTORY_COLUMNS, is_own=False), *rest),
        sample=f"SELECT * FROM {name}{HISTORY} ORDER BY _position DESC LIMIT 20",
    )
    return [now, past]


def _column(it: Column, words: Mapping[str, str]) -> SqlColumn:
    about = words.get(it.name) or _by_name(it.name)
    key = "key" if it.is_key else ""
    return SqlColumn(
        name=it.name, type=_TYPES[it.kind], about=" · ".join(filter(None, (key, about)))
    )


def _by_name(name: str) -> str:
    """What the ends of names mean, in every view of ours."""
    if name.endswith("_us"):
        return said("µs since 1970, UTC")
    if name.endswith("_position"):
        return said("position in the log")
    return ""


def _added(words: Mapping[str, str], *, is_own: bool = True) -> tuple[SqlColumn, ...]:
    return tuple(
        SqlColumn(name=name, type="integer", about=about, is_own=is_own)
        for name, about in words.items()
    )


def _events(names: Sequence[str]) -> SqlTable:
    columns = (
        SqlColumn(name=it, type=_event_type(it), about=_EVENT_WORDS.get(it, "")) for it in names
    )
    return SqlTable(
        name=EVENTS, about=said("Every event"), columns=tuple(columns), sample=EVENTS_SAMPLE
    )


def _event_type(name: str) -> str:
    if name in ("data", "metadata", "source"):
        return "JSON"
    is_number = name in ("position", "version") or name.endswith(("_us", "_min"))
    return "integer" if is_number else "text"


@lru_cache(1)
def _words_of_bundled() -> dict[str, dict[str, str]]:
    """View → column → a word on it."""
    projections = (it.projection for it in bundled_views())
    return {it.name: words_of(it.row) for it in projections if it is not None}


def words_of(row: type) -> dict[str, str]:
    """Column → the comment beside it in the source of a row; nothing where there is no source."""
    try:
        return dict(_COMMENT.findall(inspect.getsource(row)))
    except (OSError, TypeError):
        return {}


_SEARCH: Final = SqlTable(
    name=SEARCH.name,
    about=said("words in the events; rowid is the position"),
    columns=(
        SqlColumn(name="rowid", type="integer", about=said("position of the event")),
        SqlColumn(name="words", type="text", about=said("search it with: search MATCH 'word'")),
    ),
    sample=SEARCH_SAMPLE,
)
