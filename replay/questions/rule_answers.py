"""What the view of broken rules says: of each rule how often it was broken, and every violation.

Answers are as of a position where one is asked: what began until then, and what had ended.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from msgspec import Struct

from replay.own import own_models, own_rules, own_states
from replay.rules import kept_rules
from replay.rules.rule import Invariant, Rule, invariants_of
from replay.rules.rules_tables import INVARIANTS, NAME, PROBLEMS
from replay.rules.rules_view import rules_view
from replay.states.model_set import bundled_models
from replay.taught.teaching import teaching_of_log
from replay.views import checkpoints
from store import json_text
from store.interface import EventReader

AnyRule: TypeAlias = Rule | Invariant

NO_END: Final = 2**62  # behind every position
_COLUMNS: Final = "rule, stream, position, until, since_us, until_us, value"
_COUNTS: Final = f"""
SELECT rule, count(*), sum(until IS NULL OR until > :at), min(position) FROM "{NAME}"
WHERE position <= :at GROUP BY rule
"""
_OF_RULE: Final = f"""
SELECT {_COLUMNS} FROM "{NAME}" WHERE rule = ? AND position > ? AND position <= ?
ORDER BY position, stream LIMIT ?
"""
_OF_ALL: Final = f"""
SELECT {_COLUMNS} FROM "{NAME}" WHERE position > ? AND position <= ?
ORDER BY position, rule, stream LIMIT ?
"""
_INVARIANTS: Final = f'SELECT name, what, model, of FROM "{NAME}{INVARIANTS}" ORDER BY name'
_PROBLEMS: Final = f"""
SELECT rule, count(*), min(position), stream, what FROM "{NAME}{PROBLEMS}"
WHERE position <= ? GROUP BY rule ORDER BY rule
"""


class Violation(Struct, frozen=True, kw_only=True):
    """One stream broke one rule, from one event to another."""

    rule: str
    stream: str
    position: int  # of the event that broke it
    until: int | None  # of the event that ended it; None: it still holds
    since_us: int  # when they were recorded
    until_us: int | None
    values: dict[str, Any]  # of the fields that the rule names, behind the event

    def lasted_us(self, now_us: int) -> int:
        """How long it was so in recorded time, or is until now; never less than nothing, although
        imported clocks may step back."""
        end_us = now_us if self.until_us is None else self.until_us
        return max(end_us - self.since_us, 0)


class Standing(Struct, frozen=True, kw_only=True):
    """How it stands with one rule."""

    rule: AnyRule
    count: int  # violations
    holding: int  # of them not ended
    first: Violation | None


class Problem(Struct, frozen=True, kw_only=True):
    """A rule, or the model of a stream, raised; the others went on."""

    rule: str  # empty: the model
    streams: int
    position: int  # the first time
    stream: str
    what: str


def rules_of(log: EventReader, db: sqlite3.Connection | None) -> tuple[AnyRule, ...]:
    """Those that were kept for a log, and the invariants of the models whose streams it has; those
    of a person's own models as the view has them, once it was folded by them. Raises WrongRule for
    a file that cannot be used, WrongModels."""
    invariants = _invariants(log, db)
    here = {it for it in {one.of for one in invariants} if log.has_category(it)}
    return (*kept_rules.load(log.place), *(it for it in invariants if it.of in here))


def standings(
    db: sqlite3.Connection | None, rules: Sequence[AnyRule], *, at: int | None = None
) -> tuple[Standing, ...]:
    """Of each rule, in the order given."""
    counts: dict[str, tuple[int, int]] = {}
    if db is not None and is_there(db):
        found = db.execute(_COUNTS, {"at": NO_END if at is None else at})
        counts = {name: (count, holding) for name, count, holding, _ in found}
    return tuple(
        Standing(
            rule=it,
            count=counts.get(it.name, (0, 0))[0],
            holding=counts.get(it.name, (0, 0))[1],
            first=next(iter(violations(db, rule=it.name, at=at, limit=1)), None),
        )
        for it in rules
    )


def violations(
    db: sqlite3.Connection | None,
    *,
    rule: str | None = None,
    after: int = 0,
    at: int | None = None,
    limit: int,
) -> list[Violation]:
    """Of a rule, or of all; those that began behind a position, by where they began."""
    if db is None or not is_there(db):
        return []
    span = [after, NO_END if at is None else at, limit]
    rows = db.execute(_OF_ALL, span) if rule is None else db.execute(_OF_RULE, [rule, *span])
    return [_violation(row, at) for row in rows]


def problems(db: sqlite3.Connection | None, *, at: int | None = None) -> list[Problem]:
    """The first of each rule, and of the models."""
    if db is None or not is_there(db):
        return []
    rows = db.execute(_PROBLEMS, [NO_END if at is None else at])
    return [
        Problem(rule=rule, streams=count, position=position, stream=stream, what=what)
        for rule, count, position, stream, what in rows
    ]


def is_there(db: sqlite3.Connection) -> bool:
    """Whether the view has been begun, by code that reads as this does."""
    found = checkpoints.read_one(db, NAME)
    return found is not None and found.version == rules_view().version


def is_current(db: sqlite3.Connection | None, log: EventReader) -> bool:
    """Whether the rows are those of the rules and models of now, and of what was taught; else they
    are still folded. Raises WrongRule, WrongModels."""
    found = None if db is None else checkpoints.read_one(db, NAME)
    if found is None:
        return False
    if own_states.is_own(log.place):
        view = own_rules.own_rules_view(log.place)
    else:
        view = rules_view(kept_rules.load(log.place), teaching=teaching_of_log(log))
    return found.definition == view.definition


def _invariants(log: EventReader, db: sqlite3.Connection | None) -> tuple[Invariant, ...]:
    """What a process of own models has said where the log has one; else those of the bundled ones,
    but for categories that a model of the log's own file has."""
    bundled = invariants_of(bundled_models())
    if not own_states.is_own(log.place):
        return bundled
    rows = db.execute(_INVARIANTS).fetchall() if db is not None and is_there(db) else []
    own = own_models.of(log.place)
    taken = {it.category for it in own.models} if own is not None else set[str]()
    said = [Invariant(name=name, what=what, model=model, of=of) for name, what, model, of in rows]
    return tuple(said) or tuple(it for it in bundled if it.of not in taken)


def _violation(row: tuple[Any, ...], at: int | None) -> Violation:
    rule, stream, position, until, since_us, until_us, value = row
    is_over = until is not None and (at is None or until <= at)
    return Violation(
        rule=rule,
        stream=stream,
        position=position,
        until=until if is_over else None,
        since_us=since_us,
        until_us=until_us if is_over else None,
        values=json_text.decode(value),
    )


def folded_until(db: sqlite3.Connection | None) -> int:
    """The position up to which violations are known."""
    found = None if db is None else checkpoints.read_one(db, NAME)
    return found.checkpoint if found is not None else 0
