"""The rules of one stream while its events are folded: which are broken, and since when.

The state is that of the model which owns the stream (replay.states.owners): payloads are merged
until the first event that the model of its category knows. Of merged payloads only the fields
that a rule names are folded. Where a person taught the category, that is done in place of merging.
"""

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from replay.rules.rule import Rule, invariant_name, is_about
from replay.rules.watching import (
    SINGLE,
    TOLD_BY_TYPE,
    Watching,
    watching_invariant,
    watching_rule,
)
from replay.states.generic_model import GENERIC, of_fields
from replay.states.model import Model
from replay.states.model_set import AnyModel, ModelSet
from replay.taught.teaching import NOTHING, Teaching
from store import json_text
from store.errors import StoreError
from store.events import RecordedEvent

# By what types the parts have that a rule depends on: whether all are single values, of which it
# can be asked without the state.
Seen: TypeAlias = dict[Any, bool]

_UNKNOWN: Final[Any] = object()  # the parts that a rule depends on, before it was asked


class StoredStream(Struct, frozen=True):
    """What is kept of a stream between two folds."""

    model: str  # that owns it; empty: its payloads are merged
    state: str  # JSON
    broken_since: str  # JSON: rule → position of the event
    problem: str  # why there is no state any more; empty while there is one


class Report(Protocol):
    """Hears what happens to rules."""

    def broken(self, rule: str, stream: str, event: RecordedEvent, value: str) -> None:
        """A rule is broken from this event on."""

    def mended(self, rule: str, stream: str, since: int, event: RecordedEvent) -> None:
        """It was, since a position, and no longer is."""

    def problem(self, rule: str, stream: str, position: int, what: str) -> None:
        """A rule, or with an empty name the model, raised at an event."""

    def kind(self, rule: str, path: str, kind: str, stream: str, position: int) -> None:
        """What stands where a rule looks: each once for an object that hears it."""


class _Ruled(NamedTuple):
    """How the state of a stream goes on, and what is asked of it."""

    model: Model[Any]
    conditions: tuple[Watching, ...]
    invariants: tuple["_Invariant", ...] = ()


_Invariant: TypeAlias = tuple[Watching, Callable[[Any], bool]]  # and whether it holds of a state


class RuleBook:
    """Every rule of a log, by the streams that they are about. One thread."""

    def __init__(
        self, rules: Sequence[Rule], models: ModelSet, teaching: Teaching = NOTHING
    ) -> None:
        self._rules = [(it, watching_rule(it)) for it in rules]
        self._models, self._teaching = models, teaching
        self._invariants = {it.name: _invariants(it) for it in models.models if it.invariants}
        categories = {it.of for it in rules} | {
            it.category for it in models.models if it.invariants
        }
        self._beginnings = tuple(f"{it}-" if it else "" for it in categories)
        self._seen: dict[str, Seen] = {}

    def concerns(self, stream: str) -> bool:
        """Whether any rule may be about a stream."""
        return stream.startswith(self._beginnings)

    def begin(self, stream: str, stored: StoredStream | None = None) -> "StreamRules":
        """A stream before its first event, or as it was kept."""
        return StreamRules(self, stream, stored)

    def would_be(self, stream: str) -> AnyModel | None:
        """The model that owns the stream once there is an event that it knows."""
        return self._models.of_stream(stream)

    def knows(self, model: AnyModel) -> Callable[[str], bool]:
        """Whether events of a type make a stream the model's."""
        return self._models.reading(model).knows

    def merged(self, stream: str) -> _Ruled:
        """While no model has it: payloads are merged, or what was taught is done."""
        watched, plain = self._about(stream), self._teaching.of_stream(stream)
        if plain is not GENERIC:
            return _Ruled(plain, watched)
        names = tuple(dict.fromkeys(path[0] for it in watched for path in it.paths))
        return _Ruled(of_fields(names) or GENERIC, watched)

    def owned(self, stream: str, model: AnyModel) -> _Ruled:
        """While a model owns the stream."""
        invariants = self._invariants.get(model.name, ())
        return _Ruled(self._models.fold(model), self._about(stream), invariants)

    def seen(self, rule: Watching) -> Seen:
        """Of what types were the parts that a rule depends on; and whether they are single
        values."""
        return self._seen.setdefault(rule.name, {})

    def _about(self, stream: str) -> tuple[Watching, ...]:
        return tuple(watched for rule, watched in self._rules if is_about(rule, stream))


class StreamRules:
    """One stream: fold its events in their order, those that are linked into it included."""

    __slots__ = (
        "_book",
        "_broken_since",
        "_conditions",
        "_evolve",
        "_has_begun",
        "_invariants",
        "_knows",
        "_model",
        "_owner",
        "_parts",
        "_problem",
        "_ruled",
        "_seen",
        "_state",
        "_stream",
        "was_kept",
    )

    def __init__(self, book: RuleBook, stream: str, stored: StoredStream | None) -> None:
        self._book, self._stream = book, stream
        self._owner = book.would_be(stream)
        self._model = stored.model if stored else ""
        self._problem = stored.problem if stored else ""
        self._broken_since: dict[str, int] = json_text.decode(stored.broken_since) if stored else {}
        self._has_begun = self.was_kept = stored is not None
        is_owned = bool(self._model) and self._owner is not None
        self._knows = book.knows(self._owner) if self._owner is not None and not is_owned else None
        if is_owned and self._owner is not None:
            self._go_by(book.owned(stream, self._owner))
        else:
            self._go_by(book.merged(stream))
        if stored and not self._problem:
            self._state = self._ruled.model.from_json(json_text.decode(stored.state))

    def take(self, event: RecordedEvent, report: Report) -> bool:
        """Fold one event. Returns whether anything has to be kept that was not before. What a
        rule or a model raises is reported, and the other rules go on."""
        if self._problem:
            return False
        before = self._state
        if self._knows is not None and self._knows(event.type):
            self._give_to_owner()
        try:
            after = self._evolve(self._state, event)
        except Exception as error:  # the edge: a model may raise anything
            self._fail(event, report, _words(error))
            return True
        if after is before and self._has_begun:
            return False
        self._has_begun, self._state = True, after
        self._ask((before, after), event, report)
        return True

    def give_up(self, event: RecordedEvent, report: Report, why: str) -> bool:
        """There is no state from this event on. Returns what `take` does."""
        if self._problem:
            return False
        self._fail(event, report, why)
        return True

    def would_run(self, models: frozenset[str], event: RecordedEvent) -> bool:
        """Whether one of these models folds the event, or would."""
        if self._owner is None or self._owner.name not in models:
            return False
        return self._knows is None or self._knows(event.type)

    def stored(self) -> StoredStream:
        """What is to be kept of it, from now on."""
        self.was_kept = True
        state = None if self._problem else self._ruled.model.to_json(self._state)
        return StoredStream(
            model=self._model,
            state=json_text.encode(state),
            broken_since=json_text.encode(self._broken_since),
            problem=self._problem,
        )

    def is_as_if_never_begun(self) -> bool:
        """Whether keeping nothing of it says the same: no field of it that a rule names, nothing
        is broken, and no model has it."""
        if self._model or self._broken_since or self._problem:
            return False
        return type(self._state) is dict and not self._state

    def _ask(self, pair: tuple[Any, Any], event: RecordedEvent, report: Report) -> None:
        """Each condition on whose parts the event has changed something, and each invariant."""
        parts, seen, broken, state = self._parts, self._seen, self._broken_since, pair[1]
        for number, rule, look, by_parts, is_of_many in self._conditions:
            found, known = look(state), parts[number]
            if (found is known or (is_of_many and _are_same(found, known))) and (
                not rule.is_of_changes
            ):
                continue
            parts[number], types = found, tuple(map(type, found)) if is_of_many else type(found)
            are_single = seen[number].get(types)
            if are_single is None:
                are_single = self._learn(number, types, state, event, report)
            try:
                is_broken = by_parts(found) if are_single and by_parts else rule.breaks(pair)
                was_broken = rule.name in broken
                if not was_broken if is_broken else was_broken:
                    self._note(rule, is_broken, state, event, report)
            except Exception as error:  # the edge: what is in a state may raise
                report.problem(rule.name, self._stream, event.position, _words(error))
        for rule, holds in self._invariants:
            try:
                is_broken = not holds(state)
                if is_broken is not (rule.name in broken):
                    self._note(rule, is_broken, state, event, report)
            except Exception as error:  # the edge: what a model says of its states may raise
                report.problem(rule.name, self._stream, event.position, _words(error))

    def _learn(
        self, number: int, types: Any, state: Any, event: RecordedEvent, report: Report
    ) -> bool:
        """Tell what stands where a rule looks. Returns whether all are single values."""
        rule = self._ruled.conditions[number]
        kinds = types if rule.is_of_many else (types,)
        are_single = SINGLE.issuperset(kinds)
        if TOLD_BY_TYPE.issuperset(kinds):
            self._seen[number][types] = are_single
        for path, kind in rule.kinds_of(state):
            report.kind(rule.name, path, kind, self._stream, event.position)
        return are_single

    def _note(
        self, rule: Watching, is_broken: bool, state: Any, event: RecordedEvent, report: Report
    ) -> None:
        since = self._broken_since.get(rule.name)
        if is_broken and since is None:
            report.broken(rule.name, self._stream, event, rule.value_of(state))
            if rule.is_of_changes:
                report.mended(rule.name, self._stream, event.position, event)
            else:
                self._broken_since[rule.name] = event.position
        elif since is not None and not is_broken:
            report.mended(rule.name, self._stream, since, event)
            del self._broken_since[rule.name]

    def _give_to_owner(self) -> None:
        """The first event that the model knows: what came before is nothing to it."""
        assert self._owner is not None, "only an owner knows types"
        self._model, self._knows = self._owner.name, None
        self._go_by(self._book.owned(self._stream, self._owner))

    def _go_by(self, ruled: _Ruled) -> None:
        self._ruled, self._evolve = ruled, ruled.model.evolve
        self._state = ruled.model.initial()
        self._invariants = ruled.invariants
        self._conditions = [
            (number, it, it.look, it.breaks_by_parts, it.is_of_many)
            for number, it in enumerate(ruled.conditions)
        ]
        self._parts: list[Any] = [_UNKNOWN] * len(ruled.conditions)
        self._seen = [self._book.seen(it) for it in ruled.conditions]

    def _fail(self, event: RecordedEvent, report: Report, why: str) -> None:
        """There is no state from here on, so nothing is known to be broken."""
        self._problem = why
        report.problem("", self._stream, event.position, self._problem)
        for rule, since in self._broken_since.items():
            report.mended(rule, self._stream, since, event)
        self._broken_since = {}


def _are_same(found: Sequence[Any], known: Any) -> bool:
    return known is not _UNKNOWN and all(map(is_, found, known))


def _invariants(model: AnyModel) -> tuple[_Invariant, ...]:
    return tuple(
        (watching_invariant(invariant_name(model, name), holds), holds)
        for name, holds in model.invariants.items()
    )


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, StoreError) else f"{type(error).__name__}: {error}"
