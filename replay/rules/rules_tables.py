"""The tables of the view `broken_rules`, and what is written to them between two commits.

* `broken_rules`: a row a violation: the rule, the stream, the position and recorded time of the
  event that broke it and of the one that ended it (null while it holds), and the values of the
  fields that the rule names as a JSON object. As of a position it is what began until then.
* `broken_rules__streams`: what is kept of each stream, so that folding goes on from there.
* `broken_rules__problems`: where a rule, or with an empty name the model, first raised.
* `broken_rules__kinds`: what stood where a rule looks, each kind with where it first did.
* `broken_rules__invariants`: those of the models, where a process of their own folds them.
"""

import sqlite3
from collections.abc import Iterable
from operator import itemgetter
from typing import Any, Final

from replay.rules.rule import Invariant
from replay.rules.stream_rules import StoredStream
from replay.rules.stream_run import Happened
from replay.view_version import ViewVersion
from replay.views import many_rows
from replay.views.sink import Flushed
from replay.views.view import Table

NAME: Final = "broken_rules"
STREAMS: Final = "__streams"
PROBLEMS: Final = "__problems"
KINDS: Final = "__kinds"
INVARIANTS: Final = "__invariants"
TABLES: Final = (STREAMS, PROBLEMS, KINDS, INVARIANTS)  # beside the one of violations
_BY_KEY: Final = itemgetter(0, 2, 1)
KEYED: Final = (
    Table(suffix="", key=("rule", "position", "stream")),
    Table(suffix=STREAMS, key=("stream",)),
    Table(suffix=PROBLEMS, key=("rule", "stream")),
    Table(suffix=KINDS, key=("rule", "path", "kind")),
    Table(suffix=INVARIANTS, key=("name",)),
)

_TABLES: Final = """
CREATE TABLE "{base}" (
    rule TEXT NOT NULL,
    stream TEXT NOT NULL,
    position INTEGER NOT NULL,
    until INTEGER,
    since_us INTEGER NOT NULL,
    until_us INTEGER,
    value TEXT NOT NULL,
    PRIMARY KEY (rule, position, stream)
) STRICT, WITHOUT ROWID;
CREATE TABLE "{base}__streams" (
    stream TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    broken_since TEXT NOT NULL,
    problem TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE "{base}__problems" (
    rule TEXT NOT NULL,
    stream TEXT NOT NULL,
    position INTEGER NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (rule, stream)
) STRICT, WITHOUT ROWID;
CREATE TABLE "{base}__kinds" (
    rule TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    stream TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (rule, path, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE "{base}__invariants" (
    name TEXT PRIMARY KEY,
    what TEXT NOT NULL,
    model TEXT NOT NULL,
    of TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""


class RulesTables:
    """Hears what happens to rules (replay.rules.asking.Report) and writes it. One thread."""

    def __init__(self, db: sqlite3.Connection, version: ViewVersion) -> None:
        self._db, self._base = db, version.name
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._known_kinds: set[tuple[str, str, str]] | None = None
        self._is_empty: bool | None = None  # of streams; None: not asked yet
        self._clear()

    def stored(self, stream: str) -> StoredStream | None:
        """What was kept of a stream; None for one that is as if it had never begun."""
        if self._is_empty is None:
            self._is_empty = not self.has_streams()
        if self._is_empty:
            return None
        found = self._db.execute(
            f'SELECT model, state, broken_since, problem FROM "{self._base}{STREAMS}" '
            "WHERE stream = ?",
            [stream],
        ).fetchone()
        return None if found is None else StoredStream(*found)

    def has_streams(self) -> bool:
        """Whether anything was kept of any."""
        found = self._db.execute(f'SELECT 1 FROM "{self._base}{STREAMS}" LIMIT 1')
        return found.fetchone() is not None

    def flush(
        self,
        streams: Iterable[tuple[str, StoredStream]],
        invariants: Iterable[Invariant] = (),
    ) -> Flushed:
        """Write what happened, and what is to be kept of the streams."""
        base, done = self._base, Flushed(rows=len(self._begun), writes=self._writes)
        into = f'INSERT OR REPLACE INTO "{base}'
        begun = sorted(self._begun.values(), key=_BY_KEY)  # as the table lies
        many_rows.insert(self._db, f'{into}"', begun)
        self._db.executemany(
            f'UPDATE "{base}" SET until = ?, until_us = ? '
            "WHERE rule = ? AND position = ? AND stream = ?",
            self._ended,
        )
        many_rows.insert(self._db, f'INSERT OR IGNORE INTO "{base}{PROBLEMS}"', self._problems)
        kinds = [(*key, it[2], it[0]) for key, it in self._kinds.items()]
        many_rows.insert(self._db, f'INSERT OR IGNORE INTO "{base}{KINDS}"', kinds)
        if self._known_kinds is not None:
            self._known_kinds.update(self._kinds)
        self._is_empty = None
        kept = [(name, it.model, it.state, it.broken_since, it.problem) for name, it in streams]
        many_rows.insert(self._db, f'{into}{STREAMS}"', kept)
        named = [(it.name, it.what, it.model, it.of) for it in invariants]
        many_rows.insert(self._db, f'{into}{INVARIANTS}"', named)
        self._clear()
        return done

    def broken(self, rule: str, stream: str, event: Happened, value: str) -> None:
        """For replay.rules.asking.Report, as the next three."""
        key = (rule, stream, event.position)
        since_us = event.recorded_at_us
        self._begun[key] = [rule, stream, event.position, None, since_us, None, value]
        self._writes += 1

    def mended(self, rule: str, stream: str, since: int, event: Happened) -> None:
        """The end of a violation."""
        self._writes += 1
        if found := self._begun.get((rule, stream, since)):
            found[3], found[5] = event.position, event.recorded_at_us
        else:
            self._ended.append((event.position, event.recorded_at_us, rule, since, stream))

    def problem(self, rule: str, stream: str, position: int, what: str) -> None:
        """Only the first of a rule and a stream is kept."""
        if (rule, stream) not in self._told:
            self._told.add((rule, stream))
            self._problems.append((rule, stream, position, what))

    def kind(self, rule: str, path: str, kind: str, stream: str, event: Happened) -> None:
        """Only the first of its kind is kept, in whatever order they are told: of one event that
        of its home."""
        if self._known_kinds is None:
            found = self._db.execute(f'SELECT rule, path, kind FROM "{self._base}{KINDS}"')
            self._known_kinds = set(found)
        key = (rule, path, kind)
        if key in self._known_kinds:
            return
        first = (event.position, stream != event.stream, stream)
        if key not in self._kinds or first < self._kinds[key]:
            self._kinds[key] = first

    def _clear(self) -> None:
        self._begun: dict[tuple[str, str, int], list[Any]] = {}
        self._ended: list[tuple[Any, ...]] = []
        self._problems: list[tuple[Any, ...]] = []
        self._told: set[tuple[str, str]] = set()
        self._kinds: dict[tuple[str, str, str], tuple[int, bool, str]] = {}
        self._writes = 0


def create(db: sqlite3.Connection, version: ViewVersion) -> None:
    """Make them, empty."""
    for statement in _TABLES.format(base=version.name).split(";"):
        db.execute(statement)


def index(db: sqlite3.Connection, version: ViewVersion, generation: int) -> None:
    """For marks: every violation by where it began."""
    name = f"{version.view}_by_position_{generation}"
    db.execute(f'CREATE INDEX "{name}" ON "{version.name}" (position)')
