"""The standing rules of the open store: how it stands with each, every violation, and new ones."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.rule_marks import MARKED
from gui.viewmodels.said import Said
from gui.viewmodels.value_text import cell_text
from gui.words import counted, said
from gui.work.jobs import Jobs, sentences
from gui.work.long_work import LongWork
from gui.work.reads import Reads
from gui.work.rule_wishes import DraftRule, KeepRule, RemoveRule, RuleKept
from gui.work.tasks import Tasks
from replay.projector.rates import duration
from replay.questions.rule_answers import (
    Standing,
    Violation,
    folded_until,
    is_current,
    rules_of,
    standings,
    violations,
)
from replay.questions.rule_remarks import remarks
from replay.rules.rule import Rule
from store.place import Place
from store.times import now_us

SHOWN: Final = 500  # violations
TOLD: Final = 3  # new violations that are named
FOLDING: Final = said("the rules are being evaluated, and the previous results are shown")
NONE: Final = said(
    "No rules yet. Enter a name and a condition that breaks the rule, such as balance < 0."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule, for a list."""

    name: str
    of: str
    condition: str
    severity: str
    count: int
    holding: int
    first: int | None  # the position of the first violation
    note: str
    is_kept: bool  # by a person: it can be changed and removed


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationRow:
    """One violation, for a list."""

    rule: str
    stream: str
    position: int
    recorded_at_us: int
    type: str
    values: str
    lasted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesNow:
    """What was read at once."""

    rules: tuple[RuleRow, ...]
    violations: tuple[ViolationRow, ...]
    remarks: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """What was broken since it was looked last, and where to look on from."""

    until: int
    violations: tuple[Violation, ...]


class RulesViewModel(QObject):
    """`changed()` when `now`, `words` or `said` differ; `titled(title)` with how many are broken;
    `broken(words)` when a rule was broken by an event that came while the store is open;
    `failed(error)`."""

    changed = Signal()
    titled = Signal(str)
    broken = Signal(str)
    failed = Signal(Exception)

    def __init__(self, jobs: Jobs, tasks: Tasks, selection: Selection, place: Place) -> None:
        super().__init__()
        self.now: RulesNow | None = None
        self.words = ""
        self.said = Said()
        self._tasks, self._selection, self._place = tasks, selection, place
        self._rule: str | None = None  # whose violations are listed; None: of all
        self._is_wanted = False
        self._seen: int | None = None  # up to where violations are no news
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.succeeded.connect(self._learn)
        self._work.failed.connect(self._learn_failed)

    @property
    def is_running(self) -> bool:
        """Whether a rule is just being kept or removed."""
        return self._work.is_running

    def want(self, is_wanted: bool) -> None:
        """Whether the page is in sight; a hidden one asks only for what is new."""
        self._is_wanted = is_wanted
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """The views have got on: look again."""
        if self._is_wanted:
            self._read()
        work = partial(_newest, after=self._seen)
        self._tasks.latest("rules broken", work, done=self._tell_new, failed=self.failed.emit)

    def choose(self, rule: str | None) -> None:
        """List the violations of one rule; None: of all."""
        if rule != self._rule:
            self._rule = rule
            self._read()

    def go_to(self, row: int) -> None:
        """Put the cursor on the event of a violation, and show its stream."""
        if self.now is not None and 0 <= row < len(self.now.violations):
            found = self.now.violations[row]
            self._selection.choose_stream(found.stream)
            self._selection.seek(found.position)

    def go_to_first(self, row: int) -> None:
        """Put the cursor on the event that broke a rule first."""
        if self.now is not None and 0 <= row < len(self.now.rules):
            first = self.now.rules[row].first
            if first is not None:
                self._selection.seek(first)

    def keep(self, draft: DraftRule) -> None:
        """Keep a rule, or change the one of its name."""
        self._work.start(KeepRule(store=self._place, draft=draft))

    def remove(self, name: str) -> None:
        """Let a rule go."""
        self._work.start(RemoveRule(store=self._place, name=name))

    def close(self) -> None:
        """Stop what runs."""
        self._work.close()

    def _read(self) -> None:
        work = partial(_read, rule=self._rule)
        self._tasks.latest("rules", work, done=self._show, failed=self.failed.emit)

    def _show(self, now: RulesNow) -> None:
        broken = sum(it.count > 0 for it in now.rules)
        count = counted("{count:,} rule", "{count:,} rules", len(now.rules))
        self.words = (
            said("{count}, {broken:,} broken", count=count, broken=broken) if now.rules else NONE
        )
        if now.rules and not now.is_current:
            self.words += f" · {FOLDING}"
        if len(now.violations) == SHOWN:
            self.words += said(" · the first {shown:,} violations are listed", shown=SHOWN)
        if sum(it.count for it in now.rules) > MARKED:
            self.words += said(
                " · the first {marked:,} are marked in the time panel", marked=MARKED
            )
        self.words = "\n".join((self.words, *now.remarks))
        self.now = now
        self.titled.emit(self.title)
        self.changed.emit()

    @property
    def title(self) -> str:
        """With how many are broken now."""
        holding = sum(it.holding > 0 for it in self.now.rules) if self.now else 0
        return said("Rules ({holding})", holding=holding) if holding else said("Rules")

    def _tell_new(self, newest: Newest) -> None:
        """Those that were there when the store was opened are no news."""
        is_first, self._seen = self._seen is None, newest.until
        if is_first or not newest.violations:
            return
        told = [
            said(
                "{rule} is broken by {stream} at {position:,}",
                rule=it.rule,
                stream=it.stream,
                position=it.position,
            )
            for it in newest.violations[:TOLD]
        ]
        more = len(newest.violations) - TOLD
        self.broken.emit(
            "; ".join(told) + (said("; and {more:,} more", more=more) if more > 0 else "")
        )

    @Slot(object)
    def _learn(self, report: object) -> None:
        self.said = Said(
            text=said("Saved.") if isinstance(report, RuleKept) else said("Removed."), role="ok"
        )
        self.changed.emit()
        self._read()

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self.said = Said(text=sentences(what, hint), role="error")
        self.changed.emit()


def _read(reads: Reads, *, rule: str | None) -> RulesNow:
    db = reads.views()
    rules = rules_of(reads.log, db)
    odd = remarks(db, reads.log, reads.states, rules)
    found = violations(db, rule=rule, limit=SHOWN)
    known = {it.name for it in rules}
    return RulesNow(
        rules=tuple(map(_rule_row, standings(db, rules))),
        violations=tuple(_violation_row(reads, it) for it in found if it.rule in known),
        remarks=tuple(f"{name}: {it}" if name else it for name, told in odd.items() for it in told),
        is_current=is_current(db, reads.log),
    )


def _rule_row(it: Standing) -> RuleRow:
    rule = it.rule
    is_kept = isinstance(rule, Rule)
    return RuleRow(
        name=rule.name,
        of=rule.of,
        condition=rule.where if isinstance(rule, Rule) else said("not: {what}", what=rule.what),
        severity=rule.severity if isinstance(rule, Rule) else "error",
        count=it.count,
        holding=it.holding,
        first=it.first.position if it.first else None,
        note=rule.note if isinstance(rule, Rule) else "",
        is_kept=is_kept,
    )


def _violation_row(reads: Reads, it: Violation) -> ViolationRow:
    event = reads.log.event(it.position)
    lasted = duration(it.lasted_us(now_us()) / 1_000_000)
    return ViolationRow(
        rule=it.rule,
        stream=it.stream,
        position=it.position,
        recorded_at_us=it.since_us,
        type=event.type if event is not None else "",
        values=", ".join(f"{name} = {cell_text(value)}" for name, value in it.values.items()),
        lasted=said("{lasted}, ongoing", lasted=lasted) if it.until is None else lasted,
    )


def _newest(reads: Reads, *, after: int | None) -> Newest:
    if after is None:
        return Newest(until=reads.log.head(), violations=())
    db = reads.views()
    found = tuple(violations(db, after=after, limit=SHOWN))
    return Newest(until=max(after, folded_until(db)), violations=found)
