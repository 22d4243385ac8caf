"""The ship, cargo and port models put together, with their ways back and their gateways."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import asdict, replace

from replay.models.ships import (
    AT_SEA,
    HARBOUR_FEE,
    Arrival,
    Cargo,
    CargoCorrected,
    CargoRegistered,
    Departure,
    Load,
    Port,
    PortRegistered,
    Ship,
    ShipCorrected,
    ShipRegistered,
    Unload,
    evolve_cargo,
    evolve_port,
    evolve_ship,
)
from replay.models.ships_commands import (
    LoadCargo,
    RegisterCargo,
    RegisterPort,
    RegisterShip,
    ReportArrival,
    ReportDeparture,
    UnloadCargo,
    decide_cargo,
    decide_port,
    decide_ship,
)
from replay.typed_model import Asked, Effect, Elsewhere, Event, TypedModel


def links(event: Event) -> tuple[str, ...]:
    """Into the port, and into every cargo that an event is about."""
    match event:
        case Arrival():
            return (f"port-{event.port}", *(f"cargo-{code}" for code in event.aboard))
        case Departure():
            return (f"port-{event.port}",)
        case Load() | Unload():
            return (f"cargo-{event.cargo}",)
    return ()


def customs_notice(arrival: Arrival) -> dict[str, str]:
    """What customs is told of an arrival."""
    return {"day": arrival.occurred[:10], "ship": arrival.ship, "port": arrival.port}


def asked_of(arrival: Arrival) -> Sequence[Asked]:
    """What the price office was asked, and said, before an arrival was recorded."""
    return [
        Asked(
            gateway="pricing",
            request={"cargo": code, "day": arrival.occurred[:10]},
            answer=it.value,
        )
        for code, it in arrival.aboard.items()
        if it.value is not None
    ]


def _unarrived(ship: Ship, event: Arrival) -> Ship:
    if event.prior_port is None:
        raise LookupError("the prior port was not kept")
    _require_consistent(ship)
    fees = ship.fees_due - HARBOUR_FEE.at(event.occurred)
    return replace(ship, port=event.prior_port, fees_due=fees)


def _undeparted(ship: Ship, event: Departure) -> Ship:
    _require_consistent(ship)
    return replace(ship, port=event.port)


def _unloaded(ship: Ship, event: Load) -> Ship:
    _require_consistent(ship)
    return replace(ship, aboard=tuple(it for it in ship.aboard if it != event.cargo))


def _reloaded(ship: Ship, event: Unload) -> Ship:
    _require_consistent(ship)
    return replace(ship, aboard=tuple(sorted({*ship.aboard, event.cargo})))


def _require_consistent(ship: Ship) -> None:
    if not ship.is_consistent:
        raise LookupError("an event does not fit what was before it")


def _ship_corrected(_now: Ship, should_be: Ship) -> Sequence[Event]:
    return [ShipCorrected(**asdict(should_be))]


def _cargo_corrected(_now: Cargo, should_be: Cargo) -> Sequence[Event]:
    return [CargoCorrected(**asdict(should_be))]


def _port_corrected(_now: Port, should_be: Port) -> Sequence[Event]:
    return [PortRegistered(**asdict(should_be))]


def _ruled_out_new(kind: str) -> Any:
    return lambda it: f"The {kind} {it.code} is known already." if it.code else ""


def _ruled_out_at_sea(ship: Ship) -> str:
    return "The ship is at sea." if ship.port == AT_SEA else ""


def _ruled_out_unloading(ship: Ship) -> str:
    return _ruled_out_at_sea(ship) or ("" if ship.aboard else "Nothing is aboard.")


SHIP: Final = TypedModel(
    name="ship",
    title="Ship",
    version=2,
    category="ship",
    state=Ship,
    events=(ShipRegistered, Arrival, Departure, Load, Unload, ShipCorrected),
    commands=(RegisterShip, ReportArrival, ReportDeparture, LoadCargo, UnloadCargo),
    evolve=evolve_ship,
    decide=decide_ship,
    stream_of=lambda it: f"ship-{it.code if isinstance(it, RegisterShip) else it.ship}",
    links=links,
    occurred=lambda event: getattr(event, "occurred", None),
    reverses={Arrival: _unarrived, Departure: _undeparted, Load: _unloaded, Unload: _reloaded},
    processing={
        Arrival: ("priorPort", "aboard.*.priorHasBeenInCanada"),
        Load: ("priorPort",),
    },
    meaning={Arrival: ("port", "ship"), Load: ("cargo", "ship"), Unload: ("cargo", "ship")},
    dated_rules=(HARBOUR_FEE,),
    effects={Arrival: Effect(gateway="customs", message=customs_notice)},
    asked={Arrival: asked_of},
    reads={ReportArrival: ("port", "cargo"), LoadCargo: ("cargo",)},
    elsewhere={LoadCargo: Elsewhere.LOCK},  # two ships must not take the same cargo
    ruled_out={
        RegisterShip: _ruled_out_new("ship"),
        ReportDeparture: _ruled_out_at_sea,
        LoadCargo: _ruled_out_at_sea,
        UnloadCargo: _ruled_out_unloading,
    },
    undo={
        Load: lambda ship, event: UnloadCargo(
            ship=ship.code, cargo=event.cargo, occurred=event.occurred
        ),
        Unload: lambda ship, event: LoadCargo(
            ship=ship.code, cargo=event.cargo, occurred=event.occurred
        ),
    },
    final={
        ShipRegistered: "No command strikes a ship off.",
        Arrival: "The harbour fee is due and customs knows; report what came after it instead.",
        Departure: "A ship that has left comes back by an arrival, which costs another fee.",
        ShipCorrected: "Correct the event that was wrong again.",
    },
    invariants={
        "nothing twice aboard": lambda it: len(set(it.aboard)) == len(it.aboard),
        "somewhere": lambda it: bool(it.port),
    },
    correct=_ship_corrected,
)
CARGO: Final = TypedModel(
    name="cargo",
    title="Cargo",
    version=2,
    category="cargo",
    state=Cargo,
    events=(CargoRegistered, Arrival, Load, Unload, CargoCorrected),
    commands=(RegisterCargo,),
    evolve=evolve_cargo,
    decide=decide_cargo,
    stream_of=lambda it: f"cargo-{it.code}",
    ruled_out={RegisterCargo: _ruled_out_new("cargo")},
    is_linked_into=True,
    final={
        CargoRegistered: "No command strikes cargo off.",
        CargoCorrected: "Correct the event that was wrong again.",
    },
    invariants={"in one place": lambda it: not it.code or (it.port is None) != (it.ship is None)},
    correct=_cargo_corrected,
)
PORT: Final = TypedModel(
    name="port",
    title="Port",
    version=1,
    category="port",
    state=Port,
    events=(PortRegistered,),
    commands=(RegisterPort,),
    evolve=evolve_port,
    decide=decide_port,
    stream_of=lambda it: f"port-{it.code}",
    ruled_out={RegisterPort: _ruled_out_new("port")},
    is_linked_into=True,
    final={PortRegistered: "No command strikes a port off."},
    correct=_port_corrected,
)
MODELS: Final = (SHIP, CARGO, PORT)
