"""Members who register, and the mail that welcomes them: a side effect kept apart from the change.

Registering only records that somebody registered. A listener hears it afterwards and asks for the
mail; the mail's own event makes the gateway `mail` send it, five minutes later, so that until
then it can be corrected. The other style, an effect fired by the very event, is that of the ships'
customs notice. After the registration and mail sender of a talk on event sourcing.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta
from msgspec.structs import replace

from replay.process import Heard, ProcessManager, Reaction, Send
from replay.typed_model import Command, Effect, Event, Refused, Situation, State, TypedModel

HELD_US: Final = 5 * 60 * 1_000_000  # how long a mail waits, and can be corrected
WAITING, WELCOMED = "Waiting", "Welcomed"

MemberId = Annotated[
    str, Meta(title="Member", min_length=1, extra_json_schema={"x-choices": "member"})
]
Email = Annotated[
    str,
    Meta(
        title="Email",
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        extra_json_schema={"x-words": "an email address, such as ada@example.org"},
    ),
]


class MemberRegistered(Event, frozen=True):
    """Somebody registered."""

    member_id: str
    name: str
    email: str


class MemberMoved(Event, frozen=True):
    """The member has another email address."""

    email: str


class MailRequested(Event, frozen=True):
    """A mail is to go out."""

    to: str
    subject: str
    text: str


class WelcomeNoted(Event, frozen=True):
    """The mail that welcomes a member was asked for."""


class Member(State, frozen=True):
    """Who registered."""

    name: str = ""
    email: str = ""


class Mail(State, frozen=True):
    """A mail; `to` is empty until it is asked for."""

    to: str = ""
    subject: str = ""


class Welcome(State, frozen=True):
    """Whether a member was welcomed."""

    is_noted: bool = False


class RegisterMember(Command, frozen=True):
    """Register somebody. The mail that welcomes them follows by itself."""

    member_id: Annotated[str, Meta(title="Member number", pattern="^[A-Za-z0-9]+$")]
    name: Annotated[str, Meta(title="Name", min_length=1)]
    email: Email


class ChangeEmail(Command, frozen=True):
    """Note another email address."""

    member_id: MemberId
    email: Email


class RequestMail(Command, frozen=True):
    """Send a mail. It waits five minutes first, and can be corrected or withdrawn until then."""

    mail_id: Annotated[str, Meta(title="Mail", min_length=1)]
    to: Email
    subject: Annotated[str, Meta(title="Subject", min_length=1)]
    text: Annotated[str, Meta(title="Text")] = ""


def evolve_member(member: Member, event: Event) -> Member:
    """The member after an event."""
    match event:
        case MemberRegistered():
            return Member(name=event.name, email=event.email)
        case MemberMoved():
            return replace(member, email=event.email)
    return member


def decide_member(member: Member, command: Command, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    match command:
        case RegisterMember():
            if member.name:
                raise Refused("registered once", f"{member.name} is registered already.")
            return [
                MemberRegistered(
                    member_id=command.member_id, name=command.name, email=command.email
                )
            ]
        case ChangeEmail():
            if not member.name:
                raise Refused("registered first", "There is no such member.")
            is_same = member.email == command.email
            return [] if is_same else [MemberMoved(email=command.email)]
    raise TypeError(f"no member command: {type(command).__name__}")


def evolve_mail(mail: Mail, event: Event) -> Mail:
    """The mail after an event."""
    if isinstance(event, MailRequested):
        return Mail(to=event.to, subject=event.subject)
    return mail


def decide_mail(mail: Mail, command: Any, _situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if mail.to:
        raise Refused("sent once", f"It was asked for already, to {mail.to}.")
    return [MailRequested(to=command.to, subject=command.subject, text=command.text)]


def react(state: Welcome, heard: Heard, _situation: Situation) -> Reaction:
    """Ask for one mail for each member."""
    found = heard.typed
    if state.is_noted or not isinstance(found, MemberRegistered):
        return Reaction()
    mail = RequestMail(
        mail_id=f"welcome-{found.member_id}",
        to=found.email,
        subject="Welcome",
        text=f"Dear {found.name}, you are registered.",
    )
    return Reaction(events=[WelcomeNoted()], sends=[Send(command=mail)])


def _move_back(before: Member, _event: MemberMoved) -> ChangeEmail:
    return ChangeEmail(member_id="", email=before.email)


def _corrected(now: Member, should_be: Member) -> Sequence[Event]:
    """Another address. Who was never registered, or by another name, stays: a registration needs
    the member's number, which the state does not hold."""
    is_known = now.name and should_be.name
    moved = is_known and now.email != should_be.email
    return [MemberMoved(email=should_be.email)] if moved else []


def _instance_of(heard: Heard) -> str:
    return heard.typed.member_id if isinstance(heard.typed, MemberRegistered) else ""


def _no_commands(_state: Welcome, command: Any, _situation: Situation) -> Sequence[Event]:
    raise Refused("no commands", f"{type(command).__name__} is no command of it.")


MEMBER: Final = TypedModel(
    name="member",
    title="Member",
    version=1,
    category="member",
    state=Member,
    events=(MemberRegistered, MemberMoved),
    commands=(RegisterMember, ChangeEmail),
    evolve=evolve_member,
    decide=decide_member,
    stream_of=lambda command: f"member-{command.member_id}",
    undo={MemberMoved: _move_back},
    final={MemberRegistered: "No command strikes a member off."},
    correct=_corrected,
)
MAIL: Final = TypedModel(
    name="mail",
    title="Mail",
    version=1,
    category="mail",
    state=Mail,
    events=(MailRequested,),
    commands=(RequestMail,),
    evolve=evolve_mail,
    decide=decide_mail,
    stream_of=lambda command: f"mail-{command.mail_id}",
    final={
        MailRequested: "No command takes a mail back; while it waits, withdraw it in the outbox."
    },
    effects={
        MailRequested: Effect(
            gateway="mail",
            message=lambda it: {"to": it.to, "subject": it.subject, "text": it.text},
            delay_us=HELD_US,
        )
    },
)
WELCOME: Final = TypedModel(
    name="mail sender",
    title="Mail sender",
    version=1,
    category="welcome",
    state=Welcome,
    events=(WelcomeNoted,),
    commands=(),
    evolve=lambda state, event: Welcome(is_noted=True) if isinstance(event, Event) else state,
    decide=_no_commands,
    stream_of=lambda _command: "",
)
MODELS: Final = (MEMBER, MAIL, WELCOME)
PROCESS: Final = ProcessManager(
    model=WELCOME,
    listens=frozenset({"MemberRegistered"}),
    instance_of=_instance_of,
    react=react,
    handle=lambda _state, _command, _situation: Reaction(),
    states=(WAITING, WELCOMED),
    moves={(WAITING, "MemberRegistered"): WELCOMED},
    state_name=lambda it: WELCOMED if it.is_noted else WAITING,
    is_over=lambda it: it.is_noted,
)
