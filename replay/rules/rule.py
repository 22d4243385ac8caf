"""A standing rule: a condition that no state of some streams should ever meet."""

from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

from replay.states.model_set import AnyModel, ModelSet
from replay.words import said
from store.errors import StoreError
from store.filter.parse import parse_condition

Severity: TypeAlias = Literal["error", "warning", "info"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
LONGEST_NAME: Final = 100  # characters


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person keeps. It is broken while `where` holds of the state of a stream; where it
    asks whether a field has changed, by every event of which it holds."""

    name: str
    where: str  # a condition on a state
    of: str = ""  # the category of the streams that it is about; empty: every stream
    severity: Severity = "error"
    note: str = ""


class Invariant(Struct, frozen=True):
    """What a model says of its own states. It is broken while that is not so."""

    name: str
    what: str  # as the model names it
    model: str
    of: str  # the category of the model's streams


class WrongRule(StoreError):
    """A rule that cannot be kept."""

    hint = said("Change the rule and try again.")


class UnknownRule(StoreError):
    """No rule has this name."""

    hint = said("List the rules with: main.py rules STORE")

    def __init__(self, name: str) -> None:
        super().__init__(said("no rule is saved as {name!r}", name=name))
        self.name = name


def require_sound(rule: Rule, *, taken: frozenset[str] = frozenset()) -> None:
    """Raises WrongRule with what is wrong; WrongFilter for a condition that cannot be read."""
    name = rule.name
    if not name.strip() or name != name.strip() or not name.isprintable():
        raise WrongRule(said("the name of a rule must be one line: {name!r}", name=name))
    if len(name) > LONGEST_NAME:
        raise WrongRule(
            said(
                "the name of a rule has at most {longest_name} characters: {name!r}",
                longest_name=LONGEST_NAME,
                name=name,
            )
        )
    if name in taken:
        raise WrongRule(
            said("a model already has an invariant with this name: {name!r}", name=name)
        )
    if rule.of != rule.of.strip() or rule.of.endswith("-"):
        raise WrongRule(
            said(
                "a category is the part of a stream name before the dash: {value!r}", value=rule.of
            )
        )
    parse_condition(rule.where)


def invariants_of(models: ModelSet) -> tuple[Invariant, ...]:
    """Those that the models declare, by model."""
    return tuple(
        Invariant(name=invariant_name(model, it), what=it, model=model.name, of=model.category)
        for model in models.models
        for it in model.invariants
    )


def invariant_name(model: AnyModel, what: str) -> str:
    """What an invariant is called among the rules."""
    return f"{model.name}: {what}"


def is_about(rule: Rule | Invariant, stream: str) -> bool:
    """Whether a stream is one of those that the rule is about, as far as its name tells."""
    return not rule.of or stream.startswith(f"{rule.of}-")


def facts_of(rule: Rule | Invariant) -> dict[str, Any]:
    """The rule as a JSON value."""
    if isinstance(rule, Invariant):
        return {"rule": rule.name, "of": rule.of, "model": rule.model, "severity": "error"}
    return {
        "rule": rule.name,
        "of": rule.of,
        "where": rule.where,
        "severity": rule.severity,
        "note": rule.note,
    }
