"""What may be asked of ships, cargo and ports, and the rules that answer."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from msgspec import Meta

from replay.models.ships import (
    AT_SEA,
    CANADA,
    Aboard,
    Arrival,
    Cargo,
    CargoCode,
    CargoRegistered,
    Departure,
    Load,
    Occurred,
    Port,
    PortCode,
    PortRegistered,
    Ship,
    ShipCode,
    ShipRegistered,
    Unload,
)
from replay.typed_model import Command, Event, Refused, Situation


class RegisterPort(Command, frozen=True):
    """Make a port known."""

    code: Annotated[str, Meta(title="Code", pattern="^[a-z0-9-]+$")]
    name: Annotated[str, Meta(title="Name", min_length=1)]
    country: Annotated[
        str, Meta(title="Country", min_length=1, description="CANADA, US, …; customs asks for it")
    ]


class RegisterShip(Command, frozen=True):
    """Make a ship known."""

    code: Annotated[str, Meta(title="Code", pattern="^[a-z0-9-]+$")]
    name: Annotated[str, Meta(title="Name", min_length=1)]


class RegisterCargo(Command, frozen=True):
    """Make cargo known that waits in a port."""

    code: Annotated[str, Meta(title="Code", min_length=1)]
    name: Annotated[str, Meta(title="Name", min_length=1)]
    port: PortCode
    declared_value: Annotated[
        Decimal, Meta(title="Declared value", extra_json_schema={"minimum": 0, "x-unit": "$"})
    ]
    registration_code: Annotated[str, Meta(title="Registration code")] = ""


class ReportArrival(Command, frozen=True):
    """A ship has come into a port. Customs is told; each cargo aboard is priced."""

    ship: ShipCode
    port: PortCode
    occurred: Occurred
    missed_departure: Annotated[
        Literal["accept", "refuse"],
        Meta(title="If it has not left its last port", description="its departure may be missing"),
    ] = "accept"


class ReportDeparture(Command, frozen=True):
    """A ship has left its port."""

    ship: ShipCode
    port: PortCode
    occurred: Occurred


class LoadCargo(Command, frozen=True):
    """Cargo goes aboard, where both it and the ship are."""

    ship: ShipCode
    cargo: CargoCode
    occurred: Occurred


class UnloadCargo(Command, frozen=True):
    """Cargo goes ashore in a port."""

    ship: ShipCode
    cargo: CargoCode
    occurred: Occurred


def decide_ship(ship: Ship, command: Command, situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, RegisterShip):
        if ship.code:
            raise Refused("ship is new", f"The ship {ship.code} is known already.")
        return [ShipRegistered(code=command.code, name=command.name, port=AT_SEA)]
    if not ship.code:
        raise Refused("ship exists", "There is no such ship.")
    match command:
        case ReportArrival():
            return [_arrival(ship, command, situation)]
        case ReportDeparture():
            if ship.port == AT_SEA or ship.port != command.port:
                raise Refused("departs from where it is", f"The ship is at {ship.port}.")
            return [Departure(occurred=command.occurred, port=command.port, ship=ship.code)]
        case LoadCargo():
            return [_load(ship, command, situation)]
        case UnloadCargo():
            return [_unload(ship, command)]
    raise TypeError(f"no ship command: {type(command).__name__}")


def _arrival(ship: Ship, command: ReportArrival, situation: Situation) -> Event:
    if command.missed_departure == "refuse" and ship.port != AT_SEA:
        raise Refused("leaves before it arrives", f"The ship is in {ship.port}.")
    port = situation.state_of(f"port-{command.port}")
    if not port.code:
        raise Refused("port exists", f"There is no port {command.port}.")
    return Arrival(
        occurred=command.occurred,
        port=command.port,
        ship=ship.code,
        country=port.country,
        prior_port=ship.port,
        aboard={
            code: _priced(code, command.occurred, port.country, situation) for code in ship.aboard
        },
    )


def _priced(code: str, occurred: str, country: str, situation: Situation) -> Aboard:
    """A cargo aboard at an arrival, with the price that the office gives for the day."""
    prior = situation.state_of(f"cargo-{code}").has_been_in_canada
    answer = situation.ask("pricing", {"cargo": code, "day": occurred[:10]})
    try:
        value = Decimal(str(answer))
    except InvalidOperation:
        raise Refused(
            "a price is a number", f"The price office said {answer!r} of {code}."
        ) from None
    return Aboard(
        prior_has_been_in_canada=prior,
        has_been_in_canada=prior or country.upper() == CANADA,
        value=value,
    )


def _load(ship: Ship, command: LoadCargo, situation: Situation) -> Event:
    cargo = situation.state_of(f"cargo-{command.cargo}")
    if not cargo.code:
        raise Refused("cargo exists", f"There is no cargo {command.cargo}.")
    if ship.port == AT_SEA or cargo.port != ship.port:
        where = cargo.port or f"aboard {cargo.ship}"
        raise Refused("loaded where both are", f"The ship is at {ship.port}, the cargo is {where}.")
    flag = Aboard(has_been_in_canada=cargo.has_been_in_canada, value=cargo.declared_value)
    return Load(
        occurred=command.occurred,
        cargo=command.cargo,
        ship=ship.code,
        prior_port=ship.port,
        aboard={command.cargo: flag},
    )


def _unload(ship: Ship, command: UnloadCargo) -> Event:
    if ship.port == AT_SEA:
        raise Refused("unloaded in a port", "The ship is at sea.")
    if command.cargo not in ship.aboard:
        raise Refused("cargo is aboard", f"{command.cargo} is not aboard.")
    return Unload(
        occurred=command.occurred, cargo=command.cargo, ship=ship.code, aboard={command.cargo: None}
    )


def decide_cargo(cargo: Cargo, command: Any, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if cargo.code:
        raise Refused("cargo is new", f"The cargo {cargo.code} is known already.")
    return [
        CargoRegistered(
            code=command.code,
            name=command.name,
            port=command.port,
            has_been_in_canada=False,
            declared_value=command.declared_value,
            registration_code=command.registration_code,
        )
    ]


def decide_port(port: Port, command: Any, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if port.code:
        raise Refused("port is new", f"The port {port.code} is known already.")
    return [PortRegistered(code=command.code, name=command.name, country=command.country)]
