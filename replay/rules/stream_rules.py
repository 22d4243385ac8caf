"""The rules of one stream while its events are folded: which are broken, and since when.

The state is that of the model which owns the stream (replay.states.owners): payloads are merged
until the first event that the model of its category knows. Of merged payloads only the fields
that a rule names are folded. Where a person taught the category, that is done in place of merging.

Of many events of a stream the states are made together and asked together (replay.rules.windows),
which costs a third. What cannot be read so, and where a model or a rule raises, is folded one by
one: both ways tell the same.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from replay.rules.asking import Asking, Report, words
from replay.rules.rule_book import RuleBook, Ruled
from replay.rules.stream_run import Happened, Heard, Read, StreamRun
from replay.rules.windows import windows
from replay.states.model_set import AnyModel
from store import json_text

FEW: Final = 6  # events that are folded one by one: together they would cost as much


class StoredStream(Struct, frozen=True):
    """What is kept of a stream between two folds."""

    model: str  # that owns it; empty: its payloads are merged
    state: str  # JSON
    broken_since: str  # JSON: rule → position of the event
    problem: str  # why there is no state any more; empty while there is one


class StreamRules:
    """One stream: fold its events in their order, those that are linked into it included."""

    __slots__ = (
        "_book",
        "_has_begun",
        "_is_raising",
        "_knows",
        "_model",
        "_owner",
        "_problem",
        "asking",
        "ruled",
        "state",
        "stream",
        "was_kept",
    )

    def __init__(self, book: RuleBook, stream: str, stored: StoredStream | None = None) -> None:
        """Before its first event, or as it was kept."""
        self._book, self.stream = book, stream
        self._owner: AnyModel | None = book.would_be(stream)
        self._model = stored.model if stored else ""
        self._problem = stored.problem if stored else ""
        self._has_begun = self.was_kept = stored is not None
        self._is_raising = False  # a rule does, or the model
        is_owned = bool(self._model) and self._owner is not None
        self._knows: Callable[[str], bool] | None = None
        if self._owner is not None and not is_owned:
            self._knows = book.knows(self._owner)
        ruled = (
            book.owned(stream, self._owner)
            if is_owned and self._owner is not None
            else book.merged(stream)
        )
        broken_since = json_text.decode(stored.broken_since) if stored else {}
        self.asking = Asking(book, stream, ruled, broken_since)
        self._go_by(ruled)
        if stored and not self._problem:
            self.state = ruled.model.from_json(json_text.decode(stored.state))

    def take(self, event: Heard, report: Report) -> bool:
        """Fold one event. Returns whether anything has to be kept that was not before. What a
        rule or a model raises is reported, and the other rules go on."""
        if self._problem:
            return False
        before = self.state
        if self._knows is not None and self._knows(event.type):
            self._give_to_owner()
        try:
            after = self.ruled.model.evolve(self.state, event)
        except Exception as error:  # the edge: a model may raise anything
            self._fail(event, report, words(error))
            return True
        if after is before and self._has_begun:
            return False
        self._has_begun, self.state = True, after
        self.asking.ask((before, after), event, report)
        return True

    def take_run(self, run: StreamRun, report: Report) -> bool:
        """Fold some events. Returns, and reports, what `take` does of one after another."""
        is_changed, done = self.begin(run, report)
        return self._take_together(run.part(done), report) or is_changed

    def begin(self, run: StreamRun, report: Report) -> tuple[bool, int]:
        """Fold what has to be folded before one model has all of the run: as `take_run`, and how
        many events that were."""
        is_changed, done = False, 0
        if not self._has_begun:
            is_changed, done = self.take(run.event(0), report), 1
        rest = run.part(done)
        if (first := self._first_known(rest)) is not None:
            is_changed = self._take_together(rest.part(0, first), report) or is_changed
            is_changed = self.take(rest.event(first), report) or is_changed
            done += first + 1
        return is_changed, done

    def reads_with(self, run: StreamRun) -> Read | None:
        """What the events of a run are likely to be read with; None: one by one."""
        ruled = self.ruled
        if self._knows is not None and self._owner is not None and self._knows(run.type(0)):
            ruled = self._book.owned(self.stream, self._owner)
        return None if self.has_failed else ruled.read

    @property
    def has_failed(self) -> bool:
        """Whether there is no state any more, or events are better folded one by one."""
        return bool(self._problem) or self._is_raising

    def give_up(self, event: Happened, report: Report, why: str) -> bool:
        """There is no state from this event on. Returns what `take` does."""
        if self._problem:
            return False
        self._fail(event, report, why)
        return True

    def would_run(self, models: frozenset[str], event: Heard) -> bool:
        """Whether one of these models folds the event, or would."""
        if self._owner is None or self._owner.name not in models:
            return False
        return self._knows is None or self._knows(event.type)

    def stored(self) -> StoredStream:
        """What is to be kept of it, from now on."""
        self.was_kept = True
        state = None if self._problem else self.ruled.model.to_json(self._narrowed())
        return StoredStream(
            model=self._model,
            state=json_text.encode(state),
            broken_since=json_text.encode(dict(sorted(self.asking.broken_since.items()))),
            problem=self._problem,
        )

    def is_as_if_never_begun(self) -> bool:
        """Whether keeping nothing of it says the same: no field of it that a rule names, nothing
        is broken, and no model has it."""
        if self._model or self.asking.broken_since or self._problem:
            return False
        state = self._narrowed()
        return type(state) is dict and not state

    def _narrowed(self) -> Any:
        """The state without what no rule looks at, so that it is one however events came."""
        return self.state if self.ruled.parts is None else self.ruled.parts.narrowed(self.state)

    def _first_known(self, run: StreamRun) -> int | None:
        """The place of the event that gives the stream to its model."""
        knows = self._knows
        if knows is None or not any(map(knows, set(types := run.types()))):
            return None
        return next(place for place, it in enumerate(types) if knows(it))

    def _take_together(self, run: StreamRun, report: Report) -> bool:
        """None of them gives the stream to another model, and it has begun."""
        if self.has_failed or len(run) < FEW:
            return self._take_each(run, report)
        found = windows(self.ruled, self.state, run)
        if found is None:
            return self._take_each(run, report)
        is_changed, done = False, 0
        try:
            for window in found:
                self.asking.ask_together(self.state, window, report)
                self.state, done = window.states[-1], window.places[-1] + 1
                is_changed = True
        except Exception:  # the edge: a model and a rule may raise anything
            self._is_raising = True  # so the window counts for nothing, and each event is told
            return self._take_each(run.part(done), report) or is_changed
        return is_changed

    def _take_each(self, run: StreamRun, report: Report) -> bool:
        is_changed = False
        for place in range(0 if self._problem else len(run)):
            is_changed = self.take(run.event(place), report) or is_changed
        return is_changed

    def _give_to_owner(self) -> None:
        """The first event that the model knows: what came before is nothing to it."""
        assert self._owner is not None, "only an owner knows types"
        self._model, self._knows = self._owner.name, None
        ruled = self._book.owned(self.stream, self._owner)
        self.asking.go_by(ruled)
        self._go_by(ruled)

    def _go_by(self, ruled: Ruled) -> None:
        self.ruled = ruled
        self.state = ruled.model.initial()

    def _fail(self, event: Happened, report: Report, why: str) -> None:
        """There is no state from here on."""
        self._problem = why
        report.problem("", self.stream, event.position, why)
        self.asking.end(event, report)
