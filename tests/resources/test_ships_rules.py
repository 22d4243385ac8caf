"""Ships and cargo: the three stories, both answers to a second arrival, and what undoing needs."""

from collections.abc import Iterable
from decimal import Decimal

import pytest

from resources.samples.rules import Fact, Refused, Rules, folded
from resources.samples.ships_rules import (
    AT_SEA,
    LENIENT,
    STRICT,
    LoadCargo,
    RegisterCargo,
    RegisterPort,
    RegisterShip,
    ReportArrival,
    ReportDeparture,
    ShipsCommand,
    UnloadCargo,
    World,
    customs_notices,
)

PORTS = {
    "san-francisco": "US",
    "los-angeles": "US",
    "seattle": "US",
    "vancouver": "CANADA",
    "hong-kong": "CHINA",
}


def facts_of(commands: Iterable[ShipsCommand], rules: Rules[World] = LENIENT) -> list[Fact]:
    world, facts = World(), list[Fact]()
    for command in commands:
        decided = rules.decide(world, command)
        world = folded(rules, decided, world)
        facts.extend(decided)
    return facts


def world_of(commands: Iterable[ShipsCommand], rules: Rules[World] = LENIENT) -> World:
    return folded(rules, facts_of(commands, rules))


def arrive(at: str, port: str, ship: str = "king-roy", **values: str) -> ReportArrival:
    prices = {cargo: Decimal(value) for cargo, value in values.items()}
    return ReportArrival(occurred=at, port=port, ship=ship, values=prices)


def depart(at: str, port: str, ship: str = "king-roy") -> ReportDeparture:
    return ReportDeparture(occurred=at, port=port, ship=ship)


SET_UP: tuple[ShipsCommand, ...] = (
    *(RegisterPort(code=code, name=code, country=country) for code, country in PORTS.items()),
    RegisterShip(code="king-roy", name="King Roy"),
    RegisterShip(code="prince-trevor", name="Prince Trevor"),
    RegisterCargo(
        code="refactoring",
        name="Refactoring",
        port="seattle",
        declared_value=Decimal("10.00"),
        registration_code="US-1",
    ),
)
LOAD = LoadCargo(occurred="2005-11-01", cargo="refactoring", ship="king-roy")
UNLOAD = UnloadCargo(occurred="2005-11-05", cargo="refactoring", ship="king-roy")
THROUGH_CANADA: tuple[ShipsCommand, ...] = (
    *SET_UP,
    arrive("2005-10-30", "seattle"),
    LOAD,
    arrive("2005-11-02", "vancouver", refactoring="11.50"),
    depart("2005-11-03", "vancouver"),
    arrive("2005-11-04", "san-francisco"),
    UNLOAD,
)


def test_three_reports_say_where_two_ships_are() -> None:
    world = world_of(
        [
            *SET_UP,
            arrive("2005-11-08", "san-francisco"),
            depart("2005-11-09", "san-francisco"),
            arrive("2005-11-13", "los-angeles", ship="prince-trevor"),
            arrive("2005-11-23", "hong-kong"),
        ]
    )

    assert world.ships == {"king-roy": "hong-kong", "prince-trevor": "los-angeles"}


def test_cargo_that_called_at_a_canadian_port_has_been_in_canada() -> None:
    facts = facts_of(THROUGH_CANADA)
    loaded = next(place for place, fact in enumerate(facts) if fact.type == "Load")

    assert folded(LENIENT, facts).cargo["refactoring"].has_been_in_canada
    assert not folded(LENIENT, facts[: loaded + 1]).cargo["refactoring"].has_been_in_canada
    assert folded(LENIENT, facts).cargo["refactoring"].port == "san-francisco"


def test_a_corrected_port_of_call_corrects_the_cargo_and_the_notices_to_customs() -> None:
    facts = facts_of(THROUGH_CANADA)
    corrected = [
        Fact(type=fact.type, data={**fact.data, "port": "los-angeles"})
        if fact.data.get("port") == "vancouver" and fact.type in ("Arrival", "Departure")
        else fact
        for fact in facts
    ]

    told, right = set(customs_notices(facts)), set(customs_notices(corrected))

    assert not folded(LENIENT, corrected).cargo["refactoring"].has_been_in_canada
    assert told - right == {"2005-11-02 king-roy arrived in vancouver"}
    assert right - told == {"2005-11-02 king-roy arrived in los-angeles"}


TWO_ARRIVALS = (
    *SET_UP,
    arrive("2005-10-01", "los-angeles"),
    arrive("2005-11-01", "san-francisco"),
    depart("2005-11-01", "san-francisco"),
)


def test_leniently_a_ship_may_arrive_twice_and_its_prior_port_is_kept() -> None:
    facts = facts_of(TWO_ARRIVALS)
    second = [fact for fact in facts if fact.type == "Arrival"][1]

    assert folded(LENIENT, facts).ships["king-roy"] == AT_SEA
    assert second.data["priorPort"] == "los-angeles"


def test_strictly_a_ship_in_port_cannot_arrive() -> None:
    with pytest.raises(Refused, match="has not left it"):
        facts_of(TWO_ARRIVALS, STRICT)


def test_canadian_waters_alone_do_not_count() -> None:
    world = world_of(
        [*SET_UP, arrive("2005-10-30", "seattle"), LOAD, depart("2005-11-01", "seattle")]
    )

    assert not world.cargo["refactoring"].has_been_in_canada


def test_the_flag_never_clears() -> None:
    later = arrive("2005-11-20", "hong-kong")

    assert world_of([*THROUGH_CANADA[:-1], later]).cargo["refactoring"].has_been_in_canada


def test_an_arrival_keeps_what_undoing_it_needs_and_the_answer_of_the_market() -> None:
    arrivals = [fact.data for fact in facts_of(THROUGH_CANADA) if fact.type == "Arrival"]

    assert arrivals[1]["aboard"] == {
        "refactoring": {
            "priorHasBeenInCanada": False,
            "hasBeenInCanada": True,
            "value": Decimal("11.50"),
        }
    }
    assert [each["priorPort"] for each in arrivals] == [AT_SEA, "seattle", AT_SEA]


def test_a_load_keeps_the_port_the_cargo_came_from() -> None:
    (load,) = [fact for fact in facts_of(THROUGH_CANADA) if fact.type == "Load"]

    assert load.data["priorPort"] == "seattle"


@pytest.mark.parametrize(
    "commands",
    [
        (LOAD,),
        (arrive("2005-10-30", "vancouver"), LOAD),
        (arrive("2005-10-30", "seattle"), UNLOAD),
        (arrive("2005-10-30", "seattle"), LOAD, depart("2005-11-01", "seattle"), UNLOAD),
        (arrive("2005-10-30", "seattle"), depart("2005-10-31", "vancouver")),
        (arrive("2005-10-30", "atlantis"),),
        (arrive("2005-10-30", "seattle", ship="flying-dutchman"),),
        (
            arrive("2005-10-30", "seattle"),
            LoadCargo(occurred="2005-10-30", cargo="nothing", ship="king-roy"),
        ),
    ],
    ids=[
        "loading at sea",
        "loading elsewhere",
        "unloading what is not aboard",
        "unloading at sea",
        "leaving where it is not",
        "an unknown port",
        "an unknown ship",
        "unknown cargo",
    ],
)
def test_what_cannot_be_is_refused(commands: tuple[ShipsCommand, ...]) -> None:
    with pytest.raises(Refused):
        facts_of([*SET_UP, *commands])
