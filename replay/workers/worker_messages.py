"""What is asked of the process that models run in, and what it answers."""

from typing import Any, TypeAlias

from msgspec import UNSET, Struct

from replay.children.questions import Question
from replay.commands.offers import Judged, Offer
from replay.correcting.kinds import Kind
from replay.correcting.told import CorrectionTold, Newest
from replay.processes.desk_messages import DeskQuestion
from replay.states.condition_moments import FoundMoments, Which
from replay.states.field_histories import Axis
from replay.states.state_at import Basis
from store.beside.outcomes import Outcome

Path: TypeAlias = tuple[str | int, ...]


class Form(Struct, frozen=True, kw_only=True):
    """A command as a person filled it in. Without an actor it is whoever is logged in."""

    id: str
    command: str
    data: Any
    actor: str = ""
    roles: tuple[str, ...] | None = None  # None: nobody knows them yet
    expected: int | None = None
    causation: str | None = None
    correlation: str | None = None  # None: the command begins a conversation


class Seen(Struct, frozen=True, kw_only=True):
    """The version of a stream that a person saw; None when nothing was seen of it."""

    stream: str
    version: int | None


class OfferList(Struct, frozen=True, kw_only=True):
    """The commands that a stream takes; of all models when it has none of its own."""

    stream: str
    model: str  # its title; empty when no model owns the stream
    offers: tuple[Offer, ...]
    actor: str  # who is logged in
    roles: tuple[str, ...]  # that models declare
    version: int  # of the stream


class ChangedField(Struct, frozen=True, kw_only=True):
    """A field of a state that differs, and how."""

    path: Path
    kind: str


class RefusedBy(Struct, frozen=True, kw_only=True):
    """The rule that a command would be refused by."""

    rule: str  # by name
    reason: str


class Previewed(Struct, frozen=True, kw_only=True):
    """What a command would lead to."""

    stream: str
    version: int
    events: tuple[tuple[str, Any], ...]  # type and payload
    before: Any  # the state
    after: Any
    changes: tuple[ChangedField, ...]
    refusal: RefusedBy | None  # what would refuse it
    read: tuple[str, ...]  # further streams that it was decided on
    refused: tuple[tuple[str, str, str], ...]  # of a form: intent, rule, reason


class EventTold(Struct, frozen=True, kw_only=True):
    """An event with what it says."""

    position: int
    stream: str
    stream_version: int
    type: str
    data: Any


class CommandSettled(Struct, frozen=True, kw_only=True, tag="settled"):
    """A command has its outcome."""

    command: str
    stream: str
    outcome: Outcome
    version: int | None  # of the stream now; None: the outcome is of an earlier time
    events: tuple[EventTold, ...]


class CommandConflict(Struct, frozen=True, kw_only=True, tag="conflict"):
    """The stream has moved on since the form was opened."""

    command: str
    stream: str
    reason: str
    version: int  # of the stream now
    between: tuple[EventTold, ...]  # that came in


CommandAnswer: TypeAlias = CommandSettled | CommandConflict


class Because(Struct, frozen=True, kw_only=True):
    """What a command is issued for."""

    causation: str
    correlation: str


class Undo(Struct, frozen=True, kw_only=True, tag="undo"):
    """The command that compensates an event, filled in."""

    offer: Offer  # `given` is all of its fields
    because: Because
    version: int  # of the stream that it is for
    event: EventTold  # the one that it takes back


class NotUndone(Struct, frozen=True, kw_only=True, tag="not undone"):
    """Nothing takes an event back, or something has already. Both are sentences."""

    reason: str
    hint: str


class ModelFacts(Struct, frozen=True, kw_only=True):
    """One model of the process."""

    name: str
    title: str
    version: int
    category: str
    is_own: bool
    is_installed: bool  # brought by a package
    definition: str
    has_sentences: bool = False  # of events


class ModelList(Struct, frozen=True, kw_only=True):
    """All models, and the packages that are left out, with why."""

    models: tuple[ModelFacts, ...] = ()
    problems: dict[str, str] = {}


class SavedCase(Struct, frozen=True, kw_only=True):
    """A decision kept as a test."""

    name: str
    given: int  # events


class CaseResult(Struct, frozen=True, kw_only=True):
    """Whether a test holds."""

    name: str
    difference: str  # empty when it does


class StateFound(Struct, frozen=True, kw_only=True):
    """A state as a JSON value, and how it was found; see replay.states.state_at."""

    state: Any
    previous: Any
    basis: Basis
    folded: int
    version: int
    events: int
    position: int  # the greatest one folded in, or the one asked for
    last: int  # the position of the last event folded in; 0 without one


class HistoryFound(Struct, frozen=True, kw_only=True):
    """The changes of a field behind those that the asker has, and where the cursor stands in all.
    See replay.workers.field_answers."""

    known: int  # how many of the asker's changes are still true
    places: list[int]
    positions: list[int]
    values: list[list[Any]]
    first: list[Any]
    until: int
    at: int


class ListOffers(Question[OfferList], frozen=True, kw_only=True):
    """What a stream takes, as of a position, from somebody."""

    stream: str
    position: int
    actor: str = ""
    roles: tuple[str, ...] | None = None


class JudgeForm(Question[Judged], frozen=True, kw_only=True):
    """Which stream a form names as it is filled in so far, and what rules the command out there."""

    form: Form
    position: int


class PreviewCommand(Question[Previewed], frozen=True, kw_only=True):
    """What it would lead to as of a position; nothing is written."""

    form: Form
    position: int


class IssueCommand(Question[tuple[CommandAnswer, ...]], frozen=True, kw_only=True):
    """Decide on it, or on each of its intents, and record what comes of it."""

    form: Form
    seen: Seen | None = None


class GiveUp(Question[None], frozen=True, kw_only=True):
    """The process that was to decide on a command was ended: keep that it was sent."""

    form: Form
    reason: str


class ChoiceList(Struct, frozen=True, kw_only=True):
    """What a field may take, by name."""

    texts: tuple[str, ...]  # the first of them
    count: int  # of all


class ListChoices(Question[ChoiceList], frozen=True, kw_only=True):
    """The streams of a kind, without it."""

    kind: str


class ComposeUndo(Question[Undo | NotUndone], frozen=True, kw_only=True):
    """How somebody takes back an event: of several, the last one that a command takes back."""

    positions: tuple[int, ...]
    actor: str = ""
    roles: tuple[str, ...] | None = None


class ListModels(Question[ModelList], frozen=True, kw_only=True):
    """The models of the process."""


class SaveCase(Question[SavedCase], frozen=True, kw_only=True):
    """Keep a decision as a test: on the selected events, else as of a position."""

    form: Form
    position: int
    selected: tuple[int, int] | None = None


class RunCases(Question[tuple[CaseResult, ...]], frozen=True, kw_only=True):
    """Decide on all saved tests again."""


class ExportCases(Question[int], frozen=True, kw_only=True):
    """Write all saved tests as a pytest file. Answered with how many."""

    path: str


class TellState(Question[StateFound], frozen=True, kw_only=True):
    """The state of a stream as of a position; or of what had occurred by a time, of the events at
    that very time those up to the position, or all; as it was known at a position, or is now."""

    stream: str
    position: int | None = None
    until_us: int | None = None
    known: int | None = None


class TellHistory(Question[HistoryFound], frozen=True, kw_only=True):
    """The changes of a field, and the last one as of a position on an axis. Whoever has some
    already says how many, and a hash of where they stand."""

    stream: str
    path: Path
    position: int
    axis: Axis = "recorded"
    known_at: int | None = None  # the position at which it was known so
    known: int = 0
    digest: str = ""


class TellSentences(Question[dict[str, str]], frozen=True, kw_only=True):
    """What models say of the events at these positions. Answered by position, as text."""

    positions: tuple[int, ...]


class TellMoments(Question[FoundMoments], frozen=True, kw_only=True):
    """When a condition on the state of a stream came true; see replay.states.condition_moments."""

    stream: str
    condition: str
    which: Which = "all"
    position: int | None = None
    axis: Axis = "recorded"


class CorrectEvent(Question[CorrectionTold], frozen=True, kw_only=True):
    """What a correction of an event would come to; with `commits`, append its events, if the
    streams end where they were `seen` to end. `partly`: even where fields stay different."""

    position: int
    kind: Kind
    before: int | None = None  # a position; None: where it belongs by when it occurred
    data: Any = UNSET
    actor: str = ""
    reason: str = ""
    commits: bool = False
    partly: bool = False
    seen: tuple[Newest, ...] = ()


class KeepSnapshots(Question[bool], frozen=True, kw_only=True):
    """Make some that are due. Answered with whether there are more."""


WorkerQuestion = (
    DeskQuestion
    | ListOffers
    | JudgeForm
    | PreviewCommand
    | IssueCommand
    | GiveUp
    | ListChoices
    | ComposeUndo
    | ListModels
    | SaveCase
    | RunCases
    | ExportCases
    | TellState
    | TellHistory
    | TellSentences
    | TellMoments
    | CorrectEvent
    | KeepSnapshots
)
