"""What a model decided is looked at before anything is recorded: events of its own types and a
state of its own type, and all of it can be written down.
"""

from collections.abc import Iterable
from typing import Any

from replay.states.json_form import require_json
from replay.states.model_set import AnyModel
from replay.typed_model import Command, Event
from replay.words import said
from store.errors import StoreError


class UnsoundDecision(StoreError):
    """The model gave something else than events."""

    hint = said("`decide` must return a sequence of the model's events, or raise Refused.")


class UnsoundState(StoreError):
    """The model made something else than a state."""

    hint = said(
        "`evolve` must return a state for every event; return the state it was "
        "given if nothing changes."
    )


def sound_events(model: AnyModel, command: Command, found: Any) -> tuple[Event, ...]:
    """The events of a decision. Raises UnsoundDecision, NotJson."""
    where, name = said("decide of the model {name!r}", name=model.name), type(command).__name__
    if isinstance(found, str | bytes) or not isinstance(found, Iterable):
        raise UnsoundDecision(
            said(
                "{where} returned {found} for {name} instead of events",
                where=where,
                found=_kind(found),
                name=name,
            )
        )
    events = tuple(found)
    for number, event in enumerate(events, 1):
        if not isinstance(event, model.events):
            told = said(
                "returned {event} for {name}, as event number {number}",
                event=_kind(event),
                name=name,
                number=number,
            )
            raise UnsoundDecision(
                said("{where} {told}, which is not an event of the model", where=where, told=told)
            )
        require_json(
            event,
            said(
                "the {name__} that {where} returned for {name}",
                name__=type(event).__name__,
                where=where,
                name=name,
            ),
        )
    return events


def sound_state(model: AnyModel, event: Event, state: Any) -> Any:
    """The state after an event. Raises UnsoundState."""
    if not isinstance(state, model.state):
        where = said("evolve of the model {name!r}", name=model.name)
        due = model.state.__name__
        raise UnsoundState(
            said(
                "{where} returned {state} for {name__} instead of a {due}",
                where=where,
                state=_kind(state),
                name__=type(event).__name__,
                due=due,
            )
        )
    return state


def require_written(model: AnyModel, state: Any) -> None:
    """Raises NotJson when a state cannot be kept, shown or compared."""
    require_json(
        state, said("the state that evolve of the model {name!r} returned", name=model.name)
    )


def _kind(value: object) -> str:
    return (
        said("None")
        if value is None
        else said("a value of type {name__}", name__=type(value).__name__)
    )
