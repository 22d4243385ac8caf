"""What an import did, while it goes on and at the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, get_args, get_type_hints

from msgspec import Meta, Struct, structs

from store.reading.format import Incoming, Rejected
from store.reading.remarks import PASSED, Kind, Remark, Skipped
from store.transfer.file_report import FileReport
from store.words import counted, said

NAMED: Final = 100  # bad lines, conflicts, and remarks of each kind, that a report names
ANSWERS: Final = said("recorded answers of outside systems")
BAD_ANSWERS: Final = said("lines of the answers file that cannot be read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import or export has come."""

    bytes_read: int
    total_bytes: int
    lines: int
    events: int  # stored, or written, so far
    seconds: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(self.bytes_read / self.total_bytes, 1.0) if self.total_bytes else 0.0

    @property
    def rate(self) -> float:
        """Lines a second."""
        return self.lines / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """None while nothing can be said yet."""
        return self.seconds / self.share - self.seconds if self.share else None


class Conflict(Struct, frozen=True, kw_only=True):
    """An event that contradicts one that was there first; the first is kept."""

    line: int
    offset: int
    stream: str
    id: str
    reason: str
    file: str = ""  # of several that came in together


class ImportCounts(Struct, frozen=True, kw_only=True):
    """The counts of one import, or of several together.

    read = stored + duplicates + conflicts + rejected; what is no event and was passed over is
    counted beside it, by its kind (`skipped` is all of it). Whatever shows, sums or writes counts
    goes over these fields: a description is what the window says after the number, a title what
    the command line says where that is not the name itself.
    """

    read: int = 0
    stored: int = 0
    duplicates: Annotated[int, Meta(description="already here")] = 0
    conflicts: Annotated[int, Meta(description="in conflict with what is here")] = 0
    rejected: Annotated[int, Meta(description="rejected")] = 0
    gaps: Annotated[int, Meta(description="gaps in stream versions")] = 0
    renumbered: Annotated[int, Meta(description="given a different version")] = 0
    minted_ids: Annotated[int, Meta(description="ids created here")] = 0
    minted_versions: Annotated[int, Meta(description="versions created here")] = 0
    naive_times: Annotated[int, Meta(description="times without an offset, read as UTC")] = 0
    missing_times: Annotated[int, Meta(description="events without a time, dated here")] = 0
    opaque: Annotated[int, Meta(description="opaque payloads")] = 0
    repeated_keys: Annotated[
        int,
        Meta(title="events with a repeated key", description="events with a repeated key"),
    ] = 0
    repeated_attributes: Annotated[int, Meta(description="repeated attributes")] = 0
    odd_attributes: Annotated[
        int,
        Meta(title="attributes of another type", description="attributes of another type, kept"),
    ] = 0
    long_lines: Annotated[
        int, Meta(title="lines that are too long", description="lines that are too long")
    ] = 0
    archived: Annotated[
        int,
        Meta(title="events archived at the source", description="archived in their store"),
    ] = 0
    deleted: Annotated[
        int,
        Meta(title="events deleted at the source", description="deleted in their store"),
    ] = 0
    snapshots: Annotated[
        int, Meta(title="snapshots skipped", description="snapshots skipped: they are not events")
    ] = 0
    own_links: Annotated[
        int,
        Meta(
            title="links into an event's own stream", description="links into an event's own stream"
        ),
    ] = 0
    messages: Annotated[
        int, Meta(title="messages skipped", description="messages skipped: they are not events")
    ] = 0
    relations: Annotated[
        int, Meta(title="relations skipped", description="relations skipped: an end is missing")
    ] = 0
    other_rows: Annotated[
        int,
        Meta(title="other rows skipped", description="other rows skipped: they contain no events"),
    ] = 0
    clock_steps_back: Annotated[int, Meta(description="steps back of the recording clock")] = 0
    future_times: Annotated[int, Meta(description="times in the future")] = 0
    early_times: Annotated[
        int,
        Meta(
            title="times in January 1970: perhaps counted in another unit",
            description="times in January 1970: perhaps counted in another unit",
        ),
    ] = 0
    ruled_out: Annotated[
        int, Meta(title="rejected by a rule", description="of these, rejected by a rule")
    ] = 0
    renamed: Annotated[int, Meta(title="names changed", description="names changed by a rule")] = 0
    converted: Annotated[
        int, Meta(title="values converted", description="values converted by a rule")
    ] = 0
    masked: Annotated[int, Meta(title="values masked", description="values masked by a rule")] = 0
    unmapped: Annotated[
        int,
        Meta(
            title="facts whose mapped field is missing",
            description="facts whose mapped field is missing",
        ),
    ] = 0
    late: Annotated[
        int,
        Meta(
            title="late events, which occurred before an event ahead of them",
            description="late events, which occurred before an event ahead of them",
        ),
    ] = 0
    unordered: Annotated[
        int,
        Meta(
            title="events at the end, without a value to order by",
            description="events at the end, without a value to order by",
        ),
    ] = 0
    idle_rules: Annotated[
        int, Meta(title="rules that matched no event", description="rules that matched no event")
    ] = 0
    answers: Annotated[int, Meta(title=ANSWERS, description=ANSWERS)] = 0
    bad_answers: Annotated[int, Meta(title=BAD_ANSWERS, description=BAD_ANSWERS)] = 0

    def numbers(self) -> dict[str, int]:
        """Every count by its name, also of a report."""
        return {name: getattr(self, name) for name in ImportCounts.__struct_fields__}

    @property
    def skipped(self) -> int:
        """Rows of the source that are no events."""
        return sum(getattr(self, name) for name in PASSED)


class ImportReport(ImportCounts, frozen=True, kw_only=True):
    """What one import did, and the first hundred lines of each kind of trouble."""

    format: str
    file: str
    is_dry_run: bool
    first_position: int  # of the stored events; 0 when there are none
    last_position: int
    streams: int  # that the stored events live in
    types: int
    seconds: float
    bad_lines: tuple[Rejected, ...]
    conflict_lines: tuple[Conflict, ...]
    remarks: tuple[Remark, ...] = ()  # the first of each kind, kind by kind
    files: tuple[FileReport, ...] = ()  # of several that came in together, each

    def of_kind(self, kind: str) -> list[Remark]:
        """What is named of one count."""
        return [it for it in self.remarks if it.kind == kind]

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready to be written as JSON."""
        plain = structs.asdict(self)
        plain["bad_lines"] = [structs.asdict(it) for it in self.bad_lines]
        plain["conflict_lines"] = [structs.asdict(it) for it in self.conflict_lines]
        plain["files"] = [it.as_dict() for it in self.files]
        plain["remarks"] = [structs.asdict(it) for it in self.remarks]
        return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class CountWords:
    """How one count is spoken of after its number."""

    name: str  # in JSON
    command_line: str
    window: str


@cache
def odd_counts() -> tuple[CountWords, ...]:
    """Every count but the two that a report begins with."""
    hints = get_type_hints(ImportCounts, include_extras=True)
    metas = {name: meta for name in hints for meta in get_args(hints[name]) if _is_meta(meta)}
    return tuple(
        CountWords(
            name=name,
            command_line=meta.title or name.replace("_", " "),
            window=str(meta.description),
        )
        for name, meta in metas.items()
    )


def total(counts: Iterable[ImportCounts]) -> ImportCounts:
    """The counts of several imports added up."""
    numbers: Counter[str] = Counter()
    for it in counts:
        numbers.update(it.numbers())
    return ImportCounts(**numbers)


def _is_meta(it: object) -> bool:
    return isinstance(it, Meta)


class Renumbered(Struct, kw_only=True):
    """A stream of which events got other versions than they came with."""

    line: int  # of the first of them
    offset: int
    came_with: int
    got: int
    events: int = 1

    def remark(self, stream: str) -> Remark:
        """In words."""
        events = counted("1 event", "{count:,} events", self.events)
        text = said(
            "stream {stream!r}: {events}, the first changes from version {came_with} to {got}",
            stream=stream,
            events=events,
            came_with=self.came_with,
            got=self.got,
        )
        return Remark(kind="renumbered", text=text, line=self.line, offset=self.offset)


class Summed(Struct, kw_only=True):
    """What one rule did, over all events."""

    kind: Kind
    count: int = 0
    line: int = 0  # of the first of them
    offset: int = -1

    def remark(self, text: str) -> Remark:
        """In words."""
        stated = f"{text}: {self.count:,}"
        return Remark(kind=self.kind, text=stated, line=self.line, offset=self.offset)


class Tally:
    """Counts that grow while an import goes on, and the troubles that its report names."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = dict.fromkeys(ImportCounts.__struct_fields__, 0)
        self.bad_lines: list[Rejected] = []
        self.conflict_lines: list[Conflict] = []
        self._remarks: dict[str, list[Remark]] = {}
        self._renumbered: dict[str, Renumbered] = {}  # the first streams
        self._summed: dict[tuple[Kind, str], Summed] = {}
        self._files: dict[str, Counter[str]] = {}

    def count_in(self, file: str, name: str, count: int = 1) -> None:
        """Count something of one of several files; of a file alone nothing is told apart."""
        if file:
            self._files.setdefault(file, Counter())[name] += count

    def of_file(self, file: str) -> dict[str, int]:
        """What was counted of one of several files."""
        return dict(self._files.get(file, {}))

    def add(self, name: str, count: int = 1) -> None:
        """Count something on. Raises KeyError when there is no such count."""
        self.numbers[name] += count

    def counts(self) -> ImportCounts:
        """What there is by now."""
        return ImportCounts(**self.numbers)

    def reject(self, bad: Iterable[Rejected]) -> None:
        """Count lines that cannot be used, and name the first hundred."""
        for line in bad:
            self.add("rejected")
            self.count_in(line.file, "rejected")
            if line.kind != "ruled_out" and len(self.bad_lines) < NAMED:
                self.bad_lines.append(line)
            if line.kind:
                place = {"line": line.line, "offset": line.offset}
                self.remark(line.kind, line.reason, file=line.file, **place)

    def skip(self, passed: Iterable[Skipped]) -> None:
        """Count what is no event, and name the first hundred of each kind."""
        for it in passed:
            place = {"line": it.line, "offset": it.offset}
            self.remark(it.kind, it.text, count=it.count, file=it.file, **place)
            self.count_in(it.file, "skipped", it.count)

    def duplicate(self, incoming: Incoming) -> None:
        """Count an event that is here already."""
        self.add("duplicates")
        self.count_in(incoming.file, "duplicates")

    def remark_of(self, incoming: Incoming, kind: Kind, text: str) -> None:
        """Count something odd about an event."""
        place = {"line": incoming.line, "offset": incoming.offset}
        self.remark(kind, text, file=incoming.file, **place)

    def remark(
        self,
        kind: Kind,
        text: str,
        *,
        line: int = 0,
        offset: int = -1,
        count: int = 1,
        file: str = "",
    ) -> None:
        """Count something odd, and name it while there are few of its kind."""
        self.add(kind, count)
        named = self._remarks.setdefault(kind, [])
        if len(named) < NAMED:
            named.append(Remark(kind=kind, text=text, line=line, offset=offset, file=file))

    def sum_up(self, kind: Kind, text: str, count: int, *, line: int, offset: int) -> None:
        """Count what a rule did, and name the rule once, with how often."""
        self.add(kind, count)
        summed = self._summed.get((kind, text))
        if summed is None and len(self._summed) < NAMED:
            summed = Summed(kind=kind, line=line, offset=offset)
            self._summed[kind, text] = summed
        if summed is not None:
            summed.count += count

    def renumber(self, incoming: Incoming, version: int) -> None:
        """Count an event that gets another version than it came with, by its stream."""
        self.add("renumbered")
        stream = self._renumbered.get(incoming.stream)
        if stream is not None:
            stream.events += 1
        elif len(self._renumbered) < NAMED:
            self._renumbered[incoming.stream] = Renumbered(
                line=incoming.line,
                offset=incoming.offset,
                came_with=incoming.version or 0,
                got=version,
            )

    def remarks(self) -> tuple[Remark, ...]:
        """What is named, kind by kind in the order of the counts."""
        streams = [it.remark(name) for name, it in self._renumbered.items()]
        named: dict[str, list[Remark]] = {**self._remarks, "renumbered": streams}
        for (kind, text), it in self._summed.items():
            named.setdefault(kind, []).append(it.remark(text))
        return tuple(it for kind in self.numbers for it in named.get(kind, ()))

    def conflict(self, incoming: Incoming, reason: str) -> None:
        """Count a contradiction, and name the first hundred."""
        self.add("conflicts")
        self.count_in(incoming.file, "conflicts")
        if self.numbers["conflicts"] <= NAMED:
            self.conflict_lines.append(
                Conflict(
                    line=incoming.line,
                    offset=incoming.offset,
                    stream=incoming.stream,
                    id=incoming.event.id,
                    reason=reason,
                    file=incoming.file,
                )
            )
