"""What is asked of the states of one stream: which rules are broken, and since when."""

from collections.abc import Sequence
from itertools import pairwise
from operator import is_
from typing import Any, Final, NamedTuple, Protocol

from replay.rules.columns import Column, Types
from replay.rules.rule_book import Invariant, RuleBook, Ruled
from replay.rules.watching import KINDS, SINGLE, TOLD_BY_TYPE, Watching
from replay.rules.windows import Window
from store.errors import StoreError
from store.events import RecordedEvent
from store.filter.tokens import path_of

_UNKNOWN: Final[Any] = object()  # the parts that a rule depends on, before it was asked


class Report(Protocol):
    """Hears what happens to rules; of each stream in the order of its events."""

    def broken(self, rule: str, stream: str, event: RecordedEvent, value: str) -> None:
        """A rule is broken from this event on."""

    def mended(self, rule: str, stream: str, since: int, event: RecordedEvent) -> None:
        """It was, since a position, and no longer is."""

    def problem(self, rule: str, stream: str, position: int, what: str) -> None:
        """A rule, or with an empty name the model, raised at an event."""

    def kind(self, rule: str, path: str, kind: str, stream: str, event: RecordedEvent) -> None:
        """What stands where a rule looks: more often than once, but surely where it first does."""


class Asking:
    """Of one stream. One thread. What a rule raises is reported, and the others go on."""

    __slots__ = ("_book", "_conditions", "_parts", "_ruled", "_seen", "_stream", "broken_since")

    def __init__(
        self, book: RuleBook, stream: str, ruled: Ruled, broken_since: dict[str, int]
    ) -> None:
        self._book, self._stream = book, stream
        self.broken_since = broken_since  # by the name of a rule, the position of the event
        self.go_by(ruled)

    def go_by(self, ruled: Ruled) -> None:
        """States are other ones from now on."""
        self._ruled = ruled
        self._conditions = [
            (it, it.look, it.breaks_by_parts, it.is_of_many) for it in ruled.conditions
        ]
        self._parts: list[Any] = [_UNKNOWN] * len(ruled.conditions)
        self._seen = [self._book.seen(it) for it in ruled.conditions]

    def ask(self, pair: tuple[Any, Any], event: RecordedEvent, report: Report) -> None:
        """Each condition on whose parts the event has changed something, and each invariant; of
        the states before and after it."""
        for number in range(len(self._conditions)):
            self._ask_one(number, pair, event, report)
        state = pair[1]
        for rule, holds in self._ruled.invariants:
            try:
                is_broken = not holds(state)
                if is_broken is not (rule.name in self.broken_since):
                    self._note(rule, is_broken, state, event, report)
            except Exception as error:  # the edge: what a model says of its states may raise
                report.problem(rule.name, self._stream, event.position, words(error))

    def ask_together(self, before: Any, window: Window, report: Report) -> None:
        """The same of many states, and the one before them. Where anything raises, nothing was
        reported, and they have to be asked one by one."""
        answers = [_answer(it, window) for it in self._ruled.conditions]
        broken = [self._are_broken(it, window) for it in self._ruled.invariants]
        for number, answer in enumerate(answers):
            if answer is None:
                self._ask_each(number, before, window, report)
            else:
                self._parts[number] = _UNKNOWN
                self._tell_kinds(number, answer.types, answer.columns, window, report)
                self._note_turns(self._ruled.conditions[number], answer.are_broken, window, report)
        for (rule, _), are_broken in zip(self._ruled.invariants, broken, strict=True):
            self._note_turns(rule, are_broken, window, report)

    def end(self, event: RecordedEvent, report: Report) -> None:
        """There is no state from here on, so nothing is known to be broken."""
        for rule, since in self.broken_since.items():
            report.mended(rule, self._stream, since, event)
        self.broken_since = {}

    def _are_broken(self, invariant: Invariant, window: Window) -> Sequence[bool]:
        """After each of the states; empty where it holds of all, as it did before."""
        rule, holds = invariant
        if rule.name not in self.broken_since and all(map(holds, window.states)):
            return ()
        return [not it for it in map(holds, window.states)]

    def _ask_each(self, number: int, before: Any, window: Window, report: Report) -> None:
        """A condition that cannot be asked of columns."""
        for pair, event in zip(pairwise((before, *window.states)), window.events, strict=True):
            if pair[0] is not pair[1]:
                self._ask_one(number, pair, event, report)

    def _ask_one(
        self, number: int, pair: tuple[Any, Any], event: RecordedEvent, report: Report
    ) -> None:
        """A condition, where the event has changed something that it looks at."""
        rule, look, by_parts, is_of_many = self._conditions[number]
        state = pair[1]
        try:
            found, known = look(state), self._parts[number]
            if (found is known or (is_of_many and _are_same(found, known))) and (
                not rule.is_of_changes
            ):
                return
            self._parts[number] = found
            types = tuple(map(type, found)) if is_of_many else type(found)
            seen = self._seen[number].get(types)
            if seen is None or event.position <= seen[1]:
                seen = self._learn(number, types, state, event, report)
            is_broken = by_parts(found) if seen[0] and by_parts else rule.breaks(pair)
            if is_broken is not (rule.name in self.broken_since):
                self._note(rule, is_broken, state, event, report)
        except Exception as error:  # the edge: what is in a state may raise
            report.problem(rule.name, self._stream, event.position, words(error))

    def _learn(
        self, number: int, types: Any, state: Any, event: RecordedEvent, report: Report
    ) -> tuple[bool, int]:
        """Tell what stands where a rule looks. Returns whether all are single values."""
        rule = self._ruled.conditions[number]
        kinds = types if rule.is_of_many else (types,)
        seen = (SINGLE.issuperset(kinds), event.position)
        if TOLD_BY_TYPE.issuperset(kinds):
            self._seen[number][types] = seen
        for path, kind in rule.kinds_of(state):
            report.kind(rule.name, path, kind, self._stream, event)
        return seen

    def _tell_kinds(
        self,
        number: int,
        types: Sequence[Types],
        columns: Sequence[Column],
        window: Window,
        report: Report,
    ) -> None:
        """The same of columns of single values."""
        seen, rule, first = self._seen[number], self._ruled.conditions[number], window.events[0]
        for at, (found, column) in enumerate(zip(types, columns, strict=True)):
            for type_ in found:
                known = seen.get((at, type_))
                if known is not None and known[1] < first.position:
                    continue
                event = window.events[_first_of(type_, column)]
                if known is None or event.position <= known[1]:
                    seen[at, type_] = True, event.position
                    path = path_of(rule.paths[at])
                    report.kind(rule.name, path, KINDS[type_], self._stream, event)

    def _note_turns(
        self, rule: Watching, are_broken: Sequence[bool], window: Window, report: Report
    ) -> None:
        """Where a rule begins to be broken after some states, and where it no longer is."""
        at, next_of, name = -1, are_broken.index, rule.name
        events, states, broken_since = window.events, window.states, self.broken_since
        while True:
            is_broken = name not in broken_since
            try:
                at = next_of(is_broken, at + 1)
            except ValueError:
                return  # it stays as it is
            try:
                self._note(rule, is_broken, states[at], events[at], report)
            except Exception as error:  # the edge: what is in a state may raise
                report.problem(name, self._stream, events[at].position, words(error))

    def _note(
        self, rule: Watching, is_broken: bool, state: Any, event: RecordedEvent, report: Report
    ) -> None:
        since = self.broken_since.get(rule.name)
        if is_broken and since is None:
            report.broken(rule.name, self._stream, event, rule.value_of(state))
            if rule.is_of_changes:
                report.mended(rule.name, self._stream, event.position, event)
            else:
                self.broken_since[rule.name] = event.position
        elif since is not None and not is_broken:
            report.mended(rule.name, self._stream, since, event)
            del self.broken_since[rule.name]


class _Answer(NamedTuple):
    columns: Sequence[Column]
    types: Sequence[Types]
    are_broken: Sequence[bool]  # after each of the states


def _answer(rule: Watching, window: Window) -> _Answer | None:
    """None where states have to be looked at one by one: something else than single values stands
    in them, or a change is asked for."""
    if rule.broken_by_columns is None:
        return None
    columns, types = window.columns(rule)
    if not all(map(SINGLE.issuperset, types)):
        return None
    return _Answer(columns, types, rule.broken_by_columns(columns, types))


def _first_of(type_: type[Any], column: Column) -> int:
    return next(at for at, it in enumerate(column) if type(it) is type_)


def _are_same(found: Sequence[Any], known: Any) -> bool:
    return known is not _UNKNOWN and all(map(is_, found, known))


def words(error: Exception) -> str:
    """What an error says, for a person."""
    return str(error) if isinstance(error, StoreError) else f"{type(error).__name__}: {error}"
