"""What a model decided is looked at before anything is recorded: events of its own types and a
state of its own type, and all of it can be written down.
"""

from collections.abc import Iterable
from typing import Any

from replay.states.json_form import require_json
from replay.states.model_set import AnyModel
from replay.typed_model import Command, Event
from store.errors import StoreError


class UnsoundDecision(StoreError):
    """The model gave something else than events."""

    hint = "`decide` gives a sequence of the model's events, or raises Refused."


class UnsoundState(StoreError):
    """The model made something else than a state."""

    hint = "`evolve` gives a state for every event, the one it was given where nothing changes."


def sound_events(model: AnyModel, command: Command, found: Any) -> tuple[Event, ...]:
    """The events of a decision. Raises UnsoundDecision, NotJson."""
    where, name = f"decide of the model {model.name!r}", type(command).__name__
    if isinstance(found, str | bytes) or not isinstance(found, Iterable):
        raise UnsoundDecision(f"{where} gave {_kind(found)} for {name}, and no events")
    events = tuple(found)
    for number, event in enumerate(events, 1):
        if not isinstance(event, model.events):
            told = f"gave {_kind(event)} for {name}, as number {number} of its events"
            raise UnsoundDecision(f"{where} {told}; it is none of the model's")
        require_json(event, f"the {type(event).__name__} that {where} gave for {name}")
    return events


def sound_state(model: AnyModel, event: Event, state: Any) -> Any:
    """The state after an event. Raises UnsoundState."""
    if not isinstance(state, model.state):
        where = f"evolve of the model {model.name!r}"
        due = model.state.__name__
        raise UnsoundState(f"{where} gave {_kind(state)} for {type(event).__name__}, not a {due}")
    return state


def require_written(model: AnyModel, state: Any) -> None:
    """Raises NotJson when a state cannot be kept, shown or compared."""
    require_json(state, f"the state that evolve of the model {model.name!r} gave")


def _kind(value: object) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
