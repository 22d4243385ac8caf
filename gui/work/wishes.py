"""Long work that can be asked for: what it takes, the verb that does it, and its report.

The only place of the window that knows how verbs are written.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

from msgspec import Struct

from gui.words import said
from gui.work import reports
from store.place import Place


class Wish(Protocol):
    """What a job is made of."""

    @property
    def title(self) -> str:
        """Of the job, for the status line."""

    @property
    def report(self) -> type[Any]:
        """What the verb's last line is read as."""

    def arguments(self) -> list[str]:
        """The command line behind `main.py`, without --json and --progress."""


class ExportEvents(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Export")
    report: ClassVar[type] = reports.Exported
    store: Place
    out: str
    format: str
    stream: str = ""  # with neither stream, types nor filter: everything
    types: tuple[str, ...] = ()
    where: str = ""

    def arguments(self) -> list[str]:
        found = ["export", self.store.text, self.out, "--format", self.format]
        where = [f"--where={self.where}"] if self.where else []
        return [*found, *_named("stream", self.stream), *_each("type", self.types), *where]


class CountLosses(Struct, frozen=True, kw_only=True):
    """What an export would lose; it writes nothing."""

    title: ClassVar[str] = said("Count what an export loses")
    report: ClassVar[type] = reports.Exported
    export: ExportEvents

    def arguments(self) -> list[str]:
        return [*self.export.arguments(), "--dry-run"]


class ExportAudit(Struct, frozen=True, kw_only=True):
    """Write who did what, when, by which command, under which rules: of one stream, or of all."""

    title: ClassVar[str] = said("Export the audit trail")
    report: ClassVar[type] = reports.AuditExported
    store: Place
    out: str
    stream: str = ""

    def arguments(self) -> list[str]:
        found = ["audit", self.store.text, f"--out={self.out}", "--overwrite"]
        return [*found, *_named("stream", self.stream)]


class Verify(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Verify")
    report: ClassVar[type] = reports.Verified
    store: Place

    def arguments(self) -> list[str]:
        return ["verify", self.store.text]


class Certify(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Certify")
    report: ClassVar[type] = reports.Certified
    store: Place

    def arguments(self) -> list[str]:
        return ["certify", self.store.text]


class RebuildViews(Struct, frozen=True, kw_only=True):
    """Fold views again. No process manager hears it: what it would have sent is not counted."""

    report: ClassVar[type] = reports.Rebuilt
    store: Place
    view: str = ""  # empty: every view
    is_beside: bool = False  # left beside the live view

    @property
    def title(self) -> str:
        return said("Rebuild {view}", view=self.view).rstrip()

    def arguments(self) -> list[str]:
        beside = ["--beside"] if self.is_beside else []
        return ["rebuild", self.store.text, *_if_any(self.view), "--views-only", *beside]


class PutViewBack(Struct, frozen=True, kw_only=True):
    report: ClassVar[type] = reports.PutBack
    store: Place
    view: str

    @property
    def title(self) -> str:
        return said("Switch {view} back", view=self.view)

    def arguments(self) -> list[str]:
        return ["rebuild", self.store.text, self.view, "--back"]


class ResetView(Struct, frozen=True, kw_only=True):
    report: ClassVar[type] = reports.PutBack
    store: Place
    view: str

    @property
    def title(self) -> str:
        return said("Reset {view}", view=self.view)

    def arguments(self) -> list[str]:
        return ["rebuild", self.store.text, self.view, "--reset"]


class LetViewGoOn(Struct, frozen=True, kw_only=True):
    """Try the event at which a view is parked again; with a reason: do without it."""

    report: ClassVar[type] = reports.StillParked
    store: Place
    view: str
    skip_reason: str | None = None  # None: try it again

    @property
    def title(self) -> str:
        return said("Resume {view}", view=self.view)

    def arguments(self) -> list[str]:
        what = ["--retry"] if self.skip_reason is None else [f"--skip={self.skip_reason}"]
        return ["parked", self.store.text, self.view, *what]


class CompareModels(Struct, frozen=True, kw_only=True):
    """A model file against what was trusted before it."""

    title: ClassVar[str] = said("Compare models")
    report: ClassVar[type] = reports.ModelsCompared
    store: Place
    model: Path

    def arguments(self) -> list[str]:
        return ["reducers", self.store.text, "--model", str(self.model)]


class AddProjection(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Add a projection")
    report: ClassVar[type] = reports.ProjectionAdded
    store: Place
    file: Path

    def arguments(self) -> list[str]:
        return ["projection", "add", self.store.text, str(self.file)]


class Retirement(Struct, frozen=True, kw_only=True):
    """An event type that has no effect any more."""

    why: str


class FieldEdit(Struct, frozen=True, kw_only=True):
    kind: str  # "add", "rename" or "drop"
    field: str
    value: str = ""  # JSON to add, or the new name


class NewShape(Struct, frozen=True, kw_only=True):
    """An event type with other fields, or another name too."""

    edits: tuple[FieldEdit, ...] = ()
    becomes: str | None = None  # None: it keeps its name


class TryChange(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Change an event type")
    report: ClassVar[type] = reports.ChangeTried
    store: Place
    type: str
    version: int
    model: str = ""  # a file of a person's own, if one is in use
    change: Retirement | NewShape

    def arguments(self) -> list[str]:
        found = ["upcast", self.store.text, self.type, "--from-version", str(self.version)]
        found += _named("model", self.model)
        if isinstance(self.change, Retirement):
            return [*found, f"--retire={self.change.why}"]
        if self.change.becomes is not None:
            found.append(f"--becomes={self.change.becomes}")
        for it in self.change.edits:
            edit = it.field if it.kind == "drop" else f"{it.field}={it.value}"
            found.append(f"--{it.kind}={edit}")
        return found


class RerunCommands(Struct, frozen=True, kw_only=True):
    """Recorded commands decided on again; nothing is written."""

    title: ClassVar[str] = said("Re-run commands")
    report: ClassVar[type] = reports.CommandsRerun
    store: Place
    after: int = 0  # events behind it only
    until: int | None = None
    model: str = ""  # a file of a person's own, if one is in use

    def arguments(self) -> list[str]:
        found = ["rerun", self.store.text, "--after", str(self.after)]
        found += [] if self.until is None else ["--until", str(self.until)]
        return [*found, *_named("model", self.model)]


class ListConsequences(Struct, frozen=True, kw_only=True):
    """What is otherwise in a branch than in the log or another branch, as soon as it is found."""

    title: ClassVar[str] = said("List consequences")
    report: ClassVar[type] = reports.ConsequencesListed
    store: Place  # the branch, or its log
    name: str
    against: str = ""  # the name of another branch; empty: the log
    model: str = ""  # a file of a person's own, if one is in use

    def arguments(self) -> list[str]:
        compared = [*_named("against", self.against), *_named("model", self.model)]
        return ["consequences", self.store.text, self.name, *compared]


class DraftColumn(Struct, frozen=True, kw_only=True):
    name: str
    fold: str
    field: str = ""


class DraftView(Struct, frozen=True, kw_only=True):
    """A view that is put together without code."""

    name: str
    group_by: str
    columns: tuple[DraftColumn, ...]
    types: tuple[str, ...] = ()
    where: str = ""

    def arguments(self) -> list[str]:
        found = [self.name, "--group-by", self.group_by]
        for it in self.columns:
            found += ["--column", f"{it.name}={it.fold}{f':{it.field}' if it.field else ''}"]
        where = [f"--where={self.where}"] if self.where.strip() else []
        return [*found, *_each("type", self.types), *where]


class PreviewView(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Build a view")
    report: ClassVar[type] = reports.ViewPreviewed
    store: Place
    draft: DraftView
    limit: int

    def arguments(self) -> list[str]:
        what = ["--preview", "--limit", str(self.limit)]
        return ["build", self.store.text, *self.draft.arguments(), *what]


class SaveView(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Build a view")
    report: ClassVar[type] = reports.ViewSaved
    store: Place
    draft: DraftView

    def arguments(self) -> list[str]:
        return ["build", self.store.text, *self.draft.arguments()]


class RemoveView(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Build a view")
    report: ClassVar[type] = reports.ViewRemoved
    store: Place
    name: str

    def arguments(self) -> list[str]:
        return ["build", self.store.text, self.name, "--remove"]


class Disturbance(Struct, frozen=True, kw_only=True):
    """How events are delivered. Shares are percent of all events."""

    duplicate: float = 0.0
    reorder: float = 0.0
    drop: float = 0.0
    delay: float = 0.0
    drop_at: tuple[str, ...] = ()  # positions
    swap_at: tuple[str, ...] = ()
    crash_every: int = 0  # events; 0: never
    crash_at: str = "project"
    publisher: str = ""
    partitions: int = 1
    partition_by: str = "stream"
    guard: str = "none"

    def arguments(self) -> list[str]:
        found = ["--guard", self.guard]
        for name in ("duplicate", "reorder", "drop", "delay"):
            found += [f"--{name}", str(getattr(self, name))]
        found += _named("drop-at", ",".join(self.drop_at))
        found += _named("swap-at", ",".join(self.swap_at))
        if self.crash_every:
            found += ["--crash-every", str(self.crash_every), "--crash-at", self.crash_at]
            found += _named("publisher", self.publisher)
        found += ["--partitions", str(self.partitions)]
        return [*found, "--partition-by", self.partition_by]


class RunLab(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Delivery lab")
    report: ClassVar[type] = reports.LabRun
    store: Place
    disturbance: Disturbance
    findings: int  # of each view, at most

    def arguments(self) -> list[str]:
        most = ["--findings", str(self.findings)]
        return ["lab", self.store.text, *most, *self.disturbance.arguments()]


def _named(name: str, value: str) -> list[str]:
    return [f"--{name}={value}"] if value else []


def _each(name: str, values: Sequence[str]) -> list[str]:
    return [f"--{name}={it}" for it in values]


def _if_any(word: str) -> list[str]:
    return [word] if word else []
