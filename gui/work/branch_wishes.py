"""Long work on a branch: deciding again, bringing in, saving as tests."""

from typing import ClassVar

from msgspec import Struct

from gui.words import said
from gui.work import branch_reports as reports
from store.place import Place


class DecideBranch(Struct, frozen=True, kw_only=True):
    """The commands behind the edits of a branch, decided again in it."""

    title: ClassVar[str] = said("Decide again")
    report: ClassVar[type] = reports.BranchDecided
    store: Place  # the branch, or its log
    name: str
    model: str = ""  # a file of a person's own, if one is in use

    def arguments(self) -> list[str]:
        return ["branch", "decide", self.store.text, self.name, *_own(self.model)]


class BringIn(Struct, frozen=True, kw_only=True):
    """A branch's own commands, issued on the log one by one; or a preview, which writes nothing."""

    title: ClassVar[str] = said("Bring in")
    report: ClassVar[type] = reports.BroughtIn
    store: Place  # the branch, or its log
    name: str
    is_preview: bool
    is_anyway: bool = False  # decided on streams that went on, too
    goes_on: bool = False  # behind a refusal or a conflict
    model: str = ""

    def arguments(self) -> list[str]:
        found = ["branch", "bring-in", self.store.text, self.name]
        found += ["--preview"] if self.is_preview else []
        found += ["--anyway"] if self.is_anyway else []
        found += ["--go-on"] if self.goes_on else []
        return [*found, *_own(self.model)]


class SaveTests(Struct, frozen=True, kw_only=True):
    """A branch's own commands as tests; or a preview, which saves nothing."""

    title: ClassVar[str] = said("Save as tests")
    report: ClassVar[type] = reports.BranchTests
    store: Place  # the branch, or its log
    name: str
    is_preview: bool
    model: str = ""

    def arguments(self) -> list[str]:
        found = ["branch", "case", self.store.text, self.name]
        return [*found, *(["--preview"] if self.is_preview else []), *_own(self.model)]


def _own(model: str) -> list[str]:
    return [f"--model={model}"] if model else []
