"""A conference as its organisers manage it: described, published, taken back."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from msgspec.structs import asdict, replace

from replay.models.conference.lines import ConferenceId, Email
from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel

ORGANISER: Final = frozenset({"organiser"})
CODE_LENGTH: Final = 5

Slug = Annotated[str, Meta(title="Slug", pattern="^[a-z0-9-]+$", description="in its address")]
FirstDay = Annotated[str, Meta(title="First day", extra_json_schema={"format": "date"})]
LastDay = Annotated[str, Meta(title="Last day", extra_json_schema={"format": "date"})]


class Owner(Struct, frozen=True, kw_only=True):
    """Who answers for a conference, as it was recorded."""

    name: str = ""
    email: str = ""


class NewOwner(Struct, frozen=True, kw_only=True):
    """Who will answer for a conference."""

    name: Annotated[str, Meta(title="Name", min_length=1)]
    email: Email


class _Details(Event, frozen=True):
    """What is said of a conference."""

    slug: str
    name: str
    description: str = ""
    location: str = ""
    tagline: str = ""
    twitter_search: str = ""
    start: str = ""
    end: str = ""
    owner: Owner = Owner()


class ConferenceCreated(_Details, frozen=True):
    """A conference is planned; it is not public yet. Its owner gets the access code."""

    access_code: str = ""


class ConferenceUpdated(_Details, frozen=True):
    """It is described otherwise."""


class ConferencePublished(Event, frozen=True):
    """People can register."""

    is_published: bool


class ConferenceUnpublished(Event, frozen=True):
    """People cannot register any more."""

    is_published: bool


class Conference(State, frozen=True):
    """What is known of a conference."""

    slug: str = ""
    name: str = ""
    description: str = ""
    location: str = ""
    tagline: str = ""
    twitter_search: str = ""
    start: str = ""
    end: str = ""
    owner: Owner = Owner()
    access_code: str = ""
    is_published: bool = False
    was_ever_published: bool = False


class CreateConference(Command, frozen=True):
    """Plan a conference. It is not public until it is published."""

    slug: Slug
    name: Annotated[str, Meta(title="Name", min_length=1)]
    owner: Annotated[NewOwner, Meta(title="Owner")]
    description: Annotated[str, Meta(title="Description")] = ""
    location: Annotated[str, Meta(title="Location")] = ""
    tagline: Annotated[str, Meta(title="Tagline")] = ""
    twitter_search: Annotated[str, Meta(title="Twitter search")] = ""
    start: FirstDay = ""
    end: LastDay = ""


class UpdateConference(Command, frozen=True):
    """Describe a conference otherwise. What is left out stays as it is."""

    slug: ConferenceId
    name: Annotated[str | None, Meta(title="Name")] = None
    description: Annotated[str | None, Meta(title="Description")] = None
    location: Annotated[str | None, Meta(title="Location")] = None
    tagline: Annotated[str | None, Meta(title="Tagline")] = None
    twitter_search: Annotated[str | None, Meta(title="Twitter search")] = None
    start: Annotated[FirstDay | None, Meta(title="First day")] = None
    end: Annotated[LastDay | None, Meta(title="Last day")] = None


class PublishConference(Command, frozen=True):
    """Let people register. The first time, all drafted seats are offered as well."""

    slug: ConferenceId


class UnpublishConference(Command, frozen=True):
    """Let nobody register any more."""

    slug: ConferenceId


def evolve(state: Conference, event: Event) -> Conference:
    """The conference after an event."""
    match event:
        case ConferenceCreated() | ConferenceUpdated():
            return replace(state, **asdict(event))
        case ConferencePublished():
            return replace(state, is_published=True, was_ever_published=True)
        case ConferenceUnpublished():
            return replace(state, is_published=False)
    return state


def decide(state: Conference, command: Command, situation: Situation) -> Sequence[Event]:
    """What a command leads to."""
    if isinstance(command, CreateConference):
        if state.slug:
            raise Refused("slug is unique", f"There is a conference {state.slug} already.")
        return [_created(command, situation)]
    if not state.slug:
        raise Refused("conference exists", "There is no such conference.")
    match command:
        case UpdateConference():
            return _updated(state, command)
        case PublishConference():
            return [] if state.is_published else [ConferencePublished(is_published=True)]
        case UnpublishConference():
            return [ConferenceUnpublished(is_published=False)] if state.is_published else []
    raise TypeError(f"no conference command: {type(command).__name__}")


def _created(command: CreateConference, situation: Situation) -> Event:
    said: dict[str, Any] = asdict(command)
    said["owner"] = Owner(name=command.owner.name, email=command.owner.email)
    code = situation.new_id()[:CODE_LENGTH].upper()
    return ConferenceCreated(**said, access_code=code)


def _updated(state: Conference, command: UpdateConference) -> Sequence[Event]:
    """All that is said of it from now on, as the readers of the event know nothing else."""
    if command.name == "":
        raise Refused("it has a name", "A conference needs a name.")
    now = {name: getattr(state, name) for name in ConferenceUpdated.__struct_fields__}
    said = {name: value for name, value in asdict(command).items() if value is not None}
    return [] if now == now | said else [ConferenceUpdated(**now | said)]


def _corrected(now: Conference, should_be: Conference) -> Sequence[Event]:
    """Described as it should be, public or not. The access code was mailed, and what was once
    public was."""
    events = list[Event]()
    if should_be.slug and not now.slug:
        names = ConferenceCreated.__struct_fields__
        events.append(ConferenceCreated(**{it: getattr(should_be, it) for it in names}))
    elif should_be.slug:
        names = ConferenceUpdated.__struct_fields__
        said = {it: getattr(should_be, it) for it in names}
        if said != {it: getattr(now, it) for it in names}:
            events.append(ConferenceUpdated(**said))
    if should_be.was_ever_published and not (now.was_ever_published or should_be.is_published):
        return [
            *events,
            ConferencePublished(is_published=True),
            ConferenceUnpublished(is_published=False),
        ]
    if should_be.is_published and not now.is_published:
        events.append(ConferencePublished(is_published=True))
    if now.is_published and not should_be.is_published:
        events.append(ConferenceUnpublished(is_published=False))
    return events


def _ruled_out_publishing(state: Conference) -> str:
    return "The conference is public already." if state.is_published else ""


def _ruled_out_withdrawing(state: Conference) -> str:
    return "" if state.is_published else "The conference is not public."


def _described_as_before(before: Conference, event: ConferenceUpdated) -> UpdateConference:
    """A day that was not there before cannot be left empty again."""
    if (event.start and not before.start) or (event.end and not before.end):
        raise LookupError("a conference that has its days keeps some")
    names = [it for it in UpdateConference.__struct_fields__ if it != "slug"]
    said = {name: getattr(before, name) for name in names}
    return UpdateConference(slug="", **said | {it: said[it] or None for it in ("start", "end")})


MODEL: Final = TypedModel(
    name="conference",
    title="Conference",
    version=2,
    category="conference",
    state=Conference,
    events=(ConferenceCreated, ConferenceUpdated, ConferencePublished, ConferenceUnpublished),
    commands=(CreateConference, UpdateConference, PublishConference, UnpublishConference),
    evolve=evolve,
    decide=decide,
    stream_of=lambda command: f"conference-{command.slug}",
    invariants={
        "what is public was published": lambda it: it.was_ever_published or not it.is_published
    },
    undo={
        ConferenceUpdated: _described_as_before,
        ConferencePublished: lambda _before, _: UnpublishConference(slug=""),
        ConferenceUnpublished: lambda _before, _: PublishConference(slug=""),
    },
    correct=_corrected,
    final={ConferenceCreated: "No command drops a conference; one that is not public is unseen."},
    ruled_out={
        CreateConference: lambda it: f"There is a conference {it.slug} already." if it.slug else "",
        PublishConference: _ruled_out_publishing,
        UnpublishConference: _ruled_out_withdrawing,
    },
    roles=dict.fromkeys(
        (CreateConference, UpdateConference, PublishConference, UnpublishConference), ORGANISER
    ),
)
