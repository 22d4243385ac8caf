"""What is asked of the states of one stream: which rules are broken, and since when."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import is_, not_
from typing import Any, Final, NamedTuple, Protocol

from replay.rules.columns import Column, Types
from replay.rules.rule_book import RuleBook, Ruled
from replay.rules.stream_run import Happened
from replay.rules.watching import KINDS, SINGLE, TOLD_BY_TYPE, Watching
from replay.rules.windows import Columned, Window
from store.errors import StoreError
from store.filter.tokens import path_of

_UNKNOWN: Final[Any] = object()  # the parts that a rule depends on, before it was asked


class Report(Protocol):
    """Hears what happens to rules; of each stream in the order of its events."""

    def broken(self, rule: str, stream: str, event: Happened, value: str) -> None:
        """A rule is broken from this event on."""

    def mended(self, rule: str, stream: str, since: int, event: Happened) -> None:
        """It was, since a position, and no longer is."""

    def problem(self, rule: str, stream: str, position: int, what: str) -> None:
        """A rule, or with an empty name the model, raised at an event."""

    def kind(self, rule: str, path: str, kind: str, stream: str, event: Happened) -> None:
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

    def ask(self, pair: tuple[Any, Any], event: Happened, report: Report) -> None:
        """Each condition on whose parts the event has changed something, and each invariant; of
        the states before and after it."""
        for number in range(len(self._conditions)):
            self.ask_one(number, pair, event, report)
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
        answers = [answer_of(it, window) for it in self._ruled.conditions]
        broken = [are_broken(holds, window.states) for _, holds in self._ruled.invariants]
        for number, answer in enumerate(answers):
            if answer is None:
                self._ask_each(number, before, window, report)
            else:
                self._parts[number] = _UNKNOWN
                self._tell_kinds(number, answer.types, answer.columns, window, report)
                self._note_turns(self._ruled.conditions[number], answer.are_broken, window, report)
        for (rule, _), found in zip(self._ruled.invariants, broken, strict=True):
            self._note_turns(rule, found, window, report)

    def end(self, event: Happened, report: Report) -> None:
        """There is no state from here on, so nothing is known to be broken."""
        for rule, since in self.broken_since.items():
            report.mended(rule, self._stream, since, event)
        self.broken_since = {}

    def forget_parts(self) -> None:
        """States go on without what was known of the last one."""
        self._parts = [_UNKNOWN] * len(self._parts)

    def _ask_each(self, number: int, before: Any, window: Window, report: Report) -> None:
        """A condition that cannot be asked of columns."""
        for pair, place in zip(pairwise((before, *window.states)), window.places, strict=True):
            if pair[0] is not pair[1]:
                self.ask_one(number, pair, window.run.happened(place), report)

    def ask_one(self, number: int, pair: tuple[Any, Any], event: Happened, report: Report) -> None:
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
        self, number: int, types: Any, state: Any, event: Happened, report: Report
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
        run, places = window.run, window.places
        first = run.position(places[0])
        for at, (found, column) in enumerate(zip(types, columns, strict=True)):
            for type_ in found:
                if self.is_new(number, at, type_, first):
                    event = run.happened(places[first_of(type_, column)])
                    self.tell_kind(number, at, type_, event, report)

    def is_new(self, number: int, at: int, type_: type[Any], position: int) -> bool:
        """Whether the type of a single value at one of the paths of a rule may be told first of an
        event from a position on."""
        known = self._seen[number].get((at, type_))
        return known is None or position <= known[1]

    def tell_kind(
        self, number: int, at: int, type_: type[Any], event: Happened, report: Report
    ) -> None:
        """It stands there after this event."""
        if self.is_new(number, at, type_, event.position):
            self._seen[number][at, type_] = True, event.position
            rule = self._ruled.conditions[number]
            path = path_of(rule.paths[at])
            report.kind(rule.name, path, KINDS[type_], self._stream, event)

    def _note_turns(
        self, rule: Watching, are_broken: Sequence[bool], window: Window, report: Report
    ) -> None:
        """Where a rule begins to be broken after some states, and where it no longer is."""
        at, next_of, name = -1, are_broken.index, rule.name
        run, places, states = window.run, window.places, window.states
        while True:
            is_broken = name not in self.broken_since
            try:
                at = next_of(is_broken, at + 1)
            except ValueError:
                return  # it stays as it is
            self.note(rule, is_broken, states[at], run.happened(places[at]), report)

    def note(
        self, rule: Watching, is_broken: bool, state: Any, event: Happened, report: Report
    ) -> None:
        """It is broken after an event, or no longer is, which it was not, or was, before."""
        try:
            self._note(rule, is_broken, state, event, report)
        except Exception as error:  # the edge: what is in a state may raise
            report.problem(rule.name, self._stream, event.position, words(error))

    def _note(
        self, rule: Watching, is_broken: bool, state: Any, event: Happened, report: Report
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


class Answer(NamedTuple):
    """A condition asked of columns."""

    columns: Sequence[Column]
    types: Sequence[Types]
    are_broken: Sequence[bool]  # after each of the states


def are_broken(holds: Callable[[Any], bool], states: Sequence[Any]) -> Sequence[bool]:
    """Of an invariant, after each of the states."""
    return list(map(not_, map(holds, states)))


def answer_of(rule: Watching, window: Columned) -> Answer | None:
    """None where states have to be looked at one by one: something else than single values stands
    in them, or a change is asked for."""
    if rule.broken_by_columns is None:
        return None
    columns, types = window.columns(rule)
    if not all(map(SINGLE.issuperset, types)):
        return None
    return Answer(columns, types, rule.broken_by_columns(columns, types))


def first_of(type_: type[Any], column: Column) -> int:
    """The place of the first of a type that is there."""
    return next(at for at, it in enumerate(column) if type(it) is type_)


def _are_same(found: Sequence[Any], known: Any) -> bool:
    return known is not _UNKNOWN and all(map(is_, found, known))


def words(error: Exception) -> str:
    """What an error says, for a person."""
    return str(error) if isinstance(error, StoreError) else f"{type(error).__name__}: {error}"
