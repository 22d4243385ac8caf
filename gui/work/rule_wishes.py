"""Standing rules, kept and let go: the verb behind it, and its reports."""

from typing import Any, ClassVar

from msgspec import Struct

from gui.words import said
from store.place import Place


class RuleKept(Struct, frozen=True, kw_only=True):
    kept: Any


class RuleRemoved(Struct, frozen=True, kw_only=True):
    removed: str


class DraftRule(Struct, frozen=True, kw_only=True):
    """What a person has entered."""

    name: str
    where: str
    of: str = ""
    severity: str = "error"
    note: str = ""


class KeepRule(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Save a rule")
    report: ClassVar[type] = RuleKept
    store: Place
    draft: DraftRule

    def arguments(self) -> list[str]:
        it = self.draft
        return [
            "rules",
            self.store.text,
            f"--add={it.name}",
            f"--where={it.where}",
            f"--of={it.of}",
            f"--severity={it.severity}",
            f"--note={it.note}",
        ]


class RemoveRule(Struct, frozen=True, kw_only=True):
    title: ClassVar[str] = said("Remove a rule")
    report: ClassVar[type] = RuleRemoved
    store: Place
    name: str

    def arguments(self) -> list[str]:
        return ["rules", self.store.text, f"--remove={self.name}"]
