"""The ships sample: five ships, a year of voyages, and three stories that the tests know."""

from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from typing import Final

from resources.samples.chance import Chance
from resources.samples.log import Event, Log
from resources.samples.people import everyone
from resources.samples.ships_fleet import Arrive, Course, Deed, Depart, Fleet, Load, Unload
from resources.samples.ships_ports import PORTS, nautical_miles
from resources.samples.ships_rules import RegisterCargo
from resources.samples.simulation import DAY, HOUR, MINUTE, Agenda, moment_us

SEED: Final = 20051101
START: Final = "2005-09-26T00:00+00:00"
END_US: Final = moment_us("2006-09-30T00:00+00:00")
CARGOES: Final = 170
IS_SILENT: Final = 0.09  # of all arrivals
SEES_AHEAD: Final = 3  # ports that a ship loads for

SHIPS: Final = {
    "king-roy": "King Roy",
    "prince-trevor": "Prince Trevor",
    "lady-beatrice": "Lady Beatrice",
    "duke-alaric": "Duke Alaric",
    "baron-finch": "Baron Finch",
}
ROUTES: Final = {
    "king-roy": ("hong-kong", "yokohama", "vancouver", "san-francisco", "honolulu"),
    "prince-trevor": ("los-angeles", "honolulu", "yokohama", "seattle"),
    "lady-beatrice": ("san-francisco", "seattle", "vancouver", "prince-rupert", "seattle"),
    "duke-alaric": ("vancouver", "yokohama", "hong-kong", "los-angeles", "seattle"),
    "baron-finch": ("seattle", "vancouver", "san-francisco", "los-angeles", "san-francisco"),
}
# Times in UTC. Refactoring crosses Canada; and King Roy leaves San Francisco, Prince Trevor
# arrives in Los Angeles, King Roy arrives in Hong Kong.
KING_ROY: Final[tuple[tuple[str, Deed], ...]] = (
    ("2005-10-05T15:10", Arrive(port="san-francisco")),
    ("2005-10-06T17:30", Load(ahead=("honolulu", "seattle"))),
    ("2005-10-08T01:45", Depart(port="san-francisco", bound_for="honolulu")),
    ("2005-10-13T02:20", Arrive(port="honolulu")),
    ("2005-10-14T20:00", Unload()),
    ("2005-10-15T22:00", Load(ahead=("seattle", "vancouver", "san-francisco"))),
    ("2005-10-24T19:30", Depart(port="honolulu", bound_for="seattle")),
    ("2005-10-30T16:40", Arrive(port="seattle")),
    ("2005-10-31T18:00", Unload()),
    ("2005-11-01T17:05", Load(cargo="refactoring")),
    ("2005-11-02T03:15", Depart(port="seattle", bound_for="vancouver")),
    ("2005-11-02T16:20", Arrive(port="vancouver")),
    ("2005-11-03T08:40", Depart(port="vancouver", bound_for="san-francisco")),
    ("2005-11-05T03:50", Arrive(port="san-francisco")),
    ("2005-11-05T17:30", Unload(cargo="refactoring")),
    ("2005-11-06T18:00", Load(ahead=("hong-kong", "yokohama"))),
    ("2005-11-10T02:00", Depart(port="san-francisco", bound_for="hong-kong")),
    ("2005-11-23T10:25", Arrive(port="hong-kong")),
)
# Nobody reported that she left Los Angeles: two arrivals in a row.
PRINCE_TREVOR: Final[tuple[tuple[str, Deed], ...]] = (
    ("2005-10-01T16:00", Arrive(port="los-angeles")),
    ("2005-11-01T14:10", Arrive(port="san-francisco")),
    ("2005-11-02T02:30", Depart(port="san-francisco", bound_for="honolulu")),
    ("2005-11-06T20:45", Arrive(port="honolulu")),
    ("2005-11-08T19:00", Depart(port="honolulu", bound_for="los-angeles")),
    ("2005-11-13T18:10", Arrive(port="los-angeles")),
)
GOODS: Final = (
    ("Coffee", 8_400),
    ("Green tea", 6_150),
    ("Frozen salmon", 21_900),
    ("Cedar boards", 12_750),
    ("Machine parts", 64_300),
    ("Bicycles", 18_200),
    ("Cameras", 142_500),
    ("Pineapples", 4_980),
    ("Books", 7_320),
    ("Rice", 5_640),
    ("Wheat", 9_870),
    ("Pianos", 88_000),
    ("Newsprint", 11_400),
)


def build() -> list[Event]:
    """All events of the sample, the same ones at each call."""
    agenda, chance = Agenda(START), Chance(SEED)
    log = Log("ships", agenda)
    fleet = Fleet(log, agenda, chance)
    agenda.after(9 * HOUR, fleet.register_ports)
    for number, (code, name) in enumerate(SHIPS.items()):
        agenda.after(DAY + number * 7 * MINUTE, partial(fleet.register_ship, code, name))
    _plan_cargo(fleet, agenda, chance)
    for ship in SHIPS:
        agenda.after(2 * DAY, partial(fleet.sail, ship, _course(ship, chance)))
    agenda.run()
    return log.events


def _course(ship: str, chance: Chance) -> Course:
    """The scripted beginning, if there is one, then round and round until the year ends."""
    told = {"king-roy": KING_ROY, "prince-trevor": PRINCE_TREVOR}.get(ship, ())
    yield from ((moment_us(f"{at}+00:00"), deed) for at, deed in told)
    at_us = moment_us(f"{told[-1][0]}+00:00") if told else _first_arrival_us(chance)
    for round_, port in enumerate(cycle(ROUTES[ship])):
        if round_ or not told:
            yield at_us, Arrive(port=port, is_silent=chance.happens(IS_SILENT))
        ahead = tuple(islice(cycle(ROUTES[ship]), round_ + 1, round_ + 1 + SEES_AHEAD))
        call = _port_call(port, ahead, at_us, chance)
        yield from call
        at_us = call[-1][0] + _sea_time_us(port, ahead[0], chance)
        if at_us > END_US:
            return


def _first_arrival_us(chance: Chance) -> int:
    return moment_us(START) + chance.whole(3 * DAY, 14 * DAY)


def _port_call(
    port: str, ahead: tuple[str, ...], arrived_us: int, chance: Chance
) -> tuple[tuple[int, Deed], ...]:
    landed_us = arrived_us + chance.whole(3 * HOUR, 16 * HOUR)
    loaded_us = landed_us + chance.whole(4 * HOUR, 30 * HOUR)
    left_us = loaded_us + chance.whole(5 * HOUR, 48 * HOUR)
    return (
        (landed_us, Unload()),
        (loaded_us, Load(ahead=ahead)),
        (left_us, Depart(port=port, bound_for=ahead[0])),
    )


def _sea_time_us(port: str, other: str, chance: Chance) -> int:
    tenths_of_a_knot = chance.whole(165, 212)
    return nautical_miles(port, other) * 10 * HOUR // tenths_of_a_knot


def _plan_cargo(fleet: Fleet, agenda: Agenda, chance: Chance) -> None:
    shippers = [person.mailbox for person in everyone()]
    book = RegisterCargo(
        code="refactoring",
        name="Refactoring",
        port="seattle",
        declared_value=Decimal("12000.00"),
        registration_code="US-2005-0431",
    )
    register = partial(fleet.register_cargo, book, None, shipper=chance.pick(shippers))
    agenda.at(moment_us("2005-10-27T18:20+00:00"), register)
    for number in range(1, CARGOES + 1):
        command, destination = _some_cargo(number, chance)
        shipper = chance.pick(shippers)
        at_us = agenda.now_us + chance.whole(3 * DAY, 345 * DAY)
        agenda.at(at_us, partial(fleet.register_cargo, command, destination, shipper=shipper))


def _some_cargo(number: int, chance: Chance) -> tuple[RegisterCargo, str]:
    """Something to go from one port of a route to another that its ship soon calls at."""
    route = chance.pick(tuple(ROUTES.values()))
    start = chance.whole(0, len(route) - 1)
    port = route[start]
    destination = route[(start + chance.whole(1, SEES_AHEAD)) % len(route)]
    if destination == port:
        destination = route[(start + 1) % len(route)]
    goods, value = chance.pick(GOODS)
    command = RegisterCargo(
        code=f"{number:04d}",
        name=goods,
        port=port,
        declared_value=Decimal(value * chance.whole(60, 180)) / 100,
        registration_code=f"{PORTS[port].country[:2]}-2005-{1000 + number}",
    )
    return command, destination
