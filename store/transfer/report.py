"""What an import did, while it goes on and at the end."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from msgspec import structs

from store.reading.format import Incoming, Rejected

NAMED: Final = 100  # bad lines, and conflicts, that a report names


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An event that contradicts one that was there first; the first is kept."""

    line: int
    offset: int
    stream: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The counts of one import, and the first hundred lines of each kind of trouble.

    read = stored + duplicates + conflicts + rejected.
    """

    format: str
    file: str
    is_dry_run: bool
    read: int
    stored: int
    duplicates: int  # already in the log, the same in every respect
    conflicts: int  # an id or a version that another event has
    rejected: int  # lines that hold no usable event
    gaps: int  # stated versions that were not the next in their stream
    renumbered: int  # stored events that came with another version than they have
    minted_ids: int
    minted_versions: int
    naive_times: int  # stored events with a time without an offset, read as UTC
    opaque: int
    clock_steps_back: int  # stored events recorded before one at a lower position
    first_position: int  # of the stored events; 0 when there are none
    last_position: int
    streams: int  # that the stored events live in
    types: int
    seconds: float
    bad_lines: tuple[Rejected, ...]
    conflict_lines: tuple[Conflict, ...]
    answers: int = 0  # recorded answers that lay beside the file and are new

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready to be written as JSON."""
        plain = asdict(self)
        plain["bad_lines"] = [structs.asdict(it) for it in self.bad_lines]
        plain["conflict_lines"] = list(plain["conflict_lines"])
        return plain


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts that grow while an import goes on."""

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    gaps: int = 0
    renumbered: int = 0
    minted_ids: int = 0
    minted_versions: int = 0
    naive_times: int = 0
    opaque: int = 0
    clock_steps_back: int = 0
    bad_lines: list[Rejected] = field(default_factory=list)
    conflict_lines: list[Conflict] = field(default_factory=list)

    def reject(self, bad: Iterable[Rejected]) -> None:
        """Count lines that cannot be used, and name the first hundred."""
        for line in bad:
            self.rejected += 1
            if self.rejected <= NAMED:
                self.bad_lines.append(line)

    def conflict(self, incoming: Incoming, reason: str) -> None:
        """Count a contradiction, and name the first hundred."""
        self.conflicts += 1
        if self.conflicts <= NAMED:
            self.conflict_lines.append(
                Conflict(
                    line=incoming.line,
                    offset=incoming.offset,
                    stream=incoming.stream,
                    id=incoming.event.id,
                    reason=reason,
                )
            )

    def counts(self) -> dict[str, int]:
        """The numbers alone."""
        return {name: it for name, it in asdict(self).items() if isinstance(it, int)}
