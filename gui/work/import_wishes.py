"""Files of events that can be looked into and imported: what it takes, and the verb's words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec import Struct, field

from gui.words import said
from gui.work import reports
from gui.work.source_text import sources_in
from store import json_text
from store.shaping.rules import NO_RULES, ImportRules
from store.transfer.report import ImportReport


class PreviewFile(Struct, frozen=True, kw_only=True):
    """Find out what an event file is, and look at its first records by the rules; also what is in
    the store that it may be imported into."""

    title: ClassVar[str] = said("Preview")
    report: ClassVar[type] = reports.FilePreviewed
    source: str
    into: str = ""
    format: str = ""  # empty: found from the content
    choices: Mapping[str, str] = field(default_factory=dict)
    rules: ImportRules = NO_RULES
    limit: int

    def arguments(self) -> list[str]:
        found = ["preview", *sources_in(self.source), "--limit", str(self.limit), "--mapping"]
        into = [f"--into={self.into}"] if self.into else []
        return [*found, *into, *_stated(self.format, self.choices, self.rules)]


class ImportFile(Struct, frozen=True, kw_only=True):
    report: ClassVar[type] = ImportReport
    source: str
    into: str
    format: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    rules: ImportRules = NO_RULES
    is_dry_run: bool = False
    title: str = said("Import")

    def arguments(self) -> list[str]:
        found = ["import", *sources_in(self.source), "--into", self.into]
        dry = ["--dry-run"] if self.is_dry_run else []
        return [*found, *dry, *_stated(self.format, self.choices, self.rules)]


class LookAtChanges(Struct, frozen=True, kw_only=True):
    """Count the changes between states of a table, and see the first of them; also what is in the
    store that they may come into."""

    title: ClassVar[str] = said("Look for changes")
    report: ClassVar[type] = reports.ChangesSeen
    states: tuple[str, ...]
    key: tuple[str, ...] = ()  # empty: only the columns are looked at
    table: str = ""
    has_first: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    into: str = ""
    limit: int

    def arguments(self) -> list[str]:
        found = ["changes", *self.states, f"--look={self.limit}"]
        into = [f"--into={self.into}"] if self.into else []
        return [*found, *into, *_of_states(self.key, self.table, self.has_first, self.choices)]


class InferChanges(Struct, frozen=True, kw_only=True):
    """Store the changes between states of a table as events that are marked as inferred."""

    title: ClassVar[str] = said("Infer changes")
    report: ClassVar[type] = reports.ChangesInferred
    states: tuple[str, ...]
    key: tuple[str, ...]
    table: str = ""
    has_first: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    into: str

    def arguments(self) -> list[str]:
        found = ["changes", *self.states, f"--into={self.into}"]
        return [*found, *_of_states(self.key, self.table, self.has_first, self.choices)]


class FollowFile(Struct, frozen=True, kw_only=True):
    """Store what a file holds and what it grows by, until it is cancelled."""

    report: ClassVar[type] = reports.Followed
    source: str

    @property
    def title(self) -> str:
        return said("Live: {file}", file=Path(self.source).name)

    def arguments(self) -> list[str]:
        return ["follow", self.source, "--free-name"]


def _of_states(
    key: Sequence[str], table: str, has_first: bool, choices: Mapping[str, str]
) -> list[str]:
    keys = [f"--key={','.join(key)}"] if key else []
    named = [f"--table={table}"] if table else []
    first = ["--first"] if has_first else []
    return [*keys, *named, *first, *(f"--choice={name}={it}" for name, it in choices.items())]


def _stated(format_: str, choices: Mapping[str, str], rules: ImportRules) -> list[str]:
    named = [f"--format={format_}"] if format_ else []
    chosen = [f"--choice={name}={value}" for name, value in choices.items()]
    text = [f"--rules={json_text.encode(rules.as_dict())}"] if rules != NO_RULES else []
    return [*named, *chosen, *text]
