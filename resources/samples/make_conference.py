"""The conference sample: five weeks of registrations, two busy days, one gap, one sell-out."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from replay.models.conference.lines import Seats
from resources.samples.chance import Chance
from resources.samples.conference_customers import Customers, Visit
from resources.samples.conference_office import Office
from resources.samples.conference_organiser import GA, PARTY, TICKET, WORKSHOP, plan_organiser
from resources.samples.conference_seating import Seating
from resources.samples.log import Event, Log
from resources.samples.people import Person, everyone
from resources.samples.simulation import HOUR, MINUTE, Agenda, moment_us

SEED: Final = 20260223
CLOSED: Final = (moment_us("2026-03-06T18:00+00:00"), moment_us("2026-03-12T08:40+00:00"))
END_US: Final = moment_us("2026-03-30T12:00+00:00")

# Visits begun in each hour of a day, UTC, relative to one another.
USUAL: Final = (0, 0, 0, 0, 1, 2, 4, 7, 9, 9, 8, 6, 7, 8, 8, 8, 7, 5, 4, 4, 3, 2, 1, 0)
ANNOUNCED: Final = (0, 0, 0, 0, 0, 1, 2, 6, 10, 34, 26, 14, 10, 9, 8, 8, 7, 5, 4, 3, 3, 2, 1, 0)
DEADLINE: Final = (
    0,
    0,
    0,
    0,
    1,
    2,
    4,
    7,
    9,
    11,
    13,
    14,
    17,
    20,
    23,
    24,
    22,
    19,
    18,
    17,
    18,
    16,
    9,
    0,
)
HALF_DAY: Final = (0,) * 9 + (5, 8, 9, 9, 8, 7, 6, 5, 3) + (0,) * 6
EVENING_FREE: Final = USUAL[:16] + (5, 0) + (0,) * 6

DAYS: Final[tuple[tuple[str, int, tuple[int, ...]], ...]] = (
    ("2026-02-26", 6, USUAL),
    ("2026-02-27", 7, USUAL),
    ("2026-02-28", 3, USUAL),
    ("2026-03-01", 2, USUAL),
    ("2026-03-02", 7, USUAL),
    ("2026-03-03", 9, USUAL),
    ("2026-03-04", 70, ANNOUNCED),
    ("2026-03-05", 21, USUAL),
    ("2026-03-06", 10, EVENING_FREE),
    ("2026-03-12", 8, HALF_DAY),
    ("2026-03-13", 7, USUAL),
    ("2026-03-14", 3, USUAL),
    ("2026-03-15", 2, USUAL),
    ("2026-03-16", 6, USUAL),
    ("2026-03-17", 7, USUAL),
    ("2026-03-18", 7, USUAL),
    ("2026-03-19", 12, USUAL),
    ("2026-03-20", 120, DEADLINE),
    ("2026-03-21", 4, USUAL),
    ("2026-03-22", 2, USUAL),
    ("2026-03-23", 5, USUAL),
    ("2026-03-24", 9, USUAL),
    ("2026-03-25", 6, USUAL),
    ("2026-03-26", 5, USUAL),
    ("2026-03-27", 5, USUAL),
)
WISHES: Final[tuple[tuple[Seats, float], ...]] = (
    ({GA: 1}, 30),
    ({GA: 2}, 14),
    ({GA: 3}, 5),
    ({GA: 1, PARTY: 1}, 14),
    ({GA: 2, PARTY: 2}, 7),
    ({GA: 1, WORKSHOP: 1}, 11),
    ({GA: 2, WORKSHOP: 1, PARTY: 1}, 4),
    ({WORKSHOP: 1}, 7),
    ({WORKSHOP: 2}, 4),
    ({WORKSHOP: 3, PARTY: 1}, 3),
    ({GA: 5, PARTY: 5}, 1),
)
FREE_WISHES: Final[tuple[tuple[Seats, float], ...]] = (({TICKET: 1}, 6), ({TICKET: 2}, 3))
# Held when the room shrinks: given back later, the seats do not make the number positive again.
LEFT_EARLY: Final[tuple[tuple[str, Seats], ...]] = (
    ("2026-03-20T17:26+00:00", {WORKSHOP: 2, PARTY: 1}),
    ("2026-03-20T17:33+00:00", {WORKSHOP: 1}),
)
FREE_DAYS: Final = (("2026-03-18", 5), ("2026-03-19", 4), ("2026-03-24", 6), ("2026-03-25", 4))


def build() -> list[Event]:
    """All events of the sample, the same ones at each call."""
    agenda, chance = Agenda("2026-02-23T00:00+00:00"), Chance(SEED)
    log = Log("conference", agenda)
    office = Office(log, agenda, chance)
    people = everyone()
    seating = Seating(office, agenda, chance, people=people, open_from=_open_from)
    customers = Customers(office, agenda, chance, confirmed=seating.invite, open_from=_open_from)
    plan_organiser(office, agenda, chance)
    for at_us, visit in _visits(chance, people):
        agenda.at(at_us, partial(customers.arrive, visit))
    agenda.run()
    return log.events


def _visits(chance: Chance, people: Sequence[Person]) -> Iterator[tuple[int, Visit]]:
    for day, visits, hours in DAYS:
        for _ in range(visits):
            visit = Visit(
                person=chance.pick(people), conference="gophercon", wish=chance.weighted(WISHES)
            )
            yield _moment(chance, day, hours), visit
    for day, visits in FREE_DAYS:
        for _ in range(visits):
            wish = chance.weighted(FREE_WISHES)
            visit = Visit(person=chance.pick(people), conference="community-day", wish=wish)
            yield _moment(chance, day, USUAL), visit
    for at, wish in LEFT_EARLY:
        person = chance.pick(people)
        yield (
            moment_us(at),
            Visit(person=person, conference="gophercon", wish=wish, leaves_early=True),
        )


def _moment(chance: Chance, day: str, hours: tuple[int, ...]) -> int:
    hour = chance.weighted(tuple(enumerate(hours)))
    return moment_us(f"{day}T00:00+00:00") + hour * HOUR + chance.whole(0, HOUR - 1)


def _open_from(at_us: int) -> int | None:
    closed_us, reopened_us = CLOSED
    if closed_us - HOUR <= at_us < reopened_us:
        at_us = reopened_us + (at_us - closed_us) % (6 * HOUR) + 5 * MINUTE
    return at_us if at_us < END_US else None
