"""Standing rules as a view: folded over the whole log, each violation with its beginning and end.

Its tables are those of replay.rules.rules_tables.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from replay.rules import (
    asking,
    columns,
    log_order,
    rule_book,
    rules_tables,
    stream_rules,
    stream_run,
    text_runs,
    watching,
    windows,
)
from replay.rules.log_order import can_go_in_order, take_in_order
from replay.rules.rule import Rule
from replay.rules.rule_book import RuleBook
from replay.rules.rules_tables import KEYED, NAME, RulesTables
from replay.rules.stream_rules import StreamRules
from replay.rules.stream_run import EventsRun, Read, StreamRun
from replay.rules.text_runs import ReadPage, TextRun, read_page
from replay.states import condition_fold, generic_fields, generic_model, generic_parts
from replay.states.model_definition import definition_by, definition_by_code
from replay.states.model_set import ModelSet, bundled_models
from replay.taught.teaching import NOTHING, Teaching
from replay.view_version import ViewVersion
from replay.views.index_writer import IndexWriter
from replay.views.sink import Flushed
from replay.views.text_page import TextPage
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
        page = read_page(events.texts) if isinstance(events, TextPage) else None
        if page is None:
            self._take_runs(events_by_stream(events, links))
        elif links:
            runs = page.runs(links)
            self._read_together(page, runs)
            self._take_runs(runs)
        else:
            self._take_page(page)
        return events[-1].position

    def _take_runs(self, runs: Mapping[str, StreamRun]) -> None:
        for stream, it in self._concerned(runs):
            if it.take_run(runs[stream], self._tables):
                self._changed[stream] = it

    def _take_page(self, page: ReadPage) -> None:
        """Where one model has many streams, those in the order of the log."""
        runs, tables = page.runs({}), self._tables
        in_order = defaultdict[int, list[tuple[StreamRules, TextRun]]](list)
        for stream, it in self._read_together(page, runs):
            is_changed, done = it.begin(runs[stream], tables)
            rest = runs[stream].part(done)
            if len(rest) and can_go_in_order(it, rest):
                in_order[id(it.ruled)].append((it, rest))
            elif len(rest):
                is_changed = it.take_run(rest, tables) or is_changed
            if is_changed:
                self._changed[stream] = it
        for some in in_order.values():
            changed = take_in_order(some[0][0].ruled, some, page, tables)
            self._changed.update((it.stream, it) for it in changed)

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

    def _read_together(
        self, page: ReadPage, runs: Mapping[str, TextRun]
    ) -> Sequence[tuple[str, StreamRules]]:
        """What the concerned streams say, of those together that are read alike."""
        concerned = list(self._concerned(runs))
        alike = defaultdict[Read, list[TextRun]](list)
        for stream, it in concerned:
            if (read := it.reads_with(runs[stream])) is not None:
                alike[read].append(runs[stream])
        for read, some in alike.items():
            page.read_together(read, some)
        return concerned

    def _concerned(self, streams: Iterable[str]) -> Iterator[tuple[str, StreamRules]]:
        """Those that rules are about."""
        for name in streams:
            it = self._streams.get(name)
            if it is not None or self._book.concerns(name):
                yield name, it or self._load(name)

    def _load(self, stream: str) -> StreamRules:
        it = self._streams[stream] = StreamRules(self._book, stream, self._tables.stored(stream))
        return it


def events_by_stream(
    events: Sequence[RecordedEvent], links: Mapping[int, tuple[str, ...]]
) -> Mapping[str, EventsRun]:
    """The events of each stream in their order, those that are linked into it included; the
    streams in the order in which they come up."""
    runs = defaultdict[str, list[RecordedEvent]](list)
    for event in events:
        runs[event.stream].append(event)
        if links and event.position in links:
            for stream in links[event.position]:
                if stream != event.stream:
                    runs[stream].append(event)
    return {name: EventsRun(it) for name, it in runs.items()}


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
        reads_texts=True,
    )


def definition_of_rules(
    rules: Sequence[Rule], models: ModelSet, teaching: Teaching = NOTHING
) -> str:
    """Changes with the condition of a rule and what it is about, with the code of a model, and
    with what was taught where there is a rule; not with its severity or its note."""
    taught = teaching.definition if rules else ""
    engine = (
        *(
            stream_rules,
            stream_run,
            text_runs,
            log_order,
            asking,
            rule_book,
            windows,
            columns,
            watching,
        ),
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
