"""Every rule of a log, by the streams that they are about, and what these are folded with."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from replay.rules.rule import Rule, invariant_name, is_about
from replay.rules.stream_run import Read
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
    """How the state of a stream goes on, and what is asked of it: one object for all streams of
    which both are the same."""

    model: Model[Any]
    conditions: tuple[Watching, ...]
    invariants: tuple[Invariant, ...] = ()
    parts: PartsFold | None = None  # of merged payloads: all that the conditions read

    @property
    def read(self) -> Read | None:
        """What reads many events together, first of all."""
        if self.parts is not None:
            return self.parts.read
        return None if self.model.runs is None else self.model.runs.read


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
        self._ruled: dict[tuple[str, ...], Ruled] = {}  # by a model and the names of rules

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
        key = (plain.name, *(it.name for it in watched))
        if key not in self._ruled:
            self._ruled[key] = _merging(watched) if plain is GENERIC else Ruled(plain, watched)
        return self._ruled[key]

    def owned(self, stream: str, model: AnyModel) -> Ruled:
        """While a model owns the stream."""
        watched, invariants = self._about(stream), self._invariants.get(model.name, ())
        key = ("", model.name, *(it.name for it in watched))
        if key not in self._ruled:
            self._ruled[key] = Ruled(self._models.fold(model), watched, invariants)
        return self._ruled[key]

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
