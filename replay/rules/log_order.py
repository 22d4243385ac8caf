"""Many streams of one kind, folded and asked in the order of the log: nothing is spent on each.

For streams that one model has and one set of rules is about. Where anything raises, the events of
that part of the page are folded one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, repeat
from operator import is_
from typing import Any, Final

from msgspec import UNSET

from replay.rules.asking import Answer, Report, answer_of, are_broken, first_of
from replay.rules.rule_book import Ruled
from replay.rules.stream_rules import StreamRules
from replay.rules.text_runs import ReadPage, TextRun
from replay.rules.watching import Watching
from replay.rules.windows import States

AT_ONCE: Final = 1_000  # events whose states are held together, of all streams

_UNSET: Final = repeat(UNSET)


def can_go_in_order(it: StreamRules, run: TextRun) -> bool:
    """Whether the events of a stream, all of which are its model's, can be taken so."""
    runs = it.ruled.model.runs
    if it.ruled.parts is not None or runs is None or it.has_failed:
        return False
    return runs.suits(it.state) and run.page.has_read(runs.read, run.at)


def take_in_order(
    ruled: Ruled, some: Iterable[tuple[StreamRules, TextRun]], page: ReadPage, report: Report
) -> set[StreamRules]:
    """Fold the events of some streams that can go so, of which none is in two of them. Returns the
    streams of which anything has to be kept."""
    assert ruled.model.runs is not None, "they can go in order"
    said = page.known(ruled.model.runs.read)
    whose: list[StreamRules | None] = [None] * len(said)
    for it, run in some:
        for at in run.at:
            whose[at] = it
    folding, changed = _InOrder(ruled, page, report), set[StreamRules]()
    for start in range(0, len(said), AT_ONCE):
        end = min(start + AT_ONCE, len(said))
        changed |= folding.take(whose[start:end], said[start:end], range(start, end))
    return changed


class _InOrder:
    def __init__(self, ruled: Ruled, page: ReadPage, report: Report) -> None:
        assert ruled.model.runs is not None
        self._ruled, self._page, self._report = ruled, page, report
        self._step = ruled.model.runs.step

    def take(
        self, whose: Sequence[StreamRules | None], said: Sequence[Any], places: Sequence[int]
    ) -> set[StreamRules]:
        """Some events. Returns whose state may be another."""
        rules = [it for it in whose if it is not None]
        if len(rules) < len(whose) or any(map(is_, said, _UNSET)):
            are_meant = [
                one is not None and what is not UNSET for one, what in zip(whose, said, strict=True)
            ]
            said, places = list(compress(said, are_meant)), list(compress(places, are_meant))
            rules = [it for it in compress(whose, are_meant) if it is not None]
        before = {it: it.state for it in set(rules)}
        if rules and not self._take_together(before, rules, said, places):
            for it, state in before.items():
                it.state = state
            for it, at in zip(rules, places, strict=True):
                it.take(self._page.event(at), self._report)
        return set(before)

    def _take_together(
        self,
        before: Mapping[StreamRules, Any],
        rules: Sequence[StreamRules],
        said: Sequence[Any],
        places: Sequence[int],
    ) -> bool:
        """Whether it could be done: where it could not, nothing was reported."""
        if any(it.has_failed for it in before):
            return False
        try:
            states = self._states(rules, said)
            columned = States(states)
            answers = [answer_of(it, columned) for it in self._ruled.conditions]
            broken = [are_broken(holds, states) for _, holds in self._ruled.invariants]
        except Exception:  # the edge: a model and a rule may raise anything
            return False
        since = [it.asking.broken_since for it in rules]
        for number, answer in enumerate(answers):
            if answer is None:
                self._ask_each(number, before, rules, states, places)
                continue
            self._tell_kinds(number, answer, rules, places)
            rule = self._ruled.conditions[number]
            self._note(rule, answer.are_broken, since, rules, states, places)
        for (rule, _), found in zip(self._ruled.invariants, broken, strict=True):
            self._note(rule, found, since, rules, states, places)
        return True

    def _states(self, rules: Sequence[StreamRules], said: Sequence[Any]) -> list[Any]:
        """After each event; the streams have the last ones."""
        step, states = self._step, list[Any]()
        add = states.append
        for it, what in zip(rules, said, strict=True):
            state = it.state = step(it.state, what)
            add(state)
        return states

    def _ask_each(
        self,
        number: int,
        before: Mapping[StreamRules, Any],
        rules: Sequence[StreamRules],
        states: Sequence[Any],
        places: Sequence[int],
    ) -> None:
        """A condition that cannot be asked of columns."""
        last = dict(before)
        for it, state, at in zip(rules, states, places, strict=True):
            if state is not last[it]:
                event = self._page.happened(at)
                it.asking.ask_one(number, (last[it], state), event, self._report)
                last[it] = state

    def _tell_kinds(
        self, number: int, answer: Answer, rules: Sequence[StreamRules], places: Sequence[int]
    ) -> None:
        first = self._page.positions[places[0]]
        for at, (found, column) in enumerate(zip(answer.types, answer.columns, strict=True)):
            for type_ in found:
                if rules[0].asking.is_new(number, at, type_, first):
                    place = first_of(type_, column)
                    event = self._page.happened(places[place])
                    rules[place].asking.tell_kind(number, at, type_, event, self._report)

    def _note(
        self,
        rule: Watching,
        found: Sequence[bool],
        since: Sequence[Mapping[str, int]],
        rules: Sequence[StreamRules],
        states: Sequence[Any],
        places: Sequence[int],
    ) -> None:
        """Where a rule begins to be broken, and where it no longer is; `since` when which are, of
        the stream of each event."""
        name = rule.name
        if True not in found and not any(name in it for it in since):
            return
        for at, (is_broken, known) in enumerate(zip(found, since, strict=True)):
            if is_broken is not (name in known):
                event = self._page.happened(places[at])
                rules[at].asking.note(rule, is_broken, states[at], event, self._report)
