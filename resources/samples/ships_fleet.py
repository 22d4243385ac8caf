"""The shipping line: reports what its ships do, some of it days after it happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final, TypeAlias

from resources.samples.chance import Chance
from resources.samples.log import Cause, Event, Log
from resources.samples.ships_ports import PORTS
from resources.samples.ships_rules import (
    LENIENT,
    LoadCargo,
    RegisterCargo,
    RegisterPort,
    RegisterShip,
    ReportArrival,
    ReportDeparture,
    UnloadCargo,
    World,
    customs_notice,
)
from resources.samples.simulation import DAY, MINUTE, SECOND, Agenda
from store.times import format_moment

WORLD: Final = "world"
HARBOUR_OFFICE: Final = "harbour.office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    port: str
    is_silent: bool = False  # the radio is out: this and what follows is reported days later


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    port: str
    bound_for: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`cargo` None: whatever lies here for a port ahead."""

    ahead: tuple[str, ...] = ()
    cargo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unload:
    """`cargo` None: whatever is to land here."""

    cargo: str | None = None


Deed: TypeAlias = Arrive | Depart | Load | Unload
Course: TypeAlias = Iterator[tuple[int, Deed]]  # when it happens, and what


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment as a clock in port shows it."""

    at_us: int
    offset_min: int

    @property
    def text(self) -> str:
        """The local time, with its offset."""
        return format_moment(self.at_us, self.offset_min)


class Fleet:
    """Each ship reports in the order in which things happened; two ships know of no order."""

    def __init__(self, log: Log, agenda: Agenda, chance: Chance) -> None:
        self._log = log
        self._agenda = agenda
        self._chance = chance
        self._destinations: dict[str, str | None] = {}  # of each cargo
        self._latest: dict[str, Event] = {}  # of each ship: its last arrival or departure

    def register_ports(self) -> None:
        for port in PORTS.values():
            command = RegisterPort(code=port.code, name=port.name, country=port.country)
            self._carry_out(command, self._log.request(HARBOUR_OFFICE), stream=f"port-{port.code}")

    def register_ship(self, code: str, name: str) -> None:
        command = RegisterShip(code=code, name=name)
        self._carry_out(command, self._log.request(HARBOUR_OFFICE), stream=f"ship-{code}")

    def register_cargo(
        self, command: RegisterCargo, destination: str | None, *, shipper: str
    ) -> None:
        """Without a destination it waits until someone loads it by name."""
        self._destinations[command.code] = destination
        offset_min = PORTS[command.port].place.offset_at(self._agenda.now_us)
        cause = self._log.request(shipper, offset_min=offset_min)
        stream, links = f"cargo-{command.code}", (f"port-{command.port}",)
        self._carry_out(command, cause, stream=stream, links=links)

    def sail(self, ship: str, course: Course) -> None:
        """Follow the course to its end, reporting step by step."""
        step = next(course, None)
        if step is None:
            return
        occurred_us, deed = step
        heard_us = occurred_us + self._delay_us(deed)
        heard_us = max(heard_us, self._agenda.now_us + self._chance.whole(20 * SECOND, 3 * MINUTE))
        self._agenda.at(heard_us, partial(self._hear, ship, occurred_us, deed, course))

    def _delay_us(self, deed: Deed) -> int:
        if isinstance(deed, Arrive) and deed.is_silent:
            return self._chance.whole(2 * DAY, 6 * DAY)
        return self._chance.skewed(4 * MINUTE, 90 * MINUTE)

    def _hear(self, ship: str, occurred_us: int, deed: Deed, course: Course) -> None:
        match deed:
            case Arrive():
                self._arrive(ship, _local(deed.port, occurred_us), deed.port)
            case Depart():
                self._depart(ship, _local(deed.port, occurred_us), deed)
            case Load():
                for cargo in [deed.cargo] if deed.cargo else self._waiting(ship, deed.ahead):
                    self._handle(LoadCargo, cargo, ship, occurred_us)
            case Unload():
                for cargo in [deed.cargo] if deed.cargo else self._landing(ship):
                    self._handle(UnloadCargo, cargo, ship, occurred_us)
        self.sail(ship, course)

    def _arrive(self, ship: str, when: When, port: str) -> None:
        values = {code: self._price(code) for code in self._world.aboard(ship)}
        command = ReportArrival(occurred=when.text, port=port, ship=ship, values=values)
        notice = customs_notice(when.text, ship, port)
        sent = {"gateway": "customs", "notice": notice, "cargo": len(values)}
        (self._latest[ship],) = self._log.carry_out(
            LENIENT,
            command,
            self._cause(f"master.{ship}", self._latest.get(ship), when),
            stream=f"ship-{ship}",
            key=WORLD,
            links=(f"port-{port}", *(f"cargo-{code}" for code in values)),
            metadata={"effects": [sent]},
        )

    def _price(self, cargo: str) -> Decimal:
        """The market's answer: the declared value, some per cent up or down."""
        per_cent = self._chance.whole(88, 117)
        return (self._world.cargo[cargo].declared_value * per_cent / 100).quantize(Decimal("0.01"))

    def _depart(self, ship: str, when: When, deed: Depart) -> None:
        """A departure begins a voyage; all up to the next one belongs to it."""
        command = ReportDeparture(
            occurred=when.text, port=deed.port, ship=ship, bound_for=deed.bound_for
        )
        cause = self._cause(f"master.{ship}", None, when)
        links = [f"port-{deed.port}", *(f"cargo-{code}" for code in self._world.aboard(ship))]
        (self._latest[ship],) = self._carry_out(command, cause, stream=f"ship-{ship}", links=links)

    def _handle(
        self, job: type[LoadCargo] | type[UnloadCargo], cargo: str, ship: str, occurred_us: int
    ) -> None:
        port = self._world.ships[ship]
        when = _local(port, occurred_us)
        command = job(occurred=when.text, cargo=cargo, ship=ship)
        cause = self._cause(f"agent.{port}", self._latest.get(ship), when)
        links = [f"cargo-{cargo}", f"port-{port}"]
        self._carry_out(command, cause, stream=f"ship-{ship}", links=links)

    def _waiting(self, ship: str, ahead: tuple[str, ...]) -> list[str]:
        port, world = self._world.ships[ship], self._world
        here = [code for code, cargo in world.cargo.items() if cargo.port == port]
        to_go = [code for code in here if self._destinations[code] != port]
        return [code for code in to_go if self._destinations[code] in ahead]

    def _landing(self, ship: str) -> list[str]:
        port = self._world.ships[ship]
        return [code for code in self._world.aboard(ship) if self._destinations[code] == port]

    @property
    def _world(self) -> World:
        return self._log.state(LENIENT, WORLD)

    def _cause(self, user: str, before: Event | None, when: When) -> Cause:
        if before is None:
            return self._log.request(user, occurred_at_us=when.at_us, offset_min=when.offset_min)
        return self._log.reaction(
            user, before, occurred_at_us=when.at_us, offset_min=when.offset_min
        )

    def _carry_out(
        self, command: object, cause: Cause, *, stream: str, links: Sequence[str] = ()
    ) -> tuple[Event, ...]:
        return self._log.carry_out(LENIENT, command, cause, stream=stream, key=WORLD, links=links)


def _local(port: str, at_us: int) -> When:
    return When(at_us=at_us, offset_min=PORTS[port].place.offset_at(at_us))
