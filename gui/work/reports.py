"""What long work ends with, as the verb behind it prints it with --json.

A member that a verb leaves out has a default here; members that the window has no use for are not
named, and are passed over.
"""

from typing import Any

from msgspec import UNSET, Struct

from store.transfer.lost import Lost
from store.transfer.report import ImportReport


class AuditExported(Struct, frozen=True, kw_only=True):
    out: str
    events: int


class ConsequencesListed(Struct, frozen=True, kw_only=True):
    """How many consequences there are of each kind."""

    consequences: dict[str, int]
    head: int
    branch_head: int


class Difference(Struct, frozen=True, kw_only=True):
    text: str


class Comparison(Struct, frozen=True, kw_only=True):
    difference_count: int
    differences: tuple[Difference, ...]  # the first ones


class ViewRebuilt(Struct, frozen=True, kw_only=True):
    """One view that was folded again, beside the live one."""

    view: str
    events: int
    seconds: float
    row_count: int
    digest: str
    comparison: Comparison | None  # None: there was nothing to compare with
    was_different: bool
    is_switched: bool
    error: str | None = None


class Rebuilt(Struct, frozen=True, kw_only=True):
    views: tuple[ViewRebuilt, ...]


class ViewBack(Struct, frozen=True, kw_only=True):
    """A view that is again what it was before the last switch."""

    view: str
    checkpoint: int
    lag: int
    is_older: bool  # made by older code: it stays as it is


class PutBack(Struct, frozen=True, kw_only=True):
    views: tuple[ViewBack, ...]


class ParkedView(Struct, frozen=True, kw_only=True):
    view: str
    position: int
    error: str


class StillParked(Struct, frozen=True, kw_only=True):
    parked: tuple[ParkedView, ...]


class LogProblem(Struct, frozen=True, kw_only=True):
    text: str
    kind: str
    position: int | None = None


class Verified(Struct, frozen=True, kw_only=True):
    problem_count: int
    problems: tuple[LogProblem, ...]  # the first ones
    first_position: int | None  # that fails
    views: tuple[ViewRebuilt, ...]
    views_unchecked: str | None  # why they were not asked


class ViewProof(Struct, frozen=True, kw_only=True):
    view: str
    what: str  # is wrong; empty when nothing is


class SnapshotNamed(Struct, frozen=True, kw_only=True):
    stream: str


class BadSnapshot(Struct, frozen=True, kw_only=True):
    info: SnapshotNamed
    difference: str


class Certified(Struct, frozen=True, kw_only=True):
    views: tuple[ViewProof, ...]
    bad_snapshots: tuple[BadSnapshot, ...]


class BadLine(Struct, frozen=True, kw_only=True):
    line: int
    offset: int
    reason: str


class FileRecord(Struct, frozen=True, kw_only=True):
    """One record of a file that is looked at. With a `reason` it is no event."""

    line: int
    stream: str | None = None
    type: str | None = None
    occurred_at: str | None = None
    id: str | None = None
    correlation: str = ""
    causation: str = ""
    actor: str = ""
    data: str = ""
    reason: str = ""


class FileChoice(Struct, frozen=True, kw_only=True):
    """Something that can be decided about a file before it is read."""

    name: str
    title: str
    values: tuple[str, ...]
    chosen: str


class RuleProblem(Struct, frozen=True, kw_only=True):
    """A rule of an import that cannot be followed, or may not do what is meant."""

    rule: str  # such as map.stream
    what: str


class ImportTarget(Struct, frozen=True, kw_only=True):
    """What is in a store before something is imported into it."""

    store: str
    is_there: bool
    events: int


class FilePreviewed(Struct, frozen=True, kw_only=True):
    format: str
    advice: str = ""
    fields: tuple[str, ...] = ()  # that its events have, as filters write them
    problems: tuple[RuleProblem, ...] = ()
    doubts: tuple[RuleProblem, ...] = ()
    target: ImportTarget | None = None
    records: tuple[FileRecord, ...]
    confidence: float | None = None
    choices: tuple[FileChoice, ...] = ()


class SeenChange(Struct, frozen=True, kw_only=True):
    """A change between two states of a table. With a `reason` it is a row that cannot be used."""

    line: int = 0  # in the later state; 0 where the row is gone
    stream: str = ""
    type: str = ""
    change: str = ""  # what changed in the row
    data: str = ""
    reason: str = ""


class ChangesSeen(Struct, frozen=True, kw_only=True):
    """What there is to infer from states of a table; without a key only columns and choices."""

    columns: tuple[str, ...]
    choices: tuple[FileChoice, ...] = ()
    added: int
    changed: int
    removed: int
    rejected: int
    records: tuple[SeenChange, ...]  # the first ones
    target: ImportTarget | None = None


class ChangesInferred(Struct, frozen=True, kw_only=True):
    states: tuple[ImportReport, ...]  # one for each step from a state to the next


class Followed(Struct, frozen=True, kw_only=True):
    stored: int
    store: str


class ServerSeen(Struct, frozen=True, kw_only=True):
    """What is at an address."""

    address: str  # without secrets
    kind: str
    program: str = ""  # whose store it is; empty: one of Foldline
    events: int | None = None
    can_append: bool


class Exported(Struct, frozen=True, kw_only=True):
    events: int
    bytes: int
    sha256: str
    losses: tuple[Lost, ...] = ()  # what of them the file does not hold


class FieldChanged(Struct, frozen=True, kw_only=True):
    """A field as two versions of a model have it; a version may lack it."""

    field: str
    old: Any = UNSET
    new: Any = UNSET


class Parting(Struct, frozen=True, kw_only=True):
    """Where two versions of a model first differ in one stream."""

    stream: str
    position: int
    type: str
    event: int  # which one of the stream's, from 1
    old_failed: str
    new_failed: str
    changes: tuple[FieldChanged, ...]


class ModelsCompared(Struct, frozen=True, kw_only=True):
    models: tuple[str, ...]
    against: str
    events: int
    streams: int
    parted: int
    differing_now: int
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    partings: tuple[Parting, ...]


class EventTried(Struct, frozen=True, kw_only=True):
    position: int
    before: Any
    after: Any  # None: it has no effect any more
    problem: str


class ChangeTried(Struct, frozen=True, kw_only=True):
    events: int
    is_all: bool
    unfit: int
    shown: tuple[EventTried, ...]
    code: str
    meaning: tuple[str, ...] = ()


class CommandRerun(Struct, frozen=True, kw_only=True):
    """One command that comes out otherwise today."""

    id: str
    command: str
    stream: str
    position: int  # of its first event
    differences: tuple[str, ...]


class CommandsRerun(Struct, frozen=True, kw_only=True):
    commands: int
    differing: tuple[CommandRerun, ...]
    without_events: int
    would_send: tuple[Any, ...]


class ViewPreviewed(Struct, frozen=True, kw_only=True):
    count: int
    rows: tuple[dict[str, Any], ...]


class ViewSaved(Struct, frozen=True, kw_only=True):
    saved: Any


class ViewRemoved(Struct, frozen=True, kw_only=True):
    removed: str


class ProjectionAdded(Struct, frozen=True, kw_only=True):
    added: tuple[str, ...]


class Seen(Struct, frozen=True, kw_only=True):
    """What came to a consumer of disturbed delivery, in numbers."""

    delivered: int
    applied: int
    duplicate_count: int
    gap_count: int
    inversion_count: int
    reordering_count: int
    late_count: int


class CellDifference(Struct, frozen=True, kw_only=True):
    key: str
    column: str  # empty: a whole row
    undisturbed: str
    disturbed: str
    position: int


class Finding(Struct, frozen=True, kw_only=True):
    kind: str
    position: int
    expected: int
    got: int | None
    type: str
    stream: str
    is_heard: bool


class Verdict(Struct, frozen=True, kw_only=True):
    """How one view ends after disturbed delivery."""

    view: str
    is_same: bool
    differing: int
    failure: str
    first: CellDifference | None
    seen: Seen
    lost_count: int
    doubled_count: int
    finding_count: int
    findings: tuple[Finding, ...]


class LabRun(Struct, frozen=True, kw_only=True):
    verdicts: tuple[Verdict, ...]


class SnapshotsMade(Struct, frozen=True, kw_only=True):
    streams: int
    made: int


class SnapshotsDeleted(Struct, frozen=True, kw_only=True):
    deleted: int


class SnapshotsChecked(Struct, frozen=True, kw_only=True):
    checked: int
    bad: tuple[BadSnapshot, ...]
    load_ms: float
    fold_ms: float


class SnapshotsExported(Struct, frozen=True, kw_only=True):
    exported: int
    file: str


class SnapshotsImported(Struct, frozen=True, kw_only=True):
    imported: int
    there: int
    refused: tuple[str, ...]


class PolicySet(Struct, frozen=True, kw_only=True):
    policy: dict[str, int]  # model → versions between two; 0: none


class SnapshotAdvice(Struct, frozen=True, kw_only=True):
    us_per_event: float
    curve: tuple[tuple[int, float], ...]  # events, milliseconds
    is_whole: bool
    histogram: tuple[tuple[int, int], ...]  # upper end of the length, streams
    every: int | None
