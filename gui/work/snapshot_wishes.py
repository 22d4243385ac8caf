"""Long work with saved states: each wish is one word of the verb `snapshots`."""

from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from gui.words import said
from gui.work import reports
from store.place import Place

TITLE = said("Snapshots")


class SavedState(Struct, frozen=True, kw_only=True):
    """Names one snapshot."""

    model: str
    position: int
    stream: str


class MakeSnapshots(Struct, frozen=True, kw_only=True):
    """Of the named streams, of those above a length, or of all."""

    title: ClassVar[str] = TITLE
    report: ClassVar[type] = reports.SnapshotsMade
    store: Place
    streams: tuple[str, ...] = ()
    above: int | None = None
    is_all: bool = False
    own: Path | None = None  # a model file of a person's own, if one is in use

    def arguments(self) -> list[str]:
        which = [f"--stream={it}" for it in self.streams]
        which += [] if self.above is None else ["--above", str(self.above)]
        which += ["--all"] if self.is_all else []
        return ["snapshots", "create", self.store.text, *which, *_own(self.own)]


class SetPolicy(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = TITLE
    report: ClassVar[type] = reports.PolicySet
    store: Place
    model: str
    every: int  # versions between two; 0: none are made by themselves
    own: Path | None = None

    def arguments(self) -> list[str]:
        what = ["--model", self.model, "--every", str(self.every or "off")]
        return ["snapshots", "policy", self.store.text, *what, *_own(self.own)]


class ExportSnapshots(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = TITLE
    report: ClassVar[type] = reports.SnapshotsExported
    store: Place
    file: Path

    def arguments(self) -> list[str]:
        return ["snapshots", "export", self.store.text, "--file", str(self.file)]


class ImportSnapshots(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = TITLE
    report: ClassVar[type] = reports.SnapshotsImported
    store: Place
    file: Path
    own: Path | None = None

    def arguments(self) -> list[str]:
        return ["snapshots", "import", self.store.text, "--file", str(self.file), *_own(self.own)]


class CheckSnapshots(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = TITLE
    report: ClassVar[type] = reports.SnapshotsChecked
    store: Place
    own: Path | None = None

    def arguments(self) -> list[str]:
        return ["snapshots", "verify", self.store.text, *_own(self.own)]


class AdviseOnSnapshots(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = TITLE
    report: ClassVar[type] = reports.SnapshotAdvice
    store: Place
    own: Path | None = None

    def arguments(self) -> list[str]:
        return ["snapshots", "advise", self.store.text, *_own(self.own)]


class DeleteSnapshots(Struct, frozen=True, kw_only=True):
    """Those that are named; all when none is."""

    title: ClassVar[str] = TITLE
    report: ClassVar[type] = reports.SnapshotsDeleted
    store: Place
    chosen: tuple[SavedState, ...] = ()

    def arguments(self) -> list[str]:
        one = [("--one", it.model, str(it.position), it.stream) for it in self.chosen]
        which = [part for words in one for part in words] or ["--all"]
        return ["snapshots", "delete", self.store.text, *which]


def _own(file: Path | None) -> list[str]:
    return [] if file is None else ["--own", str(file)]
