"""What a state that was taught looks like at the beginning, and what cannot go together.

Every field that a step names is there from the start: numbers are 0, lists empty, other values
null. Where the whole data is merged into the state, nobody knows its fields, and it begins empty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from msgspec import UNSET

from replay.states.merge_patch import copy
from replay.taught import steps as taught
from replay.taught.paths import (
    Chosen,
    Target,
    data_path,
    expression,
    plain,
    target,
    target_text,
)
from replay.taught.reducer import expressions_of
from replay.taught.steps import Ignore, Step, Types, WrongTeaching
from replay.taught.values import is_odd
from replay.words import said

Kind: TypeAlias = Literal["value", "object", "list", "number", "anything"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A place of the state that a step changes."""

    type: str
    number: int  # of the step, from 1
    names: tuple[str, ...]  # a star for an entry of a list
    kind: Kind
    what: str  # the step, as it is named


def uses_of(types: Types) -> Iterator[Use]:
    """Every place that a step changes, and the lists whose entries it looks for. Raises
    WrongTeaching with the type and the step."""
    for name, steps in types.items():
        for number, step in enumerate(steps, 1):
            if isinstance(step, Ignore):
                continue
            try:
                yield from _uses(step, name, number)
            except WrongTeaching as error:
                raise WrongTeaching(
                    said("{name}, step {number}: {error}", name=name, number=number, error=error)
                ) from None


def require_sound(types: Types) -> None:
    """Raises WrongTeaching with what is wrong, and where."""
    for name, steps in types.items():
        for number, step in enumerate(steps, 1):
            try:
                _require_step(step, is_alone=len(steps) == 1)
            except WrongTeaching as error:
                raise WrongTeaching(
                    said("{name}, step {number}: {error}", name=name, number=number, error=error)
                ) from None
    found = list(dict.fromkeys(uses_of(types)))
    first: dict[tuple[tuple[str, ...], Kind], Use] = {}
    for it in found:
        first.setdefault((it.names, it.kind), it)
    for it in first.values():
        for other in first.values():
            if sentence := _conflict(it, other):
                raise WrongTeaching(sentence)


def is_open(types: Types) -> bool:
    """Whether the whole state takes fields that are not named."""
    return any(not it.names and it.kind == "object" for it in uses_of(types))


def initial_of(types: Types) -> Callable[[], Any]:
    """Gives the state of an empty stream, each time a new one."""
    begun: dict[str, Any] = {}
    if not is_open(types):
        for it in uses_of(types):
            if it.names and "*" not in it.names:
                _begin(begun, it)
    return lambda: copy(begun)


def _begin(begun: dict[str, Any], use: Use) -> None:
    here = begun
    for name in use.names[:-1]:
        if type(here.get(name)) is not dict:
            here[name] = {}
        here = here[name]
    name, found = use.names[-1], {"list": [], "number": 0, "object": {}}.get(use.kind)
    if here.get(name) is None:
        here[name] = found


def _uses(step: Step, type_: str, number: int) -> Iterator[Use]:
    assert not isinstance(step, Ignore)
    place, what = target(step.to), str(type(step).__struct_config__.tag)
    for at, it in enumerate(place):
        if isinstance(it, Chosen):
            names = plain(place[:at])
            yield Use(type=type_, number=number, names=names, kind="list", what=what)
    names = plain(place)
    yield Use(type=type_, number=number, names=names, kind=_kind(step), what=what)


def _kind(step: Step) -> Kind:
    match step:
        case taught.AddToList() | taught.RemoveByKey():
            return "list"
        case taught.Count() | taught.Add() | taught.Subtract():
            return "number"
        case taught.Merge():
            return "object"
        case taught.Set():
            return "value"
    return "anything"


def _require_step(step: Step, *, is_alone: bool) -> None:
    if isinstance(step, Ignore):
        if not is_alone:
            raise WrongTeaching(said("an ignored event type cannot have other steps"))
        return
    if step.each:
        data_path(step.each)
    for it in expressions_of(step):
        if not it.strip():
            raise WrongTeaching(
                said("{step} needs a value: the path of a field of the data", step=_name(step))
            )
        expression(it)
    place = target(step.to)
    if not place and not isinstance(step, taught.Merge | taught.Delete):
        raise WrongTeaching(
            said("{step} needs a path inside the state, not the whole state", step=_name(step))
        )
    if place and isinstance(place[-1], Chosen) and _kind(step) in ("list", "number"):
        raise WrongTeaching(
            said("{step} needs a field of the entry: {to}.quantity", step=_name(step), to=step.to)
        )
    if any(isinstance(it, str) and it == "*" for it in place):
        raise WrongTeaching(said('a field of the state cannot be named "*"'))
    if place and is_odd(str(place[0])):
        raise WrongTeaching(
            said("this name is not allowed for a field of the state: {place!r}", place=place[0])
        )
    _require_fields(step, place)


def _require_fields(step: Step, place: Target) -> None:
    match step:
        case taught.Set() if step.constant is not UNSET and step.value:
            raise WrongTeaching(said("set takes a value of the data or a constant, not both"))
        case taught.Merge() if len(expression(step.value)) > 1:
            raise WrongTeaching(said("merge takes one field of the data"))
        case taught.AddToList():
            _require_entry(step, place)
        case taught.RemoveByKey(key=""):
            raise WrongTeaching(
                said(
                    "remove by key needs the key of the entries in {place}",
                    place=target_text(place),
                )
            )


def _require_entry(step: taught.AddToList, place: Target) -> None:
    if step.sum and not step.key:
        raise WrongTeaching(said("only entries with a key can be summed"))
    if not isinstance(step.entry, dict):
        return
    if not step.entry:
        raise WrongTeaching(said("the entry for {place} has no fields", place=target_text(place)))
    for name in (*([step.key] if step.key else []), *step.sum):
        if name not in step.entry:
            raise WrongTeaching(
                said(
                    "the entry for {place} has no field {name!r}",
                    place=target_text(place),
                    name=name,
                )
            )


def _name(step: Step) -> str:
    return str(type(step).__struct_config__.tag)


def _conflict(it: Use, other: Use) -> str:
    """Why two places cannot go together; empty when they can."""
    if it.names == other.names and {it.kind, other.kind} == {"list", "number"}:
        return _sentence(it, other, said("is a list in one and a number in the other"))
    is_within = len(other.names) > len(it.names) and other.names[: len(it.names)] == it.names
    if not is_within or not it.names:
        return ""
    if it.kind == "list" and other.names[len(it.names)] == "*":
        return ""
    if it.kind in ("list", "number") or (it.kind == "value" and "*" not in it.names[-1:]):
        inner = target_text(other.names)
        return _sentence(it, other, said("is not an object that can contain {inner}", inner=inner))
    return ""


def _sentence(it: Use, other: Use, why: str) -> str:
    return said(
        "{type}, step {number} ({what}) and {other_type}, step {other_number} "
        "({other_what}) conflict: {names} {why}",
        type=it.type,
        number=it.number,
        what=it.what,
        other_type=other.type,
        other_number=other.number,
        other_what=other.what,
        names=target_text(it.names),
        why=why,
    )
