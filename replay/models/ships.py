"""Ships, cargo and ports: where they are, and which cargo has ever been in a Canadian port.

After an article on event sourcing whose example it is. Loading only where the ship is, and
unloading only in a port, are rules of ours. A ship that is in a port may arrive elsewhere (its
departure was missed); `STRICT_SHIP` refuses that.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from replay.typed_model import (
    Command,
    DatedRule,
    Event,
    Refused,
    Situation,
    State,
)

AT_SEA: Final = "AT_SEA"
CANADA: Final = "CANADA"
CANADIAN_PORTS: Final = frozenset({"vancouver", "prince-rupert", "montreal", "halifax"})

Occurred = Annotated[
    str, Meta(title="When it happened", pattern=r"^\d{4}-\d{2}-\d{2}", description="2005-11-02")
]
ShipCode = Annotated[str, Meta(title="Ship", min_length=1, extra_json_schema={"x-choices": "ship"})]
PortCode = Annotated[str, Meta(title="Port", min_length=1, extra_json_schema={"x-choices": "port"})]
CargoCode = Annotated[
    str, Meta(title="Cargo", min_length=1, extra_json_schema={"x-choices": "cargo"})
]


class Aboard(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Of one cargo aboard: what it was worth then, and its flag before and after."""

    has_been_in_canada: bool = False
    prior_has_been_in_canada: bool | None = None
    value: Decimal | None = None


class PortRegistered(Event, frozen=True):
    """A port is known."""

    code: str
    name: str
    country: str


class ShipRegistered(Event, frozen=True):
    """A ship is known; it is at sea."""

    code: str
    name: str
    port: str


class CargoRegistered(Event, frozen=True):
    """Cargo waits in a port."""

    code: str
    name: str
    port: str
    has_been_in_canada: bool
    declared_value: Decimal
    registration_code: str


class Arrival(Event, frozen=True):
    """A ship has come into a port. `prior_port` and the flags are kept to step back."""

    occurred: str
    port: str
    ship: str
    country: str | None = None
    bound_for: str | None = None
    prior_port: str | None = None
    aboard: dict[str, Aboard] = field(default_factory=dict)


class Departure(Event, frozen=True):
    """A ship has left a port."""

    occurred: str
    port: str
    ship: str
    bound_for: str | None = None


class Load(Event, frozen=True):
    """Cargo went aboard."""

    occurred: str
    cargo: str
    ship: str
    prior_port: str | None = None
    aboard: dict[str, Aboard] = field(default_factory=dict)


class Unload(Event, frozen=True):
    """Cargo went ashore."""

    occurred: str
    cargo: str
    ship: str
    aboard: dict[str, Aboard | None] = field(default_factory=dict)


class Ship(State, frozen=True):
    """`port` is a port's code or AT_SEA; `aboard` holds cargo codes, sorted."""

    code: str = ""
    name: str = ""
    port: str = AT_SEA
    aboard: tuple[str, ...] = ()
    fees_due: Decimal = Decimal(0)


class Cargo(State, frozen=True):
    """Either in a port or aboard a ship. `has_been_in_canada` never clears."""

    code: str = ""
    name: str = ""
    port: str | None = None
    ship: str | None = None
    ship_port: str | None = None  # where the ship it is aboard was last
    has_been_in_canada: bool = False
    declared_value: Decimal = Decimal(0)


class Port(State, frozen=True):
    """A port."""

    code: str = ""
    name: str = ""
    country: str = ""


class RegisterPort(Command, frozen=True):
    """Make a port known."""

    code: Annotated[str, Meta(title="Code", pattern="^[a-z0-9-]+$")]
    name: Annotated[str, Meta(title="Name", min_length=1)]
    country: Annotated[str, Meta(title="Country", min_length=1)]


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


HARBOUR_FEE: Final = DatedRule(
    name="harbour fee",
    since=(("2005-01-01", Decimal(10)), ("2005-11-18", Decimal(15))),
    applies_to=(Arrival,),
)


def is_canadian(arrival: Arrival) -> bool:
    """By the country that was told, else by the port."""
    return arrival.country == CANADA if arrival.country else arrival.port in CANADIAN_PORTS


def evolve_ship(ship: Ship, event: Event) -> Ship:
    """The ship after an event."""
    match event:
        case ShipRegistered():
            return replace(ship, code=event.code, name=event.name, port=event.port)
        case Arrival():
            fees = ship.fees_due + HARBOUR_FEE.at(event.occurred)
            return replace(ship, port=event.port, fees_due=fees)
        case Departure():
            return replace(ship, port=AT_SEA)
        case Load():
            return replace(ship, aboard=tuple(sorted({*ship.aboard, event.cargo})))
        case Unload():
            return replace(ship, aboard=tuple(it for it in ship.aboard if it != event.cargo))
    return ship


def evolve_cargo(cargo: Cargo, event: Event) -> Cargo:
    """The cargo after an event of its own, or of the ship it is aboard."""
    match event:
        case CargoRegistered():
            return Cargo(
                code=event.code,
                name=event.name,
                port=event.port,
                declared_value=event.declared_value,
            )
        case Load():
            return replace(cargo, port=None, ship=event.ship, ship_port=cargo.port)
        case Arrival() if event.ship == cargo.ship:
            seen = cargo.has_been_in_canada or is_canadian(event)
            return replace(cargo, ship_port=event.port, has_been_in_canada=seen)
        case Unload():
            return replace(cargo, port=cargo.ship_port, ship=None, ship_port=None)
    return cargo


def evolve_port(port: Port, event: Event) -> Port:
    """The port after an event."""
    if isinstance(event, PortRegistered):
        return Port(code=event.code, name=event.name, country=event.country)
    return port


def decide_ship(
    ship: Ship, command: Command, situation: Situation, *, is_strict: bool = False
) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, RegisterShip):
        if ship.code:
            raise Refused("ship is new", f"The ship {ship.code} is known already.")
        return [ShipRegistered(code=command.code, name=command.name, port=AT_SEA)]
    if not ship.code:
        raise Refused("ship exists", "There is no such ship.")
    match command:
        case ReportArrival():
            return [_arrival(ship, command, situation, is_strict=is_strict)]
        case ReportDeparture():
            if ship.port == AT_SEA or ship.port != command.port:
                raise Refused("departs from where it is", f"The ship is at {ship.port}.")
            return [Departure(occurred=command.occurred, port=command.port, ship=ship.code)]
        case LoadCargo():
            return [_load(ship, command, situation)]
        case UnloadCargo():
            return [_unload(ship, command)]
    raise TypeError(f"no ship command: {type(command).__name__}")


def _arrival(ship: Ship, command: ReportArrival, situation: Situation, *, is_strict: bool) -> Event:
    if is_strict and ship.port != AT_SEA:
        raise Refused("leaves before it arrives", f"The ship is in {ship.port}.")
    port = situation.state_of(f"port-{command.port}")
    if not port.code:
        raise Refused("port exists", f"There is no port {command.port}.")
    aboard = {}
    for code in ship.aboard:
        prior = situation.state_of(f"cargo-{code}").has_been_in_canada
        request = {"cargo": code, "day": command.occurred[:10]}
        aboard[code] = Aboard(
            prior_has_been_in_canada=prior,
            has_been_in_canada=prior or port.country == CANADA,
            value=Decimal(str(situation.ask("pricing", request))),
        )
    return Arrival(
        occurred=command.occurred,
        port=command.port,
        ship=ship.code,
        country=port.country,
        prior_port=ship.port,
        aboard=aboard,
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
        occurred=command.occurred, cargo=command.cargo, ship=ship.code, prior_port=ship.port,
        aboard={command.cargo: flag},
    )  # fmt: skip


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
            code=command.code, name=command.name, port=command.port, has_been_in_canada=False,
            declared_value=command.declared_value, registration_code=command.registration_code,
        )
    ]  # fmt: skip


def decide_port(port: Port, command: Any, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if port.code:
        raise Refused("port is new", f"The port {port.code} is known already.")
    return [PortRegistered(code=command.code, name=command.name, country=command.country)]
