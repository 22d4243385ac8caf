"""Making another file of a store, asked for: the verbs that do it, and their reports."""

from typing import ClassVar

from msgspec import Struct

from gui.words import said
from gui.work import copy_reports
from store.place import Place


class NewStore(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("New store")
    report: ClassVar[type] = copy_reports.StoreMade
    out: str

    def arguments(self) -> list[str]:
        return ["new", self.out]


class BackUp(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Back up")
    report: ClassVar[type] = copy_reports.BackedUp
    store: Place
    out: str

    def arguments(self) -> list[str]:
        return ["backup", self.store.text, self.out]


class Compact(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Compact")
    report: ClassVar[type] = copy_reports.Compacted
    store: Place
    out: str

    def arguments(self) -> list[str]:
        return ["compact", self.store.text, self.out]


class Salvage(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Salvage")
    report: ClassVar[type] = copy_reports.Salvaged
    store: Place
    out: str

    def arguments(self) -> list[str]:
        return ["salvage", self.store.text, self.out]


class Migrate(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Migrate")
    report: ClassVar[type] = copy_reports.Migrated
    store: Place
    out: str
    rule: str
    why: str

    def arguments(self) -> list[str]:
        said = [f"--rule={self.rule}", f"--why={self.why}"]
        return ["migrate", self.store.text, self.out, *said]
