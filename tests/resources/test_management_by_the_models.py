"""What organisers do in the conference sample is what the models would have decided.

The rest of the sample is decided by the models themselves; the organisers' script keeps drafts to
itself, as the original does, and so is compared with the models here.
"""

from typing import Any

import msgspec
import pytest

from replay.models.conference import management, seat_types
from replay.models.conference.management import (
    ConferenceCreated,
    ConferencePublished,
    ConferenceUnpublished,
    ConferenceUpdated,
    CreateConference,
    NewOwner,
    PublishConference,
    UnpublishConference,
    UpdateConference,
)
from replay.models.conference.seat_types import AnnounceSeats, OfferSeats, SeatCreated, SeatUpdated
from replay.typed_model import Command, Event, TypedModel
from tests.replay.models.conference.rehearsal import Known
from tests.resources.sample_lines import Line, lines

PUBLIC = management.Conference(slug="known", is_published=True, was_ever_published=True)
MODELS: dict[str, TypedModel[Any]] = {
    it.category: it for it in (management.MODEL, seat_types.MODEL)
}
MANAGED = [it for it in lines("conference") if it["stream"].split("-")[0] in MODELS]


def read(line: Line) -> Event:
    model = MODELS[line["stream"].split("-")[0]]
    type_ = next(it for it in model.events if it.__name__ == line["type"])
    event: Event = msgspec.convert(line["data"], type_)
    return event


def command_of(event: Any, name: str) -> Command:
    """The command that asks for what the event says."""
    match event:
        case ConferenceCreated():
            said = _said(event, CreateConference)
            owner = NewOwner(name=event.owner.name, email=event.owner.email)
            return CreateConference(**said | {"owner": owner})
        case ConferenceUpdated():
            return UpdateConference(**_said(event, UpdateConference))
        case ConferencePublished():
            return PublishConference(slug=name)
        case ConferenceUnpublished():
            return UnpublishConference(slug=name)
    return OfferSeats(seat_type=name, **_said(event, OfferSeats))


def _said(event: Any, command: type[Command]) -> dict[str, Any]:
    shared = set(event.__struct_fields__) & set(command.__struct_fields__)
    return {name: getattr(event, name) for name in shared}


def test_every_step_of_the_organisers_is_what_the_models_decide() -> None:
    states: dict[str, Any] = {}
    for line in MANAGED:
        category, _, name = line["stream"].partition("-")
        model, event = MODELS[category], read(line)
        before = states.get(line["stream"], model.initial())

        decided = model.decide(before, command_of(event, name), Known(lambda _stream: PUBLIC))

        assert list(decided) == [_with_its_code(event, decided)]
        states[line["stream"]] = model.evolve(before, event)
    assert len(MANAGED) > 15


def _with_its_code(event: Event, decided: Any) -> Event:
    """The sample keeps the owner's access code to itself."""
    if isinstance(event, ConferenceCreated):
        return msgspec.structs.replace(event, access_code=decided[0].access_code)
    return event


@pytest.mark.parametrize(
    "line", [it for it in MANAGED if it["type"] == "SeatCreated"], ids=lambda it: it["stream"]
)
def test_seats_that_were_drafted_are_announced_as_they_stand_in_the_sample(line: Line) -> None:
    created = read(line)
    assert isinstance(created, SeatCreated)
    assert not isinstance(created, SeatUpdated)
    offer = {name: getattr(created, name) for name in SeatCreated.__struct_fields__}
    draft = seat_types.SeatTypeState(**offer, is_draft=True)
    name = line["stream"].partition("-")[2]

    decided = seat_types.MODEL.decide(draft, AnnounceSeats(seat_type=name), Known())

    assert list(decided) == [created]
