"""Making another file of a store: what is asked for, and what came of it in words."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, Signal, Slot

from gui.words import counted, said
from gui.work import copy_wishes
from gui.work.copy_reports import BackedUp, Compacted, Migrated, Salvaged, StoreMade
from gui.work.jobs import Jobs
from gui.work.long_work import LongWork
from gui.work.wishes import Wish
from store.place import LOG_SUFFIX, Place, place_of, stem_of

Kind = Literal["new", "backup", "compact", "salvage", "migrate"]
SHOWN: Final = 8  # spans, and streams, that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWords:
    """How one kind is offered."""

    title: str
    about: str
    button: str
    ending: str  # of the name that is offered


WORDS: Final[dict[Kind, CopyWords]] = {
    "new": CopyWords(
        title=said("New store"),
        about=said(
            "An empty store. Issue commands to it, import into it, or append from a program."
        ),
        button=said("Create"),
        ending="",
    ),
    "backup": CopyWords(
        title=said("Back up the store"),
        about=said(
            "A consistent copy of the store, made while others write and verified "
            "before it appears. To restore it, close every program that has the store "
            "open. Move the store away with its -wal and -shm files, and copy the "
            "backup to its name."
        ),
        button=said("Back up"),
        ending="-backup",
    ),
    "compact": CopyWords(
        title=said("Compact the store"),
        about=said(
            "A smaller copy of the store with the same events, ids, times and "
            "positions. Its chain of hashes covers every event. The store itself is "
            "not changed."
        ),
        button=said("Compact"),
        ending="-compact",
    ),
    "salvage": CopyWords(
        title=said("Salvage a damaged store"),
        about=said(
            "Copies every intact event into a new store and reports what was lost. The "
            "damaged file is not changed."
        ),
        button=said("Salvage"),
        ending="-salvaged",
    ),
    "migrate": CopyWords(
        title=said("Migrate to other event types"),
        about=said(
            "Creates a new store whose events have other types or shapes, by a rule "
            "file. Use it as a last resort: models can read old shapes without it. The "
            "old file is not changed. The new store records its hash, the rule, who, "
            "when and why."
        ),
        button=said("Migrate"),
        ending="-migrated",
    ),
}


class CopyingViewModel(QObject):
    """`changed()` when it begins or ends, `progressed(Progress)`, then one of
    `made(path, words)`, `failed(sentence, hint)` or `cancelled()`."""

    changed = Signal()
    progressed = Signal(object)
    made = Signal(str, str)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, kind: Kind, store: Place | None) -> None:
        super().__init__()
        self.kind, self.words, self._store = kind, WORDS[kind], store
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.progressed.connect(self.progressed)
        self._work.succeeded.connect(self._tell)
        self._work.objected.connect(self._tell)
        self._work.failed.connect(self.failed)
        self._work.cancelled.connect(self.cancelled)

    @property
    def is_running(self) -> bool:
        """Whether a file is being made."""
        return self._work.is_running

    @property
    def store(self) -> str:
        """The store that is copied, as text; empty when none is open."""
        return "" if self._store is None else self._store.text

    def out_for(self, store: str) -> str:
        """A name beside a store, for what is made of it."""
        if not store:
            return ""
        return stem_of(store) + self.words.ending + LOG_SUFFIX

    def run(self, *, store: str, out: str, rule: str = "", why: str = "") -> None:
        """Begin. What is missing is told by `failed`."""
        if missing := self._missing(store, out, rule, why):
            self.failed.emit(missing, "")
            return
        self._work.start(self._wish(store, out, rule, why))

    @Slot()
    def cancel(self) -> None:
        """Stop and leave nothing behind."""
        self._work.cancel()

    def _missing(self, store: str, out: str, rule: str, why: str) -> str:
        if self.kind != "new" and not store:
            return said("No store was given.")
        if not out:
            return said("No name was given for the new file.")
        if self.kind == "migrate" and not (rule and why):
            return said("A migration needs a rule and a reason.")
        return ""

    def _wish(self, store: str, out: str, rule: str, why: str) -> Wish:
        if self.kind == "new":
            return copy_wishes.NewStore(out=out)
        place = place_of(store)
        match self.kind:
            case "backup":
                return copy_wishes.BackUp(store=place, out=out)
            case "compact":
                return copy_wishes.Compact(store=place, out=out)
            case "salvage":
                return copy_wishes.Salvage(store=place, out=out)
        return copy_wishes.Migrate(store=place, out=out, rule=rule, why=why)

    @Slot(object)
    def _tell(self, report: Any) -> None:
        self.made.emit(*_told(report))


def _told(report: Any) -> tuple[str, str]:
    """The file that was made, and what to say of it."""
    match report:
        case StoreMade():
            return report.store, said("The store was created.")
        case BackedUp():
            size = counted("{count:,} byte", "{count:,} bytes", report.bytes)
            return report.out, said(
                "{position}, {size}.\n{report}",
                position=counted("{count:,} event", "{count:,} events", report.head.position),
                size=size,
                report=_chain(report),
            )
        case Compacted():
            sizes = said(
                "{bytes} of {bytes_before:,}",
                bytes=counted("{count:,} byte", "{count:,} bytes", report.bytes),
                bytes_before=report.bytes_before,
            )
            return report.out, said(
                "{position}, {sizes}.\n{report}",
                position=counted("{count:,} event", "{count:,} events", report.head.position),
                sizes=sizes,
                report=_chain(report),
            )
        case Salvaged():
            return report.out, _salvaged(report)
        case Migrated():
            return report.out, _migrated(report)
    raise TypeError(f"no such report: {type(report).__name__}")


def _chain(report: BackedUp | Compacted) -> str:
    return said("Chain at the head: {chain}", chain=report.head.chain or "none")


def _salvaged(report: Salvaged) -> str:
    if report.is_complete:
        return said(
            "{events} salvaged. No sign of any lost event was found.",
            events=counted("{count:,} event", "{count:,} events", report.events),
        )
    spans = [
        f"{it.first:,}"
        if it.first == it.last
        else said("{first:,} to {last:,}", first=it.first, last=it.last)
        for it in report.spans[:SHOWN]
    ]
    streams = [it.stream for it in report.streams[:SHOWN]]
    lines = [
        said(
            "{events} salvaged, {lost:,} lost.",
            events=counted("{count:,} event", "{count:,} events", report.events),
            lost=report.lost,
        )
    ]
    if spans:
        lines.append(said("Positions lost: {spans}", spans=_some(spans, report.span_count)))
    if streams:
        lines.append(
            said(
                "Streams that lack versions: {streams}", streams=_some(streams, report.stream_count)
            )
        )
    return "\n".join(lines)


def _migrated(report: Migrated) -> str:
    changed = sum(report.changed.values())
    return said(
        "{events}, {changed:,} of them changed.\nThe hashes of both files are in {manifest}",
        events=counted("{count:,} event", "{count:,} events", report.new.position),
        changed=changed,
        manifest=report.manifest,
    )


def _some(names: list[str], count: int) -> str:
    return ", ".join(names) + (
        said(" and {count:,} more", count=count - SHOWN) if count > SHOWN else ""
    )
