"""The organiser: two conferences set up, published, closed for a week, and changed on the way."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeAlias

from resources.samples import conference_management as management
from resources.samples.chance import Chance
from resources.samples.conference_management import Conference, Outcome, SeatType
from resources.samples.conference_office import Office
from resources.samples.places import BERLIN
from resources.samples.simulation import MINUTE, Agenda, moment_us

Change: TypeAlias = Callable[[Conference], Outcome]

ORGANISER: Final = "ada.lindgren"
GA: Final = "general-admission"
WORKSHOP: Final = "cqrs-workshop"
PARTY: Final = "cocktail-party"
TICKET: Final = "day-ticket"

GOPHERCON: Final[dict[str, Any]] = {
    "name": "Gopher Conference 2026",
    "description": "Two days about event-sourced systems.",
    "location": "Lisbon, Pavilhão do Rio",
    "tagline": "Facts first",
    "twitterSearch": "#gophercon26",
    "start": "2026-05-21",
    "end": "2026-05-22",
    "owner": {"name": "Ada Lindgren", "email": "ada.lindgren@example.org"},
}
COMMUNITY_DAY: Final = GOPHERCON | {
    "name": "Community Day",
    "description": "A free day of short talks.",
    "location": "Lisbon, Biblioteca Central",
    "tagline": "Bring a question",
    "twitterSearch": "#communityday26",
    "start": "2026-05-23",
    "end": "2026-05-23",
}
SEAT_TYPES: Final = (
    SeatType(
        id=GA,
        name="General admission",
        description="Both days, all talks.",
        price=Decimal("199.00"),
        quantity=290,
    ),
    SeatType(
        id=WORKSHOP,
        name="CQRS Workshop",
        description="One day before, hands on.",
        price=Decimal("500.00"),
        quantity=72,
    ),
    SeatType(
        id=PARTY,
        name="Additional cocktail party",
        description="On the first evening.",
        price=Decimal("50.00"),
        quantity=95,
    ),
)
FREE_TICKET: Final = SeatType(
    id=TICKET, name="Day ticket", description="Free.", price=Decimal("0.00"), quantity=40
)


def plan_organiser(office: Office, agenda: Agenda, chance: Chance) -> None:
    """Put all that the organiser does on the agenda."""
    ada = Organiser(office, agenda, chance)
    ada.create("2026-02-23T09:12", "gophercon", GOPHERCON)
    for minute, seat in enumerate(SEAT_TYPES, 10):
        ada.add(f"2026-02-23T10:{minute}", "gophercon", seat)
    ada.edit("2026-02-24T13:31", "gophercon", tagline="Facts first, opinions later")
    ada.publish("2026-02-25T14:02", "gophercon")
    ada.edit("2026-03-04T08:55", "gophercon", description="Two days, 24 talks, one workshop.")
    ada.edit_seat(
        "2026-03-06T16:40", "gophercon", PARTY, description="On the first evening, on the river."
    )
    ada.unpublish("2026-03-06T17:58", "gophercon")
    ada.edit("2026-03-12T08:31", "gophercon", location="Lisbon, Centro de Congressos")
    ada.publish("2026-03-12T08:36", "gophercon")
    ada.create("2026-03-16T10:05", "community-day", COMMUNITY_DAY)
    ada.add("2026-03-16T10:20", "community-day", FREE_TICKET)
    ada.publish("2026-03-17T09:00", "community-day")
    ada.edit_seat("2026-03-20T17:50", "gophercon", WORKSHOP, quantity=60)
    ada.edit_seat("2026-03-21T08:15", "gophercon", GA, price=Decimal("249.00"))
    ada.edit_seat("2026-03-24T09:40", "gophercon", GA, quantity=320)
    ada.edit_seat("2026-03-24T09:42", "gophercon", WORKSHOP, quantity=88)


class Organiser:
    """Plans what the organiser does, and does it when its moment has come."""

    def __init__(self, office: Office, agenda: Agenda, chance: Chance) -> None:
        self._office = office
        self._agenda = agenda
        self._chance = chance

    def create(self, at: str, slug: str, details: dict[str, Any]) -> None:
        code = self._chance.code(5)
        self._plan(
            at,
            "CreateConference",
            lambda: management.create(
                slug, details, access_code=code, taken=self._office.conferences
            ),
        )

    def edit(self, at: str, slug: str, **changes: str) -> None:
        self._change(at, slug, "UpdateConference", lambda now: management.edit(now, changes))

    def add(self, at: str, slug: str, seat: SeatType) -> None:
        self._change(at, slug, "CreateSeat", lambda now: management.add_seat_type(now, seat))

    def publish(self, at: str, slug: str) -> None:
        self._change(at, slug, "PublishConference", management.publish)

    def unpublish(self, at: str, slug: str) -> None:
        self._change(at, slug, "UnpublishConference", management.unpublish)

    def edit_seat(self, at: str, slug: str, seat_type: str, **changes: Any) -> None:
        def edited(now: Conference) -> Outcome:
            return management.edit_seat_type(now, replace(now.seat_types[seat_type], **changes))

        self._change(at, slug, "UpdateSeat", edited)

    def _change(self, at: str, slug: str, command: str, change: Change) -> None:
        self._plan(at, command, lambda: change(self._office.conferences[slug]))

    def _plan(self, at: str, command: str, outcome: Callable[[], Outcome]) -> None:
        jitter_us = self._chance.whole(0, MINUTE - 1)
        self._agenda.at(moment_us(f"{at}+00:00") + jitter_us, lambda: self._do(command, outcome()))

    def _do(self, command: str, outcome: Outcome) -> None:
        offset_min = BERLIN.offset_at(self._agenda.now_us)
        cause = self._office.log.request(ORGANISER, offset_min=offset_min)
        self._office.manage(outcome, cause, command=command)
