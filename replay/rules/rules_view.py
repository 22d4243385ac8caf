"""Standing rules as a view: folded over the whole log, each violation with its beginning and end.

Its tables are those of replay.rules.rules_tables.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from replay.rules import asking, columns, rule_book, rules_tables, stream_rules, watching, windows
from replay.rules.rule import Rule
from replay.rules.rule_book import RuleBook
from replay.rules.rules_tables import KEYED, NAME, RulesTables
from replay.rules.stream_rules import StreamRules
from replay.states import condition_fold, generic_fields, generic_model, generic_parts
from replay.states.model_definition import definition_by, definition_by_code
from replay.states.model_set import ModelSet, bundled_models
from replay.taught.teaching import NOTHING, Teaching
from replay.view_version import ViewVersion
from replay.views.index_writer import IndexWriter
from replay.views.sink import Flushed
from replay.views.view import View
from replay.words import said
from store import json_text
from store.events import RecordedEvent
from store.filter import claims, parse

VERSION: Final = 3  # raise it when a violation is told otherwise
STREAMS_CACHED: Final = 50_000
TEXT_CACHED: Final = 32_000_000  # characters of JSON of states


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
        self._tables = RulesTables(db, version)
        self._make = partial(RuleBook, rules, models, teaching)
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._tables.forget()
        self._book = self._make()
        self._streams: dict[str, StreamRules] = {}
        self._changed: dict[str, StreamRules] = {}

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in, in memory: stream by stream, as rules know of one stream alone."""
        tables, concerns = self._tables, self._book.concerns
        for stream, run in _by_stream(events, links).items():
            it = self._streams.get(stream)
            if it is not None or concerns(stream):
                it = it or self._load(stream)
                if it.take_run(run, tables):
                    self._changed[stream] = it
        return events[-1].position

    def flush(self) -> Flushed:
        """Write what happened, and what is to be kept of the streams."""
        kept = [
            (name, it.stored())
            for name, it in self._changed.items()
            if it.was_kept or not it.is_as_if_never_begun()
        ]
        done = self._tables.flush(kept)
        self._changed = {}
        if (
            len(self._streams) > STREAMS_CACHED
            or sum(len(it.state) for _, it in kept) > TEXT_CACHED
        ):
            self._streams = {}
        return done

    def _load(self, stream: str) -> StreamRules:
        it = self._streams[stream] = StreamRules(self._book, stream, self._tables.stored(stream))
        return it


def _by_stream(
    events: Sequence[RecordedEvent], links: Mapping[int, tuple[str, ...]]
) -> Mapping[str, list[RecordedEvent]]:
    """The events of each stream in their order, those that are linked into it included."""
    runs = defaultdict[str, list[RecordedEvent]](list)
    for event in events:
        runs[event.stream].append(event)
        if links and event.position in links:
            for stream in links[event.position]:
                if stream != event.stream:
                    runs[stream].append(event)
    return runs


def rules_view(
    rules: Sequence[Rule] = (), models: ModelSet | None = None, teaching: Teaching = NOTHING
) -> View:
    """The view of some rules, and of the invariants of the models; `teaching` gives the states of
    streams that no model has."""
    by = models or bundled_models()
    return View(
        name=NAME,
        title=said("Broken rules"),
        version=VERSION,
        definition=definition_of_rules(rules, by, teaching),
        columns=(),
        projection=None,
        tables=KEYED,
        create=rules_tables.create,
        index=rules_tables.index,
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
    engine = (
        *(stream_rules, asking, rule_book, windows, columns, watching),
        *(condition_fold, generic_fields, generic_model, generic_parts, claims, parse),
    )
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
        [__name__, rules_tables.__name__, *(it.__name__ for it in engine)],
    )


def _categories(rules: Sequence[Rule], models: ModelSet) -> frozenset[str]:
    """Those that any rule is about; none where one is about every stream."""
    if any(not it.of for it in rules):
        return frozenset()
    invariants = (it.category for it in models.models if it.invariants)
    return frozenset((*(it.of for it in rules), *invariants))


def _describe(_db: sqlite3.Connection) -> None:
    """Its tables are what a person reads."""
