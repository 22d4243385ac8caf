"""When a conference is published for the first time, all seats drafted until then are offered."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from replay.models.conference.management import ConferencePublished
from replay.models.conference.seat_types import AnnounceSeats, SeatDraftDeleted, SeatDrafted
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.typed_model import Event, Refused, Situation, State, TypedModel

PRIVATE: Final = "Private"
PUBLIC: Final = "Public"


class DraftNoted(Event, frozen=True):
    """Seats wait for the conference to be published."""

    seat_type: str


class DraftForgotten(Event, frozen=True):
    """They wait no more."""

    seat_type: str


class DraftsReleased(Event, frozen=True):
    """The conference is public: what waited was offered, and nothing will wait again."""

    seat_types: tuple[str, ...]


class Publication(State, frozen=True):
    """What waits for one conference to be published."""

    waiting: tuple[str, ...] = ()
    is_public: bool = False


def evolve(state: Publication, event: Event) -> Publication:
    """What waits after an event."""
    match event:
        case DraftNoted():
            return replace(state, waiting=(*state.waiting, event.seat_type))
        case DraftForgotten():
            left = tuple(it for it in state.waiting if it != event.seat_type)
            return replace(state, waiting=left)
        case DraftsReleased():
            return Publication(is_public=True)
    return state


def react(state: Publication, heard: Heard, _situation: Situation) -> Reaction:
    """Note drafts, and release them all at once. One drafted during the publication follows."""
    match heard.typed:
        case SeatDrafted(seat_type=drafted):
            if state.is_public:
                return Reaction(sends=[_announced(drafted)])
            is_known = drafted in state.waiting
            return Reaction(events=[] if is_known else [DraftNoted(seat_type=drafted)])
        case SeatDraftDeleted(seat_type=dropped) if dropped in state.waiting:
            return Reaction(events=[DraftForgotten(seat_type=dropped)])
        case ConferencePublished() if not state.is_public:
            sends = [_announced(it) for it in state.waiting]
            return Reaction(events=[DraftsReleased(seat_types=state.waiting)], sends=sends)
    return Reaction()


def _announced(seat_type: str) -> Send:
    return Send(command=AnnounceSeats(seat_type=seat_type))


def _instance_of(heard: Heard) -> str:
    """The conference that an event is about."""
    match heard.typed:
        case SeatDrafted() | SeatDraftDeleted():
            return heard.typed.conference_id
        case ConferencePublished():
            return heard.event.stream.removeprefix("conference-")
    return ""


def _decide(_state: Publication, command: Any, _situation: Situation) -> Sequence[Event]:
    raise Refused("no commands", f"{type(command).__name__} is no command of it.")


MODEL: Final = TypedModel(
    name="publishing",
    title="Publishing",
    version=1,
    category="publishing",
    state=Publication,
    events=(DraftNoted, DraftForgotten, DraftsReleased),
    commands=(),
    evolve=evolve,
    decide=_decide,
    stream_of=lambda _command: "",
)
PROCESS: Final = ProcessManager(
    model=MODEL,
    listens=frozenset({"SeatDrafted", "SeatDraftDeleted", "ConferencePublished"}),
    instance_of=_instance_of,
    react=react,
    handle=lambda _state, _command, _situation: Reaction(),
    states=(PRIVATE, PUBLIC),
    moves={
        (PRIVATE, "SeatDrafted"): PRIVATE,
        (PRIVATE, "SeatDraftDeleted"): PRIVATE,
        (PRIVATE, "ConferencePublished"): PUBLIC,
        (PUBLIC, "SeatDrafted"): PUBLIC,
    },
    state_name=lambda it: PUBLIC if it.is_public else PRIVATE,
)
