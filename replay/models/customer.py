"""Customers of a sales office: one form, several intents, each judged by itself.

Udi Dahan's example of collaboration: somebody marks a customer as preferred while billing finds
them delinquent. Nothing of the rest of the form is lost, and whichever comes first, the customer
ends delinquent and not preferred.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import replace

from replay.typed_model import Command, Effect, Event, Refused, Situation, State, TypedModel

CustomerId = Annotated[
    str, Meta(title="Customer", min_length=1, extra_json_schema={"x-choices": "customer"})
]
Address = Annotated[str, Meta(title="Address")]
CORRECTION: Final = "correction"  # why the standing of a customer changes when the past does
Title = Annotated[str, Meta(title="Title")]
LastName = Annotated[str, Meta(title="Last name")]


class CustomerRegistered(Event, frozen=True):
    """A customer is known from now on."""

    id: str
    last_name: str


class CustomerMoved(Event, frozen=True):
    """The address is another one."""

    address: str


class CustomerTitleChanged(Event, frozen=True):
    """How to address the customer."""

    title: str


class CustomerLastNameChanged(Event, frozen=True):
    """The last name is another one."""

    last_name: str


class CustomerMarried(Event, frozen=True):
    """The customer has married."""


class CustomerHasBeenMadePreferred(Event, frozen=True):
    """The customer gets better terms."""


class CustomerBecameDelinquent(Event, frozen=True):
    """Bills are left unpaid."""

    reason: str


class CustomerIsNoLongerPreferred(Event, frozen=True):
    """The better terms end; the account manager is told."""

    reason: str


class CustomerPaidUp(Event, frozen=True):
    """Nothing is left unpaid."""


class Customer(State, frozen=True):
    """What the office knows of a customer."""

    id: str = ""
    title: str = ""
    last_name: str = ""
    address: str = ""
    is_married: bool = False
    is_preferred: bool = False
    is_delinquent: bool = False


class RegisterCustomer(Command, frozen=True):
    """Begin with a customer."""

    id: Annotated[str, Meta(title="Customer number", min_length=1, pattern="^[A-Za-z0-9]+$")]
    last_name: Annotated[str, Meta(title="Last name", min_length=1)]


class ChangeAddress(Command, frozen=True):
    """The customer has moved."""

    customer: CustomerId
    address: Address


class ChangeTitle(Command, frozen=True):
    """The customer wants to be addressed otherwise."""

    customer: CustomerId
    title: Title


class ChangeLastName(Command, frozen=True):
    """The customer has another last name."""

    customer: CustomerId
    last_name: LastName


class RecordMarriage(Command, frozen=True):
    """The customer has married."""

    customer: CustomerId


class MakeCustomerPreferred(Command, frozen=True):
    """Give the customer better terms."""

    customer: CustomerId


class ReportDelinquency(Command, frozen=True):
    """Billing has found bills unpaid."""

    customer: CustomerId
    reason: Annotated[str, Meta(title="Reason", min_length=1)]


class ReportPaidUp(Command, frozen=True):
    """Billing has found everything paid."""

    customer: CustomerId


class UpdateCustomer(Command, frozen=True):
    """What a call with the customer brought up. Each change is judged by itself."""

    customer: CustomerId
    address: Annotated[str, Meta(title="New address")] = ""
    title: Annotated[str, Meta(title="New title")] = ""
    last_name: Annotated[str, Meta(title="New last name")] = ""
    has_married: Annotated[bool, Meta(title="Has married")] = False
    make_preferred: Annotated[bool, Meta(title="Make preferred")] = False


def evolve(customer: Customer, event: Event) -> Customer:
    """The customer after an event."""
    match event:
        case CustomerRegistered():
            return replace(customer, id=event.id, last_name=event.last_name)
        case CustomerMoved():
            return replace(customer, address=event.address)
        case CustomerTitleChanged():
            return replace(customer, title=event.title)
        case CustomerLastNameChanged():
            return replace(customer, last_name=event.last_name)
        case CustomerMarried():
            return replace(customer, is_married=True)
        case CustomerHasBeenMadePreferred():
            return replace(customer, is_preferred=True)
        case CustomerIsNoLongerPreferred():
            return replace(customer, is_preferred=False)
        case CustomerBecameDelinquent():
            return replace(customer, is_delinquent=True)
        case CustomerPaidUp():
            return replace(customer, is_delinquent=False)
    return customer


def decide(customer: Customer, command: Command, _situation: Situation) -> Sequence[Event]:
    """What one intent leads to."""
    if isinstance(command, RegisterCustomer):
        if customer.id:
            raise Refused("new customer", f"Customer {customer.id} is known already.")
        return [CustomerRegistered(id=command.id, last_name=command.last_name)]
    if not customer.id:
        raise Refused("known customer", "There is no such customer.")
    match command:
        case ChangeAddress():
            return [CustomerMoved(address=command.address)]
        case ChangeTitle():
            return [CustomerTitleChanged(title=command.title)]
        case ChangeLastName():
            return [CustomerLastNameChanged(last_name=command.last_name)]
        case RecordMarriage():
            return _married(customer)
        case MakeCustomerPreferred():
            return _preferred(customer)
        case ReportDelinquency():
            return _delinquent(customer, command.reason)
        case ReportPaidUp():
            return [CustomerPaidUp()] if customer.is_delinquent else []
    raise TypeError(f"no customer command: {type(command).__name__}")


def _married(customer: Customer) -> Sequence[Event]:
    if customer.is_married:
        raise Refused("married once", "The customer is recorded as married already.")
    return [CustomerMarried()]


def _preferred(customer: Customer) -> Sequence[Event]:
    if customer.is_delinquent:
        raise Refused("preferred pays", "A delinquent customer cannot be preferred.")
    return [] if customer.is_preferred else [CustomerHasBeenMadePreferred()]


def _delinquent(customer: Customer, reason: str) -> Sequence[Event]:
    if customer.is_delinquent:
        return []
    found = CustomerBecameDelinquent(reason=reason)
    if customer.is_preferred:
        return [CustomerIsNoLongerPreferred(reason=reason), found]  # never both, even in between
    return [found]


def _corrected(now: Customer, should_be: Customer) -> Sequence[Event]:
    """What a clerk would note. Nothing tells that a marriage was recorded by mistake, and a
    customer is delinquent and preferred at no moment in between."""
    events = list[Event]()
    if now.id != should_be.id and should_be.id:
        events.append(CustomerRegistered(id=should_be.id, last_name=should_be.last_name))
    elif now.last_name != should_be.last_name:
        events.append(CustomerLastNameChanged(last_name=should_be.last_name))
    if now.address != should_be.address:
        events.append(CustomerMoved(address=should_be.address))
    if now.title != should_be.title:
        events.append(CustomerTitleChanged(title=should_be.title))
    if should_be.is_married and not now.is_married:
        events.append(CustomerMarried())
    return [*events, *_standing(now, should_be)]


def _standing(now: Customer, should_be: Customer) -> Sequence[Event]:
    """What ends comes first."""
    events = list[Event]()
    if now.is_preferred and not should_be.is_preferred:
        events.append(CustomerIsNoLongerPreferred(reason=CORRECTION))
    if now.is_delinquent and not should_be.is_delinquent:
        events.append(CustomerPaidUp())
    if should_be.is_preferred and not now.is_preferred:
        events.append(CustomerHasBeenMadePreferred())
    if should_be.is_delinquent and not now.is_delinquent:
        events.append(CustomerBecameDelinquent(reason=CORRECTION))
    return events


def _ruled_out_preferred(customer: Customer) -> str:
    return "A delinquent customer cannot be preferred." if customer.is_delinquent else ""


def _ruled_out_marriage(customer: Customer) -> str:
    return "The customer is recorded as married already." if customer.is_married else ""


def intents_of(form: UpdateCustomer) -> Sequence[Command]:
    """The single changes that a form asks for."""
    who = form.customer
    wanted: list[tuple[object, Command]] = [
        (form.address, ChangeAddress(customer=who, address=form.address)),
        (form.title, ChangeTitle(customer=who, title=form.title)),
        (form.last_name, ChangeLastName(customer=who, last_name=form.last_name)),
        (form.has_married, RecordMarriage(customer=who)),
        (form.make_preferred, MakeCustomerPreferred(customer=who)),
    ]
    return [command for is_wanted, command in wanted if is_wanted]


def _stream_of(command: Any) -> str:
    who = command.id if isinstance(command, RegisterCustomer) else command.customer
    return f"customer-{who}"


MODEL: Final = TypedModel(
    name="customer",
    title="Customer",
    version=1,
    category="customer",
    state=Customer,
    events=(
        CustomerRegistered,
        CustomerMoved,
        CustomerTitleChanged,
        CustomerLastNameChanged,
        CustomerMarried,
        CustomerHasBeenMadePreferred,
        CustomerBecameDelinquent,
        CustomerIsNoLongerPreferred,
        CustomerPaidUp,
    ),
    commands=(
        UpdateCustomer,
        RegisterCustomer,
        ChangeAddress,
        ChangeTitle,
        ChangeLastName,
        RecordMarriage,
        MakeCustomerPreferred,
        ReportDelinquency,
        ReportPaidUp,
    ),
    evolve=evolve,
    decide=decide,
    stream_of=_stream_of,
    intents={UpdateCustomer: intents_of},
    effects={
        CustomerIsNoLongerPreferred: Effect(
            gateway="account manager", message=lambda it: {"notPreferredAnyMore": it.reason}
        )
    },
    ruled_out={
        RegisterCustomer: lambda it: f"Customer {it.id} is known already." if it.id else "",
        RecordMarriage: _ruled_out_marriage,
        MakeCustomerPreferred: _ruled_out_preferred,
    },
    redecided=frozenset({ChangeAddress, ChangeTitle, ChangeLastName, RecordMarriage}),
    undo={
        CustomerMoved: lambda before, _: ChangeAddress(customer="", address=before.address),
        CustomerTitleChanged: lambda before, _: ChangeTitle(customer="", title=before.title),
        CustomerLastNameChanged: lambda before, _: ChangeLastName(
            customer="", last_name=before.last_name
        ),
        CustomerBecameDelinquent: lambda _before, _: ReportPaidUp(customer=""),
        CustomerPaidUp: lambda _before, _: ReportDelinquency(
            customer="", reason="undo: the bills are not paid"
        ),
        CustomerIsNoLongerPreferred: lambda _before, _: MakeCustomerPreferred(customer=""),
    },
    final={
        CustomerRegistered: "No command strikes a customer off.",
        CustomerMarried: "No command says that a marriage was recorded by mistake.",
        CustomerHasBeenMadePreferred: "Only delinquency ends it; no command takes it back.",
    },
    correct=_corrected,
    invariants={
        "delinquent and preferred exclude each other": (
            lambda it: not (it.is_delinquent and it.is_preferred)
        ),
    },
)
