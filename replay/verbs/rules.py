"""rules STORE: the standing rules of a log, and where each was broken."""

import argparse
from collections.abc import Sequence
from typing import Any, Final

from replay.command_name import complain
from replay.own import own_states
from replay.printing import print_json, print_table, print_text, value_text
from replay.progress_lines import add_progress_argument
from replay.projector.catch_up import catch_up
from replay.projector.rates import duration
from replay.questions.rule_answers import (
    AnyRule,
    Standing,
    Violation,
    is_current,
    rules_of,
    standings,
    violations,
)
from replay.questions.rule_remarks import remarks
from replay.rules import kept_rules
from replay.rules.rule import (
    SEVERITIES,
    Invariant,
    Rule,
    UnknownRule,
    WrongRule,
    facts_of,
    invariants_of,
)
from replay.rules.rules_tables import NAME
from replay.states.model_set import bundled_models
from replay.states.moment import parse_moment_text, position_of
from replay.states.stream_states import StreamStates
from replay.verbs.log import whole_number
from replay.views.read_store import reading_views
from replay.words import said
from store.filter.parse import parse_condition
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.times import now_us

HELP = said("check the rules of a log: which are broken, where first, and for how long")
SUMMARY: Final = ("rule", "of", said("broken for"), "severity", "violations", "now", "first")
LISTED: Final = ("rule", "stream", "position", "recorded_at", "type", "who", "values", "lasted")
ENTERED: Final = ("of", "severity", "note")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without --add and --remove the rules are told."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--add", metavar="NAME", help=said("save a rule, or change the rule with this name")
    )
    change.add_argument("--remove", metavar="NAME", help=said("delete a rule"))
    change.add_argument("--rule", metavar="NAME", help=said("show this one only"))
    parser.add_argument(
        "--where",
        type=_condition_text,
        metavar="CONDITION",
        help=said("the rule is broken while the state of a stream matches this: 'balance < 0'"),
    )
    parser.add_argument(
        "--of",
        metavar="CATEGORY",
        help=said("for streams named CATEGORY-…; default: every stream"),
    )
    parser.add_argument("--severity", choices=SEVERITIES, help=said("default: error"))
    parser.add_argument("--note", metavar="TEXT", help=said("what the rule is for"))
    parser.add_argument("--at", metavar="POSITION|TIME", help=said("as of this moment, inclusive"))
    parser.add_argument(
        "--limit", type=whole_number, default=20, metavar="N", help=said("violations of each rule")
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object per rule"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a rule is, or was, broken; or when it is not known up to the head."""
    if arguments.add is None and (wrong := _given(arguments, ("where", *ENTERED))):
        raise WrongRule(said("--{wrong} needs --add NAME", wrong=wrong))
    with reading(arguments.store) as log:
        if arguments.add is not None:
            return _add(log, arguments)
        if arguments.remove is not None:
            kept_rules.remove(log.place, arguments.remove)
            return _say(
                arguments,
                {"removed": arguments.remove},
                said("{remove} was deleted", remove=arguments.remove),
            )
        return _tell(log, arguments)


def _condition_text(text: str) -> str:
    """For argparse: the text of a condition that can be read. Raises WrongFilter."""
    parse_condition(text)
    return text


def _given(arguments: argparse.Namespace, names: Sequence[str]) -> str | None:
    return next((it for it in names if getattr(arguments, it) is not None), None)


def _add(log: EventReader, arguments: argparse.Namespace) -> int:
    """What is not given of a rule that is there stays as it is."""
    known = next((it for it in kept_rules.load(log.place) if it.name == arguments.add), None)
    where = arguments.where or (known.where if known else None)
    if where is None:
        raise WrongRule(said("a rule needs a condition: --where 'balance < 0'"))
    rule = Rule(name=arguments.add, where=where, of=known.of if known else "")
    given = {it: getattr(arguments, it) for it in ENTERED if getattr(arguments, it) is not None}
    if known is not None:
        given = {"severity": known.severity, "note": known.note, **given}
    rule = Rule(**{**_fields(rule), **given})
    with reading_views(log) as db:
        here = [it for it in rules_of(log, db) if isinstance(it, Invariant)]
    taken = (it.name for it in (*invariants_of(bundled_models()), *here))
    kept_rules.save(log.place, rule, taken=taken)
    if rule.of and not log.has_category(rule.of):
        complain(said("no stream is named {value}-… yet", value=rule.of))
    return _say(arguments, {"kept": facts_of(rule)}, said("{name} was saved", name=rule.name))


def _fields(rule: Rule) -> dict[str, Any]:
    return {it: getattr(rule, it) for it in rule.__struct_fields__}


def _tell(log: EventReader, arguments: argparse.Namespace) -> int:
    if own_states.is_own(log.place):
        catch_up(log, only=[NAME])  # only their process knows which invariants they have
    with reading_views(log) as db:
        rules = rules_of(log, db)
    if arguments.rule is not None:
        rules = tuple(it for it in rules if it.name == arguments.rule)
        if not rules:
            raise UnknownRule(arguments.rule)
    if not rules:
        return _say(arguments, None, said("there are no rules yet: --add NAME --where CONDITION"))
    catch_up(log, only=[NAME])
    at = None
    if arguments.at is not None:
        at = position_of(log, parse_moment_text(arguments.at))
    with reading_views(log) as db:
        found = standings(db, rules, at=at)
        odd = remarks(db, log, StreamStates(), rules)
        listed = [
            it
            for one in found
            for it in violations(db, rule=one.rule.name, at=at, limit=arguments.limit)
        ]
        is_known = is_current(db, log)
    _print(log, found, listed, odd, limit=arguments.limit, as_json=arguments.json)
    if not is_known:
        complain(said("the process that updates the views is still folding the rules"))
    return 1 if not is_known or any(it.count for it in found) else 0


def _print(
    log: EventReader,
    found: Sequence[Standing],
    listed: Sequence[Violation],
    odd: dict[str, tuple[str, ...]],
    *,
    limit: int,
    as_json: bool,
) -> None:
    if as_json:
        for it in found:
            remarked = odd.get(it.rule.name, ())
            of_rule = [_facts(log, one) for one in listed if one.rule == it.rule.name]
            counts = {"violations": it.count, "now": it.holding, "remarks": remarked}
            print_json({**facts_of(it.rule), **counts, "listed": of_rule})
        for sentence in odd.get("", ()):  # of no rule of its own
            complain(sentence)
        return
    print_table(SUMMARY, [_summary(it) for it in found])
    if listed:
        print_text("")
        print_table(LISTED, [_row(log, it) for it in listed])
    for it in found:
        if it.count > limit:
            complain(
                said(
                    "{name}: the first {limit:,} of {count:,} are shown (--limit)",
                    name=it.rule.name,
                    limit=limit,
                    count=it.count,
                )
            )
    for name, told in odd.items():
        for sentence in told:
            complain(f"{name}: {sentence}" if name else sentence)


def _summary(it: Standing) -> list[str]:
    counts = [f"{it.count:,}", f"{it.holding:,}", f"{it.first.position:,}" if it.first else ""]
    return [it.rule.name, it.rule.of or said("every stream"), *_said(it.rule), *counts]


def _said(rule: AnyRule) -> tuple[str, str]:
    if isinstance(rule, Rule):
        return rule.where, rule.severity
    return said("its model's invariant fails"), "error"


def _row(log: EventReader, it: Violation) -> list[str]:
    event = log.event(it.position)
    assert event is not None, "it was folded"
    values = ", ".join(f"{name} = {value_text(value)}" for name, value in it.values.items())
    lasted = duration(it.lasted_us(now_us()) / 1_000_000)
    who = str(event.metadata.get("user", ""))
    return [
        it.rule,
        it.stream,
        f"{it.position:,}",
        event.recorded_at,
        event.type,
        who,
        values,
        said("{lasted}, still broken", lasted=lasted) if it.until is None else lasted,
    ]


def _facts(log: EventReader, it: Violation) -> dict[str, Any]:
    event = log.event(it.position)
    assert event is not None, "it was folded"
    return {
        "stream": it.stream,
        "position": it.position,
        "type": event.type,
        "recorded_at": event.recorded_at,
        "who": str(event.metadata.get("user", "")),
        "values": it.values,
        "until": it.until,
        "lasted_seconds": it.lasted_us(now_us()) / 1_000_000,
    }


def _say(arguments: argparse.Namespace, facts: dict[str, Any] | None, told: str) -> int:
    if not arguments.json:
        print_text(told)
    elif facts is not None:
        print_json(facts)
    return 0
