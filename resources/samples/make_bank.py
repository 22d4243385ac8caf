"""The bank sample: a bakery, its people and their landlord, through one year."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from resources.samples.bank_office import CLOCK, Bank, is_weekend, last_working_day
from resources.samples.bank_rules import BuyOrder
from resources.samples.chance import Chance
from resources.samples.log import Event, Log
from resources.samples.people import Person, everyone
from resources.samples.places import BERLIN
from resources.samples.simulation import DAY, HOUR, MINUTE, SECOND, Agenda, moment_us

SEED: Final = 20250101
START: Final = "2025-01-01T00:00+00:00"
FIRST_DAY: Final = moment_us(START) // DAY
LAST_DAY: Final = moment_us("2025-12-31T00:00+00:00") // DAY
MONTHS: Final = tuple(
    moment_us(f"2025-{month:02d}-01T00:00+00:00") // DAY for month in range(1, 13)
)

BAKERY, LANDLORD, WALK = "1000", "1200", "4711"
BAKER: Final = "frieda.sommer"
EMPLOYEES: Final = 14
JOINS_IN: Final = {12: 4, 13: 8}  # employee → month; the others are there from the start
LEAVES_IN: Final = {3: 7, 8: 10}
MARRIES_IN: Final = {1: (5, "Vogt"), 6: (8, "Vogt-Lenz"), 10: (2, "Jäger")}
SHOPS: Final = (
    ("grocer", 900, 9_500),
    ("pharmacy", 450, 3_900),
    ("cinema", 1_100, 3_600),
    ("petrol", 3_500, 8_900),
    ("bookshop", 900, 5_400),
    ("cash machine", 2_000, 20_000),
    ("railway", 1_200, 14_900),
    ("shoes", 4_900, 16_000),
)
SECURITIES: Final = ("IE00B4L5Y983", "US0378331005", "DE0007164600")
BILL_DAYS: Final = (1, 5)  # Fridays and Tuesdays, as days since 1970 modulo 7
INVESTORS: Final = (0, 2, 5, 9)

# The walk of the model this follows: 20 in, a new owner, 10 out, 10 out again.
JOHN, JANE = "john.doe", "jane.doe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    number: str
    person: Person
    salary: Decimal
    rent: Decimal
    joins: int  # first and last month, from 0
    leaves: int


def build() -> list[Event]:
    """All events of the sample, the same ones at each call."""
    agenda, chance = Agenda(START), Chance(SEED)
    log = Log("bank", agenda)
    bank = Bank(log, agenda, chance)
    employees = _employees(chance)
    _plan_walk(bank, agenda)
    _plan_bakery(bank, agenda, chance)
    agenda.at(
        _moment(FIRST_DAY + 1, 9.5),
        partial(bank.open, LANDLORD, "Hausverwaltung Leal", user="ines.leal"),
    )
    for turn, employee in enumerate(employees):
        _plan_employee(bank, agenda, chance, turn, employee)
    for month, first_day in enumerate(MONTHS):
        staff = [each for each in employees if each.joins <= month <= each.leaves]
        agenda.at(_payday_us(month), partial(_pay_salaries, bank, agenda, chance, staff))
        rent_us = _moment(first_day + 3, 4.0)
        agenda.at(rent_us, partial(_collect_rents, bank, agenda, staff))
    agenda.run()
    return log.events


def _moment(day: int, hour: float) -> int:
    """That hour on a Berlin clock."""
    at_us = day * DAY + int(hour * HOUR)
    return at_us - BERLIN.offset_at(at_us) * MINUTE


def _payday_us(month: int) -> int:
    ends = (*MONTHS[1:], LAST_DAY + 1)
    return _moment(last_working_day(ends[month] - 1), 10.25)


def _employees(chance: Chance) -> list[Employee]:
    people = [person for person in everyone() if person.place is BERLIN and person.mailbox != BAKER]
    return [
        Employee(
            number=str(1100 + turn),
            person=people[(turn * 5 + 2) % len(people)],
            salary=_cents(chance, 190_000, 340_000),
            rent=Decimal(chance.whole(42, 98) * 10).quantize(Decimal("0.01")),
            joins=JOINS_IN.get(turn, 0),
            leaves=LEAVES_IN.get(turn, 11),
        )
        for turn in range(EMPLOYEES)
    ]


def _cents(chance: Chance, low: int, high: int) -> Decimal:
    return (Decimal(chance.skewed(low, high)) / 100).quantize(Decimal("0.01"))


def _plan_walk(bank: Bank, agenda: Agenda) -> None:
    twenty, ten = Decimal("20.00"), Decimal("10.00")
    for at, do in (
        ("2025-02-03T09:41:07", partial(bank.open, WALK, "John Doe", user=JOHN)),
        ("2025-02-05T15:12:40", partial(bank.deposit, WALK, twenty, user=JOHN)),
        ("2025-06-14T10:03:19", partial(bank.change_owner, WALK, "Jane Doe", user=JOHN)),
        ("2025-06-16T17:25:52", partial(bank.withdraw, WALK, ten, user=JANE)),
        ("2025-10-01T08:30:11", partial(bank.withdraw, WALK, ten, user=JANE)),
    ):
        agenda.at(moment_us(f"{at}+00:00"), do)


def _plan_bakery(bank: Bank, agenda: Agenda, chance: Chance) -> None:
    agenda.at(
        _moment(FIRST_DAY + 1, 9.0), partial(bank.open, BAKERY, "Bäckerei Sommer", user=BAKER)
    )
    start = partial(bank.deposit, BAKERY, Decimal("25000.00"), "opening balance", user=BAKER)
    agenda.at(_moment(FIRST_DAY + 1, 9.2), start)
    for day in range(FIRST_DAY + 1, LAST_DAY + 1):
        is_sunday = is_weekend(day) and is_weekend(day - 1)
        if not is_sunday:
            low, high = (168_000, 395_000) if is_weekend(day) else (148_000, 225_000)
            count = partial(bank.card_takings, BAKERY, _cents(chance, low, high), user="till")
            agenda.at(_moment(day, 18.5) + chance.whole(0, 40 * MINUTE), count)
        if day % 7 in BILL_DAYS:
            suppliers = ("mill", "dairy") if chance.happens(0.3) else ("mill",)
            for supplier in suppliers:
                amount = _cents(chance, 52_000, 290_000)
                pay = partial(bank.withdraw, BAKERY, amount, supplier, user=BAKER)
                agenda.at(_moment(day, 7.0) + chance.whole(0, 2 * HOUR), pay)


def _plan_employee(
    bank: Bank, agenda: Agenda, chance: Chance, turn: int, employee: Employee
) -> None:
    user, number = employee.person.mailbox, employee.number
    opened_day = MONTHS[employee.joins] + chance.whole(1, 2)
    opened_us = _moment(opened_day, 10.0) + turn * 7 * MINUTE
    agenda.at(opened_us, partial(bank.open, number, employee.person.name, user=user))
    savings = partial(bank.deposit, number, _cents(chance, 60_000, 290_000), "savings", user=user)
    agenda.at(opened_us + 2 * MINUTE, savings)
    last_day = LAST_DAY - 2
    if employee.leaves < 11:
        last_day = MONTHS[employee.leaves] + 27
        close = partial(bank.close, number, "moved to another bank", user=user)
        agenda.at(_moment(last_day + 5, 11.4), close)
    if turn in MARRIES_IN:
        month, last = MARRIES_IN[turn]
        name = f"{employee.person.first} {last}"
        agenda.at(
            _moment(MONTHS[month] + 18, 14.2), partial(bank.change_owner, number, name, user=user)
        )
    _plan_shopping(bank, agenda, chance, employee, days=range(opened_day + 1, last_day))
    if turn in INVESTORS:
        _plan_investing(bank, agenda, chance, employee)


def _plan_shopping(
    bank: Bank, agenda: Agenda, chance: Chance, employee: Employee, *, days: range
) -> None:
    for day in days:
        if chance.happens(0.32 if is_weekend(day) else 0.17):
            shop, low, high = chance.pick(SHOPS)
            pay = partial(
                bank.pay_by_card,
                employee.number,
                _cents(chance, low, high),
                shop,
                user=employee.person.mailbox,
            )
            agenda.at(_moment(day, 9.0) + chance.whole(0, 11 * HOUR), pay)


def _plan_investing(bank: Bank, agenda: Agenda, chance: Chance, employee: Employee) -> None:
    user, number = employee.person.mailbox, employee.number
    owner = employee.person.name
    opened_us = _moment(MONTHS[0] + 13, 12.0) + chance.whole(0, 3 * HOUR)
    agenda.at(opened_us, partial(bank.open_order_book, number, owner, number, user=user))
    isin = chance.pick(SECURITIES)
    for first_day in MONTHS[1:]:
        amount = Decimal(chance.whole(3, 14) * 25).quantize(Decimal("0.01"))
        order = partial(bank.buy, number, BuyOrder(amount=amount, isin=isin), user=user)
        agenda.at(_moment(first_day + 5, 13.0) + chance.whole(0, 5 * HOUR), order)


def _pay_salaries(bank: Bank, agenda: Agenda, chance: Chance, staff: list[Employee]) -> None:
    """One after another, as the baker confirms them."""
    for turn, employee in enumerate(staff):
        pay = partial(bank.transfer, BAKERY, employee.number, employee.salary, "salary", user=BAKER)
        agenda.after(turn * 9 * SECOND + chance.whole(0, 5 * SECOND), pay)


def _collect_rents(bank: Bank, agenda: Agenda, staff: list[Employee]) -> None:
    """Standing orders: the clock pays them before anyone is up."""
    shop_rent = Decimal("2400.00")
    rents = [(BAKERY, shop_rent), *((each.number, each.rent) for each in staff)]
    for turn, (number, rent) in enumerate(rents):
        pay = partial(bank.transfer, number, LANDLORD, rent, "rent", user=CLOCK)
        agenda.after(turn * 2 * SECOND, pay)
