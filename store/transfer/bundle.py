"""What one import brings in: a file, or several on one timeline. Each is read in its own format.

Of several files one is open at a time, so that there may be as many as there are. Each event says
which one it came from.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from msgspec import structs

from store.errors import StoreError, UnknownChoice, UnknownFormat, UnreadableSource
from store.reading.choices import require_offered
from store.reading.format import Format, Incoming, Record
from store.reading.source import Source
from store.shaping.chosen import chosen_format, require_mapped, require_text
from store.shaping.rules import ImportRules
from store.transfer.file_report import FileReport, file_report
from store.transfer.parts import Part, choices_for, files_of, members_in
from store.transfer.report import Tally
from store.words import said

Pulse = Callable[[], None]


class Bundle(Protocol):
    """Used from one thread; `pulse` is called often while it is read, and may raise."""

    name: str
    format_name: str
    pulse: Pulse

    @property
    def total_bytes(self) -> int:
        """Of all files as they lie on the disk."""

    @property
    def bytes_read(self) -> int:
        """How far reading has come."""

    def records(self) -> Iterator[Record]:
        """Everything from the start; may be asked again."""

    def facts(self, tally: Tally) -> dict[str, Any]:
        """What the log's own record of an import says of the files, once they were read."""

    def files(self, tally: Tally) -> tuple[FileReport, ...]:
        """What became of each of several."""


class OneFile:
    """A file, or a repository."""

    def __init__(self, source: Source, format_: Format) -> None:
        self._source, self._format = source, format_
        self.name, self.format_name = source.name, format_.name
        self.pulse: Pulse = source.pulse
        source.pulse = lambda: self.pulse()

    @property
    def total_bytes(self) -> int:
        return self._source.total_bytes

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def records(self) -> Iterator[Record]:
        return self._format.read(self._source)

    def facts(self, _tally: Tally) -> dict[str, Any]:
        it = self._source
        return {
            "file": it.name,
            "bytes": it.total_bytes,
            "sha256": it.sha256(),
            "choices": it.choices,
            "notes": it.notes,
        }

    def files(self, _tally: Tally) -> tuple[FileReport, ...]:
        return ()


class ManyFiles:
    """Several, one behind the other; an order that the rules state puts their events together."""

    def __init__(
        self,
        parts: Sequence[Part],
        refused: Mapping[str, StoreError],
        *,
        name: str,
        encoding: str,
        choices: Mapping[str, str],
    ) -> None:
        self.name = name
        names = dict.fromkeys(it.format.name for it in parts)
        self.format_name = ", ".join(names)
        self.pulse: Pulse = lambda: None
        self.total_bytes = sum(it.bytes for it in parts)
        self._parts, self._refused = parts, refused
        self._encoding, self._choices = encoding, choices
        self._passed = 0  # bytes of the files that were read
        self._open: Source | None = None

    @property
    def bytes_read(self) -> int:
        return self._passed + (self._open.bytes_read if self._open is not None else 0)

    def records(self) -> Iterator[Record]:
        self._passed = 0
        for part in self._parts:
            with part.opened(self._encoding) as source:
                source.pulse = lambda: self.pulse()
                self._open = source
                for record in part.format.read(source):
                    yield _marked(record, part)
                part.sha256 = part.sha256 or source.sha256()
                part.notes = source.notes
            self._open = None
            self._passed += part.bytes

    def facts(self, tally: Tally) -> dict[str, Any]:
        counts = {it.file: it.as_dict() for it in self.files(tally)}
        files = [
            {**counts[it.name], "bytes": it.bytes, "sha256": it.sha256, "notes": it.notes}
            for it in self._parts
        ]
        return {
            "file": self.name,
            "bytes": self.total_bytes,
            "choices": dict(self._choices),
            "files": files,
        }

    def files(self, tally: Tally) -> tuple[FileReport, ...]:
        read = [file_report(it.name, it.format.name, tally.of_file(it.name)) for it in self._parts]
        return (*read, *(FileReport(file=it, error=str(why)) for it, why in self._refused.items()))


@contextmanager
def opened_bundle(
    paths: Sequence[Path],
    *,
    rules: ImportRules,
    choices: Mapping[str, str],
    named: str | Format | None,
    pulse: Pulse,
) -> Iterator[Bundle]:
    """What is named, found and looked into. Of several files those that cannot be read are left
    out and told. Raises UnreadableSource, UnknownFormat, UnknownChoice, WrongRules."""
    stated = dict(choices)
    files = files_of(paths)
    places = [(it, member) for it in files for member in _members(it, stated, len(files))]
    if len(places) == 1:
        path, member = places[0]
        with Source(path, choices=stated, encoding=rules.encoding, member=member) as source:
            source.pulse = pulse  # a SQLite file is copied to be looked into
            yield OneFile(source, _format_of(source, rules, named))
        return
    parts, refused = list[Part](), dict[str, StoreError]()
    for path, member in places:
        name = _unlike(_name(path, member, paths), {*refused, *(it.name for it in parts)})
        try:
            parts.append(_part(path, member, name, rules=rules, choices=stated, named=named))
        except (UnreadableSource, UnknownFormat) as error:
            refused[name] = error
        pulse()
    if not parts:
        raise next(iter(refused.values()))
    _require_known(parts, stated)
    yield ManyFiles(parts, refused, name=_together(paths), encoding=rules.encoding, choices=choices)


def _members(path: Path, choices: dict[str, str], count: int) -> tuple[str | None, ...]:
    """Of a file that cannot be read the refusal comes when it is looked into."""
    try:
        return members_in(path, choices)
    except UnreadableSource:
        if count == 1:
            raise
        return (None,)


def _format_of(source: Source, rules: ImportRules, named: str | Format | None) -> Format:
    require_text(source, rules)
    chosen = chosen_format(source, rules, named=named).format
    require_offered(chosen, source)
    require_mapped(chosen, rules)
    return chosen


def _part(
    path: Path,
    member: str | None,
    name: str,
    *,
    rules: ImportRules,
    choices: dict[str, str],
    named: str | Format | None,
) -> Part:
    with Source(path, encoding=rules.encoding, member=member) as source:
        chosen = chosen_format(source, rules, named=named).format
        source.choices = choices_for(chosen, choices)
        format_ = _format_of(source, rules, named or chosen)
        return Part(
            path=path,
            member=member,
            name=name,
            format=format_,
            choices=source.choices,
            bytes=source.total_bytes,
            notes={},
        )


def _require_known(parts: Sequence[Part], choices: dict[str, str]) -> None:
    """Raises UnknownChoice for what no format leaves open."""
    for name in choices:
        if name != "member" and not any(name in it.choices for it in parts):
            raise UnknownChoice(said("none of the files has a choice {name!r}", name=name), ())


def _marked(record: Record, part: Part) -> Record:
    if isinstance(record, Incoming):
        return structs.replace(record, file=part.name, format=part.format.name)
    return structs.replace(record, file=part.name)


def _name(path: Path, member: str | None, named: Sequence[Path]) -> str:
    """As short as tells it from the others: within the folder that was named, or by itself."""
    folder = next((it for it in named if it != path and it in path.parents), path.parent)
    name = str(path.relative_to(folder)) if path.is_relative_to(folder) else path.name
    return name if member is None else f"{name}/{member}"


def _unlike(name: str, taken: Collection[str]) -> str:
    """The name, with a number where another file has it."""
    numbered = (name if n == 1 else f"{name} ({n})" for n in count(1))
    return next(it for it in numbered if it not in taken)


def _together(paths: Sequence[Path]) -> str:
    first, more = paths[0].name or str(paths[0]), len(paths) - 1
    return said("{first} and {more} more", first=first, more=more) if more else first
