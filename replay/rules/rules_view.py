"""Standing rules as a view: folded over the whole log, each violation with its beginning and end.

Tables, for the view `broken_rules`:

* `broken_rules`: a row a violation: the rule, the stream, the position and recorded time of the
  event that broke it and of the one that ended it (null while it holds), and the values of the
  fields that the rule names as a JSON object. As of a position it is what began until then.
* `broken_rules__streams`: what is kept of each stream, so that folding goes on from there.
* `broken_rules__problems`: where a rule, or with an empty name the model, first raised.
* `broken_rules__kinds`: what stood where a rule looks, each kind with where it first did.
"""

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from replay.rules import stream_rules, watching
from replay.rules.rule import Rule
from replay.rules.stream_rules import RuleBook, StoredStream, StreamRules
from replay.states import condition_fold, generic_model
from replay.states.model_definition import definition_by, definition_by_code
from replay.states.model_set import ModelSet, bundled_models
from replay.taught.teaching import NOTHING, Teaching
from replay.view_version import ViewVersion
from replay.views import many_rows
from replay.views.index_writer import IndexWriter
from replay.views.sink import Flushed
from replay.views.view import Table, View
from store import json_text
from store.events import RecordedEvent
from store.filter import claims, parse

NAME: Final = "broken_rules"
VERSION: Final = 1  # raise it when a violation is told otherwise
STREAMS: Final = "__streams"
PROBLEMS: Final = "__problems"
KINDS: Final = "__kinds"
TABLES: Final = (STREAMS, PROBLEMS, KINDS)  # beside the one of violations
STREAMS_CACHED: Final = 50_000
TEXT_CACHED: Final = 32_000_000  # characters of JSON of states

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
) STRICT, WITHOUT ROWID
"""


class RulesWriter:
    """Folds events into the tables. One thread; `flush` in a transaction."""

    def __init__(
        self,
        db: sqlite3.Connection,
        version: ViewVersion,
        rules: Sequence[Rule],
        models: ModelSet,
        teaching: Teaching = NOTHING,
    ) -> None:
        self._db, self._base = db, version.name
        self._make = partial(RuleBook, rules, models, teaching)
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._book = self._make()
        self._streams: dict[str, StreamRules] = {}
        self._known_kinds: set[tuple[str, str, str]] | None = None
        self._clear()

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in, in memory."""
        concerns, streams, changed, nothing = self._book.concerns, self._streams, self._changed, ()
        for event in events:
            home = event.stream
            if concerns(home):
                it = streams.get(home) or self._load(home)
                if it.take(event, self):
                    changed[home] = it
            for stream in links.get(event.position, nothing) if links else nothing:
                if stream != home and concerns(stream):
                    it = streams.get(stream) or self._load(stream)
                    if it.take(event, self):
                        changed[stream] = it
        return events[-1].position

    def flush(self) -> Flushed:
        """Write what happened, and what is to be kept of the streams."""
        base, done = self._base, Flushed(rows=len(self._begun), writes=self._writes)
        into = f'INSERT OR REPLACE INTO "{base}"'
        many_rows.insert(self._db, into, list(self._begun.values()))
        self._db.executemany(
            f'UPDATE "{base}" SET until = ?, until_us = ? '
            "WHERE rule = ? AND position = ? AND stream = ?",
            self._ended,
        )
        many_rows.insert(self._db, f'INSERT OR IGNORE INTO "{base}{PROBLEMS}"', self._problems)
        many_rows.insert(self._db, f'INSERT OR IGNORE INTO "{base}{KINDS}"', self._kinds)
        kept = [
            (name, it.model, it.state, it.broken_since, it.problem) for name, it in self._to_keep()
        ]
        many_rows.insert(self._db, f'INSERT OR REPLACE INTO "{base}{STREAMS}"', kept)
        self._clear()
        if len(self._streams) > STREAMS_CACHED or sum(len(it[2]) for it in kept) > TEXT_CACHED:
            self._streams = {}
        return done

    def broken(self, rule: str, stream: str, event: RecordedEvent, value: str) -> None:
        """For replay.rules.stream_rules.Report, as the next three."""
        key = (rule, stream, event.position)
        since_us = event.recorded_at_us
        self._begun[key] = [rule, stream, event.position, None, since_us, None, value]
        self._writes += 1

    def mended(self, rule: str, stream: str, since: int, event: RecordedEvent) -> None:
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

    def kind(self, rule: str, path: str, kind: str, stream: str, position: int) -> None:
        """Only the first of its kind is kept."""
        if self._known_kinds is None:
            found = self._db.execute(f'SELECT rule, path, kind FROM "{self._base}{KINDS}"')
            self._known_kinds = set(found)
        if (rule, path, kind) not in self._known_kinds:
            self._known_kinds.add((rule, path, kind))
            self._kinds.append((rule, path, kind, stream, position))

    def _to_keep(self) -> list[tuple[str, StoredStream]]:
        return [
            (name, it.stored())
            for name, it in self._changed.items()
            if it.was_kept or not it.is_as_if_never_begun()
        ]

    def _load(self, stream: str) -> StreamRules:
        found = self._db.execute(
            f'SELECT model, state, broken_since, problem FROM "{self._base}{STREAMS}" '
            "WHERE stream = ?",
            [stream],
        ).fetchone()
        stored = None if found is None else StoredStream(*found)
        it = self._streams[stream] = self._book.begin(stream, stored)
        return it

    def _clear(self) -> None:
        self._begun: dict[tuple[str, str, int], list[Any]] = {}
        self._ended: list[tuple[Any, ...]] = []
        self._problems: list[tuple[Any, ...]] = []
        self._told: set[tuple[str, str]] = set()
        self._kinds: list[tuple[Any, ...]] = []
        self._changed: dict[str, StreamRules] = {}
        self._writes = 0


def rules_view(
    rules: Sequence[Rule] = (), models: ModelSet | None = None, teaching: Teaching = NOTHING
) -> View:
    """The view of some rules, and of the invariants of the models; `teaching` gives the states of
    streams that no model has."""
    by = models or bundled_models()
    return View(
        name=NAME,
        title="Broken rules",
        version=VERSION,
        definition=definition_of_rules(rules, by, teaching),
        columns=(),
        projection=None,
        tables=(
            Table(suffix="", key=("rule", "position", "stream")),
            Table(suffix=STREAMS, key=("stream",)),
            Table(suffix=PROBLEMS, key=("rule", "stream")),
            Table(suffix=KINDS, key=("rule", "path", "kind")),
        ),
        create=_create,
        index=_index,
        writer=lambda db, version: IndexWriter(
            db, version, RulesWriter(db, version, rules, by, teaching)
        ),
        describe=_describe,
        any_category=_categories(rules, by),
    )


def definition_of_rules(
    rules: Sequence[Rule], models: ModelSet, teaching: Teaching = NOTHING
) -> str:
    """Changes with the condition of a rule and what it is about, with the code of a model, and
    with what was taught where there is a rule; not with its severity or its note."""
    taught = teaching.definition if rules else ""
    engine = (stream_rules, watching, condition_fold, generic_model, claims, parse)
    return definition_by(
        [
            f"{NAME} {VERSION}",
            json_text.encode([[it.name, it.of, it.where] for it in rules]),
            *([taught] if taught else []),
            *(
                f"{it.name} {definition_by_code(it, tuple(it.invariants.values()))} "
                f"{json_text.encode([*it.invariants])}"
                for it in models.models
            ),
        ],
        [__name__, *(it.__name__ for it in engine)],
    )


def _categories(rules: Sequence[Rule], models: ModelSet) -> frozenset[str]:
    """Those that any rule is about; none where one is about every stream."""
    if any(not it.of for it in rules):
        return frozenset()
    invariants = (it.category for it in models.models if it.invariants)
    return frozenset((*(it.of for it in rules), *invariants))


def _create(db: sqlite3.Connection, version: ViewVersion) -> None:
    for statement in _TABLES.format(base=version.name).split(";"):
        db.execute(statement)


def _index(db: sqlite3.Connection, version: ViewVersion, generation: int) -> None:
    """For marks: every violation by where it began."""
    name = f"{version.view}_by_position_{generation}"
    db.execute(f'CREATE INDEX "{name}" ON "{version.name}" (position)')


def _describe(_db: sqlite3.Connection) -> None:
    """Its tables are what a person reads."""
