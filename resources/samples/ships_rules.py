"""Ships, ports and cargo: where they are, and which cargo has ever been in Canada."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeAlias

from resources.samples.rules import Fact, Refused, Rules

AT_SEA: Final = "AT_SEA"
CANADA: Final = "CANADA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """Either in a port or aboard a ship. `has_been_in_canada` never clears."""

    port: str | None
    ship: str | None = None
    has_been_in_canada: bool = False
    declared_value: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """`ships` holds each ship's port, or AT_SEA; `ports` each port's country."""

    ports: Mapping[str, str] = field(default_factory=dict)
    ships: Mapping[str, str] = field(default_factory=dict)
    cargo: Mapping[str, Cargo] = field(default_factory=dict)

    def aboard(self, ship: str) -> list[str]:
        """Codes of the cargo on a ship, in the order in which it was registered."""
        return [code for code, cargo in self.cargo.items() if cargo.ship == ship]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPort:
    code: str
    name: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterShip:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCargo:
    code: str
    name: str
    port: str
    declared_value: Decimal
    registration_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportArrival:
    """`values` is what the pricing office answered for each cargo aboard."""

    occurred: str  # a time or a date, as told
    port: str
    ship: str
    values: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDeparture:
    occurred: str
    port: str
    ship: str
    bound_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCargo:
    occurred: str
    cargo: str
    ship: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnloadCargo:
    occurred: str
    cargo: str
    ship: str


ShipsCommand: TypeAlias = (
    RegisterPort
    | RegisterShip
    | RegisterCargo
    | ReportArrival
    | ReportDeparture
    | LoadCargo
    | UnloadCargo
)


def decide(world: World, command: ShipsCommand, *, is_strict: bool = False) -> tuple[Fact, ...]:
    """Strict: a ship that is in a port cannot arrive. Lenient: it can, and left unseen."""
    match command:
        case RegisterPort():
            data = {"code": command.code, "name": command.name, "country": command.country}
            return (Fact(type="PortRegistered", data=data),)
        case RegisterShip():
            return (Fact(type="ShipRegistered", data=_ship(command)),)
        case RegisterCargo():
            return (Fact(type="CargoRegistered", data=_cargo(command)),)
        case ReportArrival():
            return (_arrival(world, command, is_strict=is_strict),)
        case ReportDeparture():
            return (_departure(world, command),)
        case LoadCargo():
            return (_load(world, command),)
        case UnloadCargo():
            return (_unload(world, command),)


def evolve(world: World, fact: Fact) -> World:
    """Decides by port and ship alone, so that a corrected arrival corrects what follows."""
    data = fact.data
    match fact.type:
        case "PortRegistered":
            return replace(world, ports={**world.ports, data["code"]: data["country"]})
        case "ShipRegistered":
            return replace(world, ships={**world.ships, data["code"]: AT_SEA})
        case "CargoRegistered":
            cargo = Cargo(port=data["port"], declared_value=data["declaredValue"])
            return _with_cargo(world, {data["code"]: cargo})
        case "Arrival":
            return _arrived(world, data["ship"], data["port"])
        case "Departure":
            return replace(world, ships={**world.ships, data["ship"]: AT_SEA})
        case "Load":
            loaded = replace(world.cargo[data["cargo"]], port=None, ship=data["ship"])
            return _with_cargo(world, {data["cargo"]: loaded})
        case "Unload":
            port = world.ships[data["ship"]]
            landed = replace(world.cargo[data["cargo"]], port=port, ship=None)
            return _with_cargo(world, {data["cargo"]: landed})
    return world


def customs_notices(facts: Iterable[Fact]) -> list[str]:
    """What customs is told about: every arrival."""
    arrivals = [fact.data for fact in facts if fact.type == "Arrival"]
    return [customs_notice(data["occurred"], data["ship"], data["port"]) for data in arrivals]


def customs_notice(occurred: str, ship: str, port: str) -> str:
    """The line that customs gets."""
    return f"{occurred[:10]} {ship} arrived in {port}"


def _ship(command: RegisterShip) -> dict[str, Any]:
    return {"code": command.code, "name": command.name, "port": AT_SEA}


def _cargo(command: RegisterCargo) -> dict[str, Any]:
    return {
        "code": command.code,
        "name": command.name,
        "port": command.port,
        "hasBeenInCanada": False,
        "declaredValue": command.declared_value,
        "registrationCode": command.registration_code,
    }


def _arrival(world: World, command: ReportArrival, *, is_strict: bool) -> Fact:
    prior_port = _port_of(world, command.ship)
    if is_strict and prior_port != AT_SEA:
        raise Refused(f"the ship is in {prior_port} and has not left it")
    if command.port not in world.ports:
        raise Refused("no such port")
    enters_canada = world.ports[command.port] == CANADA
    aboard = {}
    for code in world.aboard(command.ship):
        prior = world.cargo[code].has_been_in_canada
        seen = {"priorHasBeenInCanada": prior, "hasBeenInCanada": prior or enters_canada}
        value = {"value": command.values[code]} if code in command.values else {}
        aboard[code] = seen | value
    return Fact(
        type="Arrival",
        data={
            "occurred": command.occurred,
            "port": command.port,
            "ship": command.ship,
            "boundFor": None,
            "priorPort": prior_port,
            "aboard": aboard,
        },
    )


def _departure(world: World, command: ReportDeparture) -> Fact:
    if _port_of(world, command.ship) != command.port:
        raise Refused("a ship departs from where it is")
    data = {
        "occurred": command.occurred,
        "port": command.port,
        "ship": command.ship,
    }
    if command.bound_for:
        data["boundFor"] = command.bound_for
    return Fact(type="Departure", data=data)


def _load(world: World, command: LoadCargo) -> Fact:
    cargo, port = _cargo_of(world, command.cargo), _port_of(world, command.ship)
    if port == AT_SEA or cargo.port != port:
        raise Refused("cargo is loaded where both it and the ship are")
    aboard = {"hasBeenInCanada": cargo.has_been_in_canada, "value": cargo.declared_value}
    return Fact(
        type="Load",
        data={
            "occurred": command.occurred,
            "cargo": command.cargo,
            "ship": command.ship,
            "priorPort": port,
            "aboard": {command.cargo: aboard},
        },
    )


def _unload(world: World, command: UnloadCargo) -> Fact:
    if _port_of(world, command.ship) == AT_SEA:
        raise Refused("cargo is unloaded in a port")
    if _cargo_of(world, command.cargo).ship != command.ship:
        raise Refused("the cargo is not aboard")
    return Fact(
        type="Unload",
        data={
            "occurred": command.occurred,
            "cargo": command.cargo,
            "ship": command.ship,
            "aboard": {command.cargo: None},
        },
    )


def _arrived(world: World, ship: str, port: str) -> World:
    moved = replace(world, ships={**world.ships, ship: port})
    if world.ports[port] != CANADA:
        return moved
    aboard = {code: world.cargo[code] for code in world.aboard(ship)}
    seen = {code: replace(cargo, has_been_in_canada=True) for code, cargo in aboard.items()}
    return _with_cargo(moved, seen)


def _with_cargo(world: World, changed: Mapping[str, Cargo]) -> World:
    return replace(world, cargo={**world.cargo, **changed})


def _port_of(world: World, ship: str) -> str:
    if ship not in world.ships:
        raise Refused("no such ship")
    return world.ships[ship]


def _cargo_of(world: World, code: str) -> Cargo:
    if code not in world.cargo:
        raise Refused("no such cargo")
    return world.cargo[code]


LENIENT: Final = Rules(initial=World, evolve=evolve, decide=decide)
STRICT: Final = Rules(initial=World, evolve=evolve, decide=partial(decide, is_strict=True))
