"""What is odd about a rule that is never broken, or seldom: a field that no state has, a list, a
value that changes its type, a category without a stream. Each has a sentence of its own."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from replay.own import own_models
from replay.own.user_models import Trust
from replay.questions.rule_answers import AnyRule, Problem, is_there, problems
from replay.questions.unknown_state_fields import state_paths
from replay.rules.rule import Rule
from replay.rules.rules_tables import KINDS, NAME
from replay.rules.watching import LIST, MISSING, paths_of
from replay.states.stream_states import StreamStates
from replay.words import counted, said
from store.errors import StoreError
from store.filter.nearest import nearest
from store.filter.parse import parse_condition
from store.filter.tokens import path_of
from store.filter.tree import Claim, leaves
from store.interface import EventReader

_KINDS: Final = f'SELECT rule, path, kind, stream, position FROM "{NAME}{KINDS}" ORDER BY position'
_WORDS: Final = {"truth": said("true or false"), "object": said("an object")}


class _Seen(NamedTuple):
    """One kind of value, and where it first was."""

    kind: str
    stream: str
    position: int


def remarks(
    db: sqlite3.Connection | None,
    log: EventReader,
    states: StreamStates,
    rules: Sequence[AnyRule],
) -> dict[str, tuple[str, ...]]:
    """By rule, sentences; rules of which there is nothing to say are left out. Those of problems
    of a model stand under the empty name."""
    if db is None or not is_there(db):
        return {}
    seen: dict[str, dict[str, list[_Seen]]] = {}
    for rule, path, *what in db.execute(_KINDS):
        seen.setdefault(rule, {}).setdefault(path, []).append(_Seen(*what))
    raised = {it.rule: it for it in problems(db)}
    untrusted = _not_asked(log)
    found = {
        it.name: tuple(_of_rule(log, states, it, seen.get(it.name, {}), raised.get(it.name)))
        for it in rules
    }
    found[""] = tuple(filter(None, [untrusted, _raised(raised[""]) if "" in raised else ""]))
    return {name: told for name, told in found.items() if told}


def _of_rule(
    log: EventReader,
    states: StreamStates,
    rule: AnyRule,
    seen: Mapping[str, list[_Seen]],
    raised: Problem | None,
) -> Iterator[str]:
    if raised is not None:
        yield _raised(raised)
    if not isinstance(rule, Rule):
        return
    if (owned := _owned_elsewhere(log, rule)) is not None:
        yield owned
    if not seen:
        yield _no_stream(log, rule)
        return
    for path in map(path_of, paths_of(parse_condition(rule.where))):
        yield from _of_field(log, states, rule, path, seen.get(path, []))


def _of_field(
    log: EventReader, states: StreamStates, rule: Rule, path: str, seen: Sequence[_Seen]
) -> Iterator[str]:
    there = [it for it in seen if it.kind != MISSING]
    if seen and not there:
        yield _unknown(log, states, rule, path, seen[0].stream)
    for it in there:
        if it.kind == LIST:
            yield (
                said(
                    "`{path}` is a list, first at {position:,}: the rule tests whether any "
                    "item matches",
                    path=path,
                    position=it.position,
                )
            )
        if it.kind == "object":
            yield said(
                "`{path}` is an object, first at {position:,}: name one of its fields",
                path=path,
                position=it.position,
            )
    plain = [it for it in there if it.kind not in (LIST, "object")]
    if len(plain) > 1:
        first, *others = plain
        told = ", ".join(
            said("{kind} since {position:,}", kind=_a(it.kind), position=it.position)
            for it in others
        )
        yield (
            said(
                "`{path}` is {kind}, and {told}: values are compared only with values "
                "of the same type",
                path=path,
                kind=_a(first.kind),
                told=told,
            )
        )
    if len(plain) == 1 and (wanted := _compared(rule, path) - {plain[0].kind}):
        told = " or ".join(map(_a, sorted(wanted)))
        yield said(
            "`{path}` is {kind}, and the rule compares it with {told}",
            path=path,
            kind=_a(plain[0].kind),
            told=told,
        )


def _compared(rule: Rule, path: str) -> set[str]:
    """Of what kinds the values are that the rule compares a field with."""
    claims = (it for it in leaves(parse_condition(rule.where)) if isinstance(it, Claim))
    return {it.kind for it in claims if path_of(it.field[1:]) == path and it.value is not None}


def _owned_elsewhere(log: EventReader, rule: Rule) -> str | None:
    """While a file of a person's own models is not run."""
    own = own_models.of(log.place)
    found = [it for it in (own.models if own else ()) if rule.of in ("", it.category)]
    if own is None or not found or not (why := own_models.why_not_run(own, Trust())):
        return None
    return said(
        "the rule uses the merged payloads of {category}-…, not the model's states: {why}",
        category=found[0].category,
        why=why,
    )


def _not_asked(log: EventReader) -> str:
    """Of the invariants of a file that is not run; empty where it is, or there is none."""
    own = own_models.of(log.place)
    why = "" if own is None else own_models.why_not_run(own, Trust())
    return said("invariants of your own models are not checked: {why}", why=why) if why else ""


def _unknown(log: EventReader, states: StreamStates, rule: Rule, path: str, stream: str) -> str:
    try:
        known = list(state_paths(states.at(log, stream, log.head()).state))
    except StoreError:
        known = []
    close = nearest(path, known)
    whose = said("of {value}-…", value=rule.of) if rule.of else said("of any stream")
    return said("no state {whose} has had a field `{path}`", whose=whose, path=path) + _nearest(
        close
    )


def _no_stream(log: EventReader, rule: Rule) -> str:
    if not rule.of:
        return said("there is no event yet")
    known = sorted({it.partition("-")[0] for it in log.stream_names() if "-" in it})
    return said("no stream is named {value}-…", value=rule.of) + _nearest(nearest(rule.of, known))


def _raised(it: Problem) -> str:
    more = (
        said(
            ", and in {streams}",
            streams=counted("{count:,} more stream", "{count:,} more streams", it.streams - 1),
        )
        if it.streams > 1
        else ""
    )
    whose = said("it") if it.rule else said("the model")
    return said(
        "{whose} fails at {position:,} in {stream}{more}: {what}",
        whose=whose,
        position=it.position,
        stream=it.stream,
        more=more,
        what=it.what,
    )


def _nearest(close: Sequence[str]) -> str:
    return said("; nearest: {close}", close=", ".join(close)) if close else ""


def _a(kind: str) -> str:
    return _WORDS.get(kind, f"a {kind}")
