"""What was taught of a category as a model: its states are JSON values."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec

from replay.states.merge_patch import copy
from replay.states.model import Model, Readable
from replay.states.model_definition import definition_by
from replay.taught.reducer import Reaction, compiled
from replay.taught.shape import initial_of
from replay.taught.steps import Taught, Types, WrongTeaching
from replay.taught.values import Unfit
from replay.words import said
from store import json_text
from store.errors import StoreError

PREFIX: Final = "taught:"
ENGINE: Final = (
    "replay.taught.steps",
    "replay.taught.paths",
    "replay.taught.values",
    "replay.taught.places",
    "replay.taught.reducer",
    "replay.taught.shape",
    "replay.states.merge_patch",
    "store.json_text",
)


class TaughtFailed(StoreError):
    """What was taught cannot be done at an event: there is no state from there on."""

    hint = said("Change the taught steps, or skip events where something is missing.")

    def __init__(self, event: Readable, why: str) -> None:
        super().__init__(
            said(
                "{type} at position {position}: {why}",
                type=event.type,
                position=event.position,
                why=why,
            )
        )
        self.position, self.type, self.why = event.position, event.type, why


def taught_model(taught: Taught) -> Model[Any]:
    """Raises WrongTeaching."""
    initial = initial_of(taught.types)
    reactions = {name: _compiled(name, taught.types, initial) for name in taught.types}
    effective = {name: it for name, it in reactions.items() if it is not None}
    return Model(
        name=name_of(taught.category),
        version=1,
        initial=initial,
        evolve=_evolver(effective, is_owned=False),
        evolve_owned=_evolver(effective, is_owned=True),
        copy=copy,
        to_json=_as_is,
        from_json=_as_is,
        definition=definition_of(taught),
    )


def name_of(category: str) -> str:
    """The name of the model that was taught of a category."""
    return f"{PREFIX}{category}"


def definition_of(taught: Taught) -> str:
    """Changes with what was taught and with the code that folds it; two versions that say the same
    have the same one."""
    stated = json_text.encode(msgspec.to_builtins(taught.types, builtin_types=(Decimal,)))
    return definition_by([name_of(taught.category), stated], ENGINE)


def _compiled(name: str, types: Types, initial: Any) -> Reaction | None:
    try:
        return compiled(types[name], initial)
    except WrongTeaching as error:
        raise WrongTeaching(f"{name}: {error}") from None


def _evolver(reactions: dict[str, Reaction], *, is_owned: bool) -> Callable[[Any, Readable], Any]:
    reaction_to = reactions.get

    def evolve(state: Any, event: Readable) -> Any:
        reaction = reaction_to(event.type)
        if reaction is None:
            return state
        data = reaction.read(event.data_json)
        if data is None:
            return state
        try:
            return reaction.apply(state if is_owned else dict(state), data, is_owned)
        except Unfit as error:
            raise TaughtFailed(event, str(error)) from None

    return evolve


def _as_is(value: Any) -> Any:
    return value
