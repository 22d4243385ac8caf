"""What was taught of a category as a model: its states are JSON values."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from replay.states.long_list import of_its_own, plain, with_long_lists
from replay.states.model import Model, Readable, Runs
from replay.states.model_definition import definition_by
from replay.taught.reducer import Reaction, compiled
from replay.taught.shape import initial_of
from replay.taught.steps import Taught, Types, WrongTeaching
from replay.taught.values import Unfit
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.stream_texts import StreamTexts

PREFIX: Final = "taught:"
ENGINE: Final = (
    "replay.taught.steps",
    "replay.taught.paths",
    "replay.taught.values",
    "replay.taught.places",
    "replay.taught.reducer",
    "replay.taught.shape",
    "replay.states.long_list",
    "replay.states.merge_patch",
    "store.json_text",
)


_Read: TypeAlias = tuple[Reaction, Any, int, str]  # what an event does, its data, position, type

_decode_raw: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


class TaughtFailed(StoreError):
    """What was taught cannot be done at an event: there is no state from there on."""

    hint = said("Change the taught steps, or skip events where something is missing.")

    def __init__(self, type_: str, position: int, why: str) -> None:
        super().__init__(
            said("{type} at position {position}: {why}", type=type_, position=position, why=why)
        )
        self.position, self.type, self.why = position, type_, why


def taught_model(taught: Taught) -> Model[Any]:
    """Raises WrongTeaching."""
    initial = initial_of(taught.types)
    reactions = {name: _compiled(name, taught.types, initial) for name in taught.types}
    effective = {name: it for name, it in reactions.items() if it is not None}
    runs = Runs(read=_reader(effective), step=_apply)
    return Model(
        name=name_of(taught.category),
        version=1,
        initial=initial,
        evolve=_evolver(effective, is_owned=False),
        evolve_owned=_evolver(effective, is_owned=True),
        copy=of_its_own,
        to_json=plain,
        from_json=with_long_lists,
        through=runs.through,
        runs=runs,
        has_json_states=True,
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
            raise TaughtFailed(event.type, event.position, str(error)) from None

    return evolve


def _reader(reactions: dict[str, Reaction]) -> Callable[[StreamTexts], Sequence[Any] | None]:
    """What events of a run do, each with its data; whatever shape it is told to be in."""
    reaction_to = reactions.get

    def read(texts: StreamTexts) -> Sequence[Any] | None:
        if texts.data_json is None:
            return None
        try:
            payloads = texts.raw or _decode_raw(texts.data_json)
        except json_text.REFUSALS:
            return None  # one of them cannot be read
        if len(payloads) != len(texts.types):
            return None
        found = list[_Read | UnsetType]()
        for position, type_, payload in zip(texts.positions, texts.types, payloads, strict=True):
            reaction = reaction_to(type_)
            if reaction is None or (data := reaction.read(payload)) is None:
                found.append(UNSET)
            else:
                found.append((reaction, data, position, type_))
        return found

    return read


def _apply(state: Any, read: _Read) -> Any:
    """The state after an event of a run; the state before it stays as it is."""
    reaction, data, position, type_ = read
    try:
        return reaction.apply(dict(state), data, False)
    except Unfit as error:
        raise TaughtFailed(type_, position, str(error)) from None
