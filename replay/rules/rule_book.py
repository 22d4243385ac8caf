"""Every rule of a log, by the streams that they are about, and what these are folded with."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from replay.rules.rule import Rule, invariant_name, is_about
from replay.rules.watching import Watching, watching_invariant, watching_rule
from replay.states.generic_model import GENERIC, of_fields
from replay.states.generic_parts import PartsFold, parts_fold
from replay.states.model import Model
from replay.states.model_set import AnyModel, ModelSet
from replay.taught.teaching import NOTHING, Teaching

# By what types the parts have that a rule depends on: whether all are single values, of which it
# can be asked without the state; and the first event at which they were known to be so.
Seen: TypeAlias = dict[Any, tuple[bool, int]]
Invariant: TypeAlias = tuple[Watching, Callable[[Any], bool]]  # and whether it holds of a state


class Ruled(NamedTuple):
    """How the state of a stream goes on, and what is asked of it."""

    model: Model[Any]
    conditions: tuple[Watching, ...]
    invariants: tuple[Invariant, ...] = ()
    parts: PartsFold | None = None  # of merged payloads: all that the conditions read


class RuleBook:
    """Every rule of a log. One thread."""

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
        self._merging: dict[tuple[str, ...], Ruled] = {}  # by the names of the rules

    def concerns(self, stream: str) -> bool:
        """Whether any rule may be about a stream."""
        return stream.startswith(self._beginnings)

    def would_be(self, stream: str) -> AnyModel | None:
        """The model that owns the stream once there is an event that it knows."""
        return self._models.of_stream(stream)

    def knows(self, model: AnyModel) -> Callable[[str], bool]:
        """Whether events of a type make a stream the model's."""
        return self._models.reading(model).knows

    def merged(self, stream: str) -> Ruled:
        """While no model has it: payloads are merged, or what was taught is done."""
        watched, plain = self._about(stream), self._teaching.of_stream(stream)
        if plain is not GENERIC:
            return Ruled(plain, watched)
        names = tuple(it.name for it in watched)
        if names not in self._merging:
            self._merging[names] = _merging(watched)
        return self._merging[names]

    def owned(self, stream: str, model: AnyModel) -> Ruled:
        """While a model owns the stream."""
        invariants = self._invariants.get(model.name, ())
        return Ruled(self._models.fold(model), self._about(stream), invariants)

    def seen(self, rule: Watching) -> Seen:
        """Of what types were the parts that a rule depends on."""
        return self._seen.setdefault(rule.name, {})

    def _about(self, stream: str) -> tuple[Watching, ...]:
        return tuple(watched for rule, watched in self._rules if is_about(rule, stream))


def _merging(watched: tuple[Watching, ...]) -> Ruled:
    paths = [path for it in watched for path in it.paths]
    model = of_fields(tuple(dict.fromkeys(path[0] for path in paths))) or GENERIC
    if any(it.is_of_changes for it in watched):
        return Ruled(model, watched)  # which is asked of the states before and after an event
    return Ruled(model, watched, parts=parts_fold(frozenset(paths)))


def _invariants(model: AnyModel) -> tuple[Invariant, ...]:
    return tuple(
        (watching_invariant(invariant_name(model, name), holds), holds)
        for name, holds in model.invariants.items()
    )
