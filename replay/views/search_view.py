"""Full-text search as a view: every word of every event, kept by SQLite's FTS5.

The table `search` holds, by position, the words of an event's stream, type and payload, and of
nothing else: the text itself stays in the log (a contentless table of FTS5). `search_words` lists
each word with how many events have it and how often; by it two versions are compared.
Source: sqlite.org/fts5.html.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from replay.view_version import Slot, ViewVersion
from replay.views import checkpoints
from replay.views.checkpoints import FORK, Begun, Fork
from replay.views.index_writer import IndexWriter
from replay.views.sink import Flushed
from replay.views.view import Table, View
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import reading

FOUND: Final = """
SELECT rowid FROM search WHERE search MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?
"""

HELD_BYTES: Final = 16 * 2**20  # of words in memory before they are written, at the latest
MERGED_EARLY: Final = 4  # runs of words that are merged as they come; FTS5's own number
COPIED: Final = (("_data", "id"), ("_idx", "segid, term"), ("_docsize", "id"))  # FTS5's own tables
PUT_OUT: Final = "INSERT INTO main.search (search, rowid, words) VALUES ('delete', ?, ?)"
BEHIND: Final = "SELECT id FROM main.search_docsize WHERE id > ? ORDER BY id LIMIT ?"
AT_ONCE: Final = 1_000  # events


class NothingToSearch(StoreError):
    hint = said("Enter a word, or the beginning of one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gave, newest first."""

    positions: tuple[int, ...]
    is_cut: bool  # whether there are more
    as_of: int  # the position up to which was searched
    behind: int  # events that the index has not seen, of those that were asked for


def search(
    db: sqlite3.Connection | None,
    log: EventReader,
    words: str,
    *,
    until: int | None = None,
    limit: int = 200,
) -> Found:
    """Events that have all the words, or words that begin so. Raises NothingToSearch."""
    asked = words_query(words)
    wanted = log.head() if until is None else until
    known = checkpoints.read_one(db, SEARCH.name) if db is not None else None
    if db is None or known is None or not SEARCH.can_serve(known.definition):
        return Found(positions=(), is_cut=False, as_of=0, behind=wanted)
    as_of = min(wanted, known.checkpoint)
    rows = db.execute(FOUND, [asked, as_of, limit + 1]).fetchall()
    return Found(
        positions=tuple(it for (it,) in rows[:limit]),
        is_cut=len(rows) > limit,
        as_of=as_of,
        behind=wanted - as_of,
    )


def words_query(words: str) -> str:
    """Each word as the beginning of one, all of them wanted; quoted, so that nothing in them is
    taken for an operator. Raises NothingToSearch."""
    found = [it for it in words.split() if any(letter.isalnum() for letter in it)]
    if not found:
        raise NothingToSearch(said("there is no word to search for"))
    quoted = (it.replace('"', '""') for it in found)
    return " ".join(f'"{it}"*' for it in quoted)


class SearchWriter:
    """Adds events to the index. One thread; `flush` in a transaction."""

    def __init__(self, db: sqlite3.Connection, base: str) -> None:
        self._db = db
        self._add = f'INSERT INTO "{base}" (rowid, words) VALUES (?, ?)'
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._rows: list[tuple[int, str]] = []

    def take(self, events: Sequence[RecordedEvent], _links: dict[int, tuple[str, ...]]) -> int:
        """Keep the words for the flush."""
        self._rows += [(it.position, words_of(it)) for it in events]
        return events[-1].position

    def flush(self) -> Flushed:
        """Write them."""
        rows, self._rows = self._rows, []
        self._db.executemany(self._add, rows)
        return Flushed(rows=len(rows), writes=len(rows))


def words_of(event: RecordedEvent) -> str:
    """What is searched: stream, type, and the payload with its escapes undone."""
    data = event.data_json
    if "\\" in data:
        data = " ".join(texts_in(json_text.decode(data)))
        data = data.encode("utf-8", "replace").decode()  # a lone surrogate is no word
    return f"{event.stream} {event.type} {data}"


def texts_in(value: Any) -> Iterator[str]:
    """Names of fields, texts, numbers; in no order that matters."""
    open_values = [value]
    while open_values:
        it = open_values.pop()
        if isinstance(it, dict):
            yield from it
            open_values += it.values()
        elif isinstance(it, list):
            open_values += it
        elif it is not None:
            yield str(it)


def _create(db: sqlite3.Connection, version: ViewVersion) -> None:
    base = version.name
    db.execute(f"CREATE VIRTUAL TABLE \"{base}\" USING fts5(words, content='')")
    _set(db, base, "hashsize", HELD_BYTES)
    _set(db, base, "automerge", 0)
    _list_words(db, base)


def _list_words(db: sqlite3.Connection, base: str) -> None:
    db.execute(f'DROP TABLE IF EXISTS main."{base}_words"')
    db.execute(f"CREATE VIRTUAL TABLE \"{base}_words\" USING fts5vocab('{base}', 'row')")


def _index(db: sqlite3.Connection, version: ViewVersion, _generation: int) -> None:
    """It is an index; while a long log was folded, only what had grown too many was merged."""
    _set(db, version.name, "automerge", MERGED_EARLY)


def _set(db: sqlite3.Connection, base: str, option: str, value: int) -> None:
    """An option of the table, which the file keeps."""
    db.execute(f'INSERT INTO "{base}" ("{base}", rank) VALUES (?, ?)', [option, value])


def _begin(db: sqlite3.Connection, fork: Fork) -> Begun | None:
    """Take the log's index over as it is, and what comes behind the fork out of it. Where that is
    more than what stays, the branch's own is made sooner from the beginning."""
    if fork.checkpoint - fork.until > fork.until:
        return None
    aside = ViewVersion(SEARCH.name, Slot.ASIDE).name
    for name in (f"{SEARCH.name}_words", SEARCH.name):
        db.execute(f'DROP TABLE main."{name}"')
    _create(db, ViewVersion(SEARCH.name, Slot.ASIDE))
    for table, order in COPIED:
        db.execute(f'DELETE FROM main."{aside}{table}"')
        db.execute(
            f'INSERT INTO main."{aside}{table}" '
            f'SELECT * FROM {FORK}."{SEARCH.name}{table}" ORDER BY {order}'
        )
    db.execute(f'DROP TABLE main."{aside}_words"')
    # Under another name FTS5 forgets what it knew of the empty index.
    db.execute(f'ALTER TABLE main."{aside}" RENAME TO "{SEARCH.name}"')
    _list_words(db, SEARCH.name)
    _put_out(db, fork)
    (count,) = db.execute("SELECT count(*) FROM main.search_docsize").fetchone()
    return Begun(rows=count, writes=count)


def _put_out(db: sqlite3.Connection, fork: Fork) -> None:
    """The index is told the words again of what it is to forget: it keeps no texts."""
    after = fork.until
    with reading(fork.branch.place.log) as log:
        while behind := [at for (at,) in db.execute(BEHIND, [after, AT_ONCE])]:
            events, after = log.at_positions(behind), behind[-1]
            db.executemany(PUT_OUT, ((it.position, words_of(it)) for it in events))


SEARCH: Final = View(
    name="search",
    title=said("Search"),
    version=1,
    definition="search 1",  # other words in the same tables: a new number, this one in `readable`
    columns=(),
    projection=None,
    tables=(
        Table(suffix="", key=("rowid",)),
        Table(suffix="_words", key=("term",), is_derived=True),
    ),
    create=_create,
    index=_index,
    writer=lambda db, version: IndexWriter(db, version, SearchWriter(db, version.name)),
    describe=lambda db: _list_words(db, "search"),
    from_fork=_begin,
)
