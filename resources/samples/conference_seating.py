"""Who gets which seat of a confirmed order: names come in over days, and change."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from msgspec import structs

from replay.models.conference.assignments import AssignSeat, Attendee, UnassignSeat
from resources.samples.chance import Chance
from resources.samples.conference_customers import Visit
from resources.samples.conference_office import Office
from resources.samples.log import Cause
from resources.samples.people import Person
from resources.samples.places import Place
from resources.samples.simulation import DAY, HOUR, MINUTE, Agenda

FRONT_DESK: Final = "front.desk"
WAKES_AT_H: Final = 8
SLEEPS_AT_H: Final = 22


class Seating:
    """`open_from(moment)` is when the site is next open, or None when that is never."""

    def __init__(
        self,
        office: Office,
        agenda: Agenda,
        chance: Chance,
        *,
        people: Sequence[Person],
        open_from: Callable[[int], int | None],
    ) -> None:
        self._office = office
        self._agenda = agenda
        self._chance = chance
        self._people = people
        self._open_from = open_from

    def invite(self, visit: Visit) -> None:
        """Plan when each seat gets its name, if it does."""
        for position in range(len(self._office.assignments(visit.order_id).types)):
            if self._chance.happens(0.8):
                someone = self._someone(visit, position)
                self._plan(
                    2 * MINUTE, 7 * DAY, visit, partial(self._assign, visit, position, someone)
                )

    def _someone(self, visit: Visit, position: int) -> Attendee:
        is_self = position == 0 and self._chance.happens(0.8)
        person = visit.person if is_self else self._chance.pick(self._people)
        return Attendee(first=person.first, last=person.last, email=person.email)

    def _plan(self, low_us: int, high_us: int, visit: Visit, do: Callable[[], None]) -> None:
        at_us = self._agenda.now_us + self._chance.skewed(low_us, high_us)
        open_us = self._open_from(self._awake(at_us, visit.person.place))
        if open_us is not None:
            self._agenda.at(open_us, do)

    def _awake(self, at_us: int, place: Place) -> int:
        """That moment, or the next morning when it is night there."""
        offset_us = place.offset_at(at_us) * MINUTE
        day, time_us = divmod(at_us + offset_us, DAY)
        if WAKES_AT_H * HOUR <= time_us < SLEEPS_AT_H * HOUR:
            return at_us
        day += time_us >= SLEEPS_AT_H * HOUR
        morning_us = day * DAY + WAKES_AT_H * HOUR - offset_us
        return morning_us + self._chance.skewed(MINUTE, 4 * HOUR)

    def _assign(self, visit: Visit, position: int, attendee: Attendee) -> None:
        command = AssignSeat(order_id=visit.order_id, position=position, attendee=attendee)
        self._office.issue(command, self._cause(visit))
        again = self._chance.weighted(
            ((self._hand_over, 0.14), (self._correct, 0.06), (self._cancel, 0.03), (None, 0.77))
        )
        if again:
            self._plan(HOUR, 8 * DAY, visit, partial(again, visit, position, attendee))

    def _hand_over(self, visit: Visit, position: int, _attendee: Attendee) -> None:
        self._assign(visit, position, self._someone(visit, position + 1))

    def _correct(self, visit: Visit, position: int, attendee: Attendee) -> None:
        self._assign(visit, position, structs.replace(attendee, first=f"{attendee.first} M."))

    def _cancel(self, visit: Visit, position: int, _attendee: Attendee) -> None:
        command = UnassignSeat(order_id=visit.order_id, position=position)
        self._office.issue(command, self._cause(visit))

    def _cause(self, visit: Visit) -> Cause:
        """Mostly the customer; some call, and the front desk types it in the day after."""
        log, now_us, place = self._office.log, self._agenda.now_us, visit.person.place
        mine = log.request(
            visit.person.mailbox,
            correlation_id=visit.correlation_id,
            offset_min=place.offset_at(now_us),
        )
        if self._is_settled(visit) and self._chance.happens(0.15):
            called_us = now_us - self._chance.whole(2 * HOUR, 20 * HOUR)
            return replace(mine, user=FRONT_DESK, occurred_at_us=called_us)
        return mine

    def _is_settled(self, visit: Visit) -> bool:
        """Whether nothing about these seats was recorded within the last day."""
        stream, now_us = f"assign-{visit.order_id}", self._agenda.now_us
        latest = next(
            event for event in reversed(self._office.log.events) if event.stream == stream
        )
        return now_us - latest.recorded_at_us > DAY
