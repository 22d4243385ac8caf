"""Ships, cargo and ports: where they are, and which cargo has ever been in a Canadian port.

After an article on event sourcing whose example it is. Loading only where the ship is, and
unloading only in a port, are rules of ours; they stand in ships_commands.
"""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct, field
from msgspec.structs import asdict, replace

from replay.typed_model import (
    DatedRule,
    Event,
    State,
)

AT_SEA: Final = "AT_SEA"
CANADA: Final = "CANADA"
CANADIAN_PORTS: Final = frozenset({"vancouver", "prince-rupert", "montreal", "halifax"})

Occurred = Annotated[
    str,
    Meta(
        title="When it happened",
        pattern=r"^\d{4}-\d{2}-\d{2}",
        description="2005-11-02",
        extra_json_schema={"x-words": "a day or a time, such as 2005-11-02"},
    ),
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


class ShipCorrected(Event, frozen=True):
    """The past was corrected: this is how the ship is now."""

    code: str
    name: str
    port: str
    aboard: tuple[str, ...]
    fees_due: Decimal
    is_consistent: bool


class CargoCorrected(Event, frozen=True):
    """The past was corrected: this is how the cargo is now."""

    code: str
    name: str
    port: str | None
    ship: str | None
    ship_port: str | None
    has_been_in_canada: bool
    declared_value: Decimal
    registration_code: str


class Ship(State, frozen=True):
    """`port` is a port's code or AT_SEA; `aboard` holds cargo codes, sorted. Whether every event
    fits what was before it: one that does not cannot be undone from what is known after it."""

    code: str = ""
    name: str = ""
    port: str = AT_SEA
    aboard: tuple[str, ...] = ()
    fees_due: Decimal = Decimal(0)
    is_consistent: bool = True


class Cargo(State, frozen=True):
    """Either in a port or aboard a ship. `has_been_in_canada` never clears; `declared_value` is
    what it was priced at when it last came into a port."""

    code: str = ""
    name: str = ""
    port: str | None = None
    ship: str | None = None
    ship_port: str | None = None  # where the ship it is aboard was last
    has_been_in_canada: bool = False
    declared_value: Decimal = Decimal(0)
    registration_code: str = ""


class Port(State, frozen=True):
    """A port."""

    code: str = ""
    name: str = ""
    country: str = ""


HARBOUR_FEE: Final = DatedRule(
    name="harbour fee",
    since=(("2005-01-01", Decimal(10)), ("2005-11-18", Decimal(15))),
    applies_to=(Arrival,),
)


def is_canadian(arrival: Arrival) -> bool:
    """By the country that was told, else by the port."""
    if arrival.country:
        return arrival.country.upper() == CANADA
    return arrival.port in CANADIAN_PORTS


def evolve_ship(ship: Ship, event: Event) -> Ship:
    """The ship after an event."""
    after = _moved(ship, event)
    return after if _fits(ship, event) else replace(after, is_consistent=False)


def _moved(ship: Ship, event: Event) -> Ship:
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
        case ShipCorrected():
            return Ship(**asdict(event))
    return ship


def _fits(ship: Ship, event: Event) -> bool:
    match event:
        case Arrival(prior_port=str(prior)):
            return prior == ship.port
        case Departure():
            return event.port == ship.port
        case Load():
            return event.cargo not in ship.aboard
        case Unload():
            return event.cargo in ship.aboard
    return True


def evolve_cargo(cargo: Cargo, event: Event) -> Cargo:
    """The cargo after an event of its own, or of the ship it is aboard."""
    match event:
        case CargoRegistered():
            return Cargo(
                code=event.code,
                name=event.name,
                port=event.port,
                has_been_in_canada=event.has_been_in_canada,
                declared_value=event.declared_value,
                registration_code=event.registration_code,
            )
        case Load():
            return replace(cargo, port=None, ship=event.ship, ship_port=cargo.port)
        case Arrival() if event.ship == cargo.ship:
            return _arrived(cargo, event)
        case Unload():
            return replace(cargo, port=cargo.ship_port, ship=None, ship_port=None)
        case CargoCorrected():
            return Cargo(**asdict(event))
    return cargo


def _arrived(cargo: Cargo, event: Arrival) -> Cargo:
    """Aboard a ship that has come into a port; its price is the one that was asked for then."""
    seen = cargo.has_been_in_canada or is_canadian(event)
    priced = event.aboard.get(cargo.code)
    value = cargo.declared_value if priced is None or priced.value is None else priced.value
    return replace(cargo, ship_port=event.port, has_been_in_canada=seen, declared_value=value)


def evolve_port(port: Port, event: Event) -> Port:
    """The port after an event."""
    if isinstance(event, PortRegistered):
        return Port(code=event.code, name=event.name, country=event.country)
    return port
