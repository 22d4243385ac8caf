"""Old shapes on the way to the current one: link by link, and never by guessing."""

from typing import Any

import pytest

from replay.models.conference.orders import MODEL as ORDERS
from replay.states.fold import fold
from replay.states.typed_fold import MissingUpcast, Reading, folding
from replay.typed_model import Event, State, TypedModel, Upcast
from store import json_text
from store.events import RecordedEvent


class Moved(Event, frozen=True):
    """Its third shape: a city and a country, once one text."""

    city: str
    country: str


class Home(State, frozen=True):
    """Where somebody lives."""

    city: str = ""
    country: str = ""


def _split(data: dict[str, Any]) -> dict[str, Any]:
    city, _, country = data["place"].partition(", ")
    return {"city": city, "land": country}


def _rename(data: dict[str, Any]) -> dict[str, Any]:
    return {"city": data["city"], "country": data["land"]}


UPCASTS = (
    Upcast(type="Moved", version=1, change=_split),
    Upcast(type="Moved", version=2, change=_rename),
    Upcast(type="Relocated", version=1, change=dict, becomes="Moved", becomes_version=1),
)


def model(upcasts: tuple[Upcast, ...] = UPCASTS) -> TypedModel[Home]:
    return TypedModel(
        name="home",
        title="Home",
        version=1,
        category="home",
        state=Home,
        events=(Moved,),
        commands=(),
        evolve=lambda _home, event: Home(city=event.city, country=event.country),
        decide=lambda _home, _command, _situation: (),
        stream_of=lambda _command: "home-1",
        upcasts=upcasts,
    )


def recorded(data: Any, version: int | None, type_: str = "Moved") -> RecordedEvent:
    metadata = {} if version is None else {"user": "ada", "schema_version": version}
    return RecordedEvent(
        7,
        "home-1",
        1,
        type_,
        "e",
        1,
        0,
        1,
        0,
        json_text.encode(data),
        json_text.encode(metadata),
        None,
    )


@pytest.mark.parametrize(
    ("event", "steps"),
    [
        (recorded({"city": "Oslo", "country": "Norway"}, 3), ("Moved 3",)),
        (recorded({"city": "Oslo", "land": "Norway"}, 2), ("Moved 2", "Moved 3")),
        (recorded({"place": "Oslo, Norway"}, 1), ("Moved 1", "Moved 2", "Moved 3")),
        (recorded({"place": "Oslo, Norway"}, None), ("Moved 1", "Moved 2", "Moved 3")),
        (
            recorded({"place": "Oslo, Norway"}, 1, "Relocated"),
            ("Relocated 1", "Moved 1", "Moved 2", "Moved 3"),
        ),
    ],
)
def test_every_shape_is_read_as_the_current_one(
    event: RecordedEvent, steps: tuple[str, ...]
) -> None:
    before = event.data_json

    state = fold(folding(model()), [event]).state

    assert state == Home(city="Oslo", country="Norway")
    assert Reading(model()).upcast(event).steps == steps
    assert event.data_json == before


def test_a_missing_link_names_type_and_version() -> None:
    without_the_second = tuple(it for it in UPCASTS if it.version != 2)
    broken = model((*without_the_second, Upcast(type="Moved", version=3, change=dict)))

    with pytest.raises(MissingUpcast, match="no upcast for Moved in version 2") as caught:
        fold(folding(broken), [recorded({"place": "Oslo, Norway"}, 1)])

    assert (caught.value.type, caught.value.version) == ("Moved", 2)
    assert "position 7" in str(caught.value)


def test_a_shape_from_the_future_is_no_guess() -> None:
    with pytest.raises(MissingUpcast, match="version 10"):
        fold(folding(model()), [recorded({"city": "Oslo", "country": "Norway"}, 10)])


def test_the_first_version_of_a_confirmed_order_is_still_confirmed() -> None:
    placed = {
        "conferenceId": "c",
        "seats": [],
        "accessCode": "X",
        "reservationAutoExpiration": "2026-01-01T00:00:00Z",
    }
    events = [
        recorded(placed, None, "OrderPlaced"),
        recorded({}, None, "OrderPaymentConfirmed"),
    ]

    assert fold(folding(ORDERS), events).state.is_confirmed


def test_a_chain_that_leads_back_to_where_it_began_is_told() -> None:
    circle = (
        Upcast(type="Gone", version=1, change=dict, becomes="Left", becomes_version=1),
        Upcast(type="Left", version=1, change=dict, becomes="Gone", becomes_version=1),
    )

    with pytest.raises(MissingUpcast):
        Reading(model((*UPCASTS, *circle))).upcast(recorded({}, 1, "Gone"))


@pytest.mark.parametrize("version", [0, -1])
def test_a_shape_that_cannot_be_is_read_as_the_first(version: int) -> None:
    found = Reading(model()).upcast(recorded({"place": "Oslo, Norway"}, version))

    assert found.steps == ("Moved 1", "Moved 2", "Moved 3")
