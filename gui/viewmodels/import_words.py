"""An import's preview and report in words."""

from pathlib import Path
from typing import Final, Literal

from gui.viewmodels.import_draft import ROLE_TITLES
from gui.window_words import UNPACK_ALL
from gui.words import counted, said
from gui.work.reports import FileChoice, FilePreviewed, FileRecord, ImportTarget
from store.reading.detect import bare_formats, formats
from store.reading.packed import LIMITED, UNLIMITED, UNPACK, UNPACK_TITLE
from store.transfer.count_words import after_number
from store.transfer.report import ImportReport
from store.transfer.report_lines import bad_lines, conflict_lines, odd_lines

# (name on the command line, title); the empty name stands for: find it from the content.
FORMATS: Final = (
    ("", said("Found from content")),
    *((it.name, it.title) for it in (*formats(), *bare_formats())),
)
WRITABLE: Final = tuple(
    (it.name, it.title, it.suffixes[0]) for it in formats() if it.write is not None
)
LOSSES: Final = {
    it.name: tuple(loss.what for loss in it.losses) for it in formats() if it.write is not None
}
PREVIEW_TITLES: Final = (
    *(said("line"), said("stream"), said("type"), said("occurred at"), said("id")),
    *(said("correlation"), said("causation"), said("actor"), said("data")),
)
DATA_SHOWN: Final = 300  # characters of a payload
NO_EVENT: Final = "✗"
NAMED: Final = 8  # bad lines named in the report; all of the first hundred are in --json


def preview_rows(preview: FilePreviewed) -> list[tuple[str, ...]]:
    """A row a record; a rejected line tells why in place of its type."""
    return [_row(record) for record in preview.records]


def problem_words(rule: str, what: str) -> str:
    """A problem of a rule, where its field is not in sight."""
    kind, _, name = rule.partition(".")
    place = ROLE_TITLES.get(name, name) if name else kind.capitalize()
    return f"{place}: {what}"


def choices_after(hint: str) -> tuple[FileChoice, ...]:
    """What can be chosen of a file that was refused: how far it is unpacked, where it was that."""
    if UNPACK_ALL not in hint:
        return ()
    values = (LIMITED, UNLIMITED)
    return (FileChoice(name=UNPACK, title=UNPACK_TITLE, values=values, chosen=LIMITED),)


def target_note(target: ImportTarget | None) -> tuple[Literal["dim", "warn"], str]:
    """What becomes of the store that is imported into."""
    if target is None:
        return "dim", ""
    name = Path(target.store).name
    if not target.is_there:
        return "dim", said("{name} is a new store", name=name)
    if not target.events:
        return "dim", said("{name} exists and has no events yet", name=name)
    return "warn", said(
        "will mix with {events} of {name}", events=_events(target.events), name=name
    )


def mixing_question(target: ImportTarget | None) -> tuple[str, str]:
    """What is asked before events are added to others, and what there is to know."""
    events, name = (target.events, Path(target.store).name) if target else (0, "")
    return (
        said("The import will mix with {events} of {name}.", events=_events(events), name=name),
        said(
            "Added events cannot be removed. Import into a new store to leave that one unchanged."
        ),
    )


def report_lines(report: ImportReport) -> list[str]:
    """What happened, then what was odd, then where, then the lines that could not be used."""
    stored = said("would be stored") if report.is_dry_run else said("stored")
    took = said("in {seconds:.1f} s.", seconds=report.seconds)
    lines = [
        said(
            "{count} {stored} of {read:,} read, {took}",
            count=counted("{count:,} event", "{count:,} events", report.stored),
            stored=stored,
            read=report.read,
            took=took,
        )
    ]
    lines += [it.line for it in report.files]
    odd = list(odd_lines(report))
    if odd:
        lines.append(
            "; ".join(f"{count:,} {after_number(count, words.window)}" for words, count, _ in odd)
            + "."
        )
    for words, _, named in odd:
        lines += [f"{words.window[0].upper()}{words.window[1:]}:", *named] if named else []
    lines += _under(said("Rejected:"), bad_lines(report, most=NAMED))
    return lines + _under(said("In conflict:"), conflict_lines(report, most=NAMED))


def _under(heading: str, lines: list[str]) -> list[str]:
    return [heading, *lines] if lines else []


def _events(count: int) -> str:
    return counted("1 event", "{count:,} events", count)


def _row(record: FileRecord) -> tuple[str, ...]:
    if record.reason:
        empty = [""] * (len(PREVIEW_TITLES) - 2)
        return (str(record.line), f"{NO_EVENT} {record.reason}", *empty)
    it = record
    facts = (it.stream or "", it.type or "", it.occurred_at or "", it.id or "")
    return (str(it.line), *facts, it.correlation, it.causation, it.actor, it.data[:DATA_SHOWN])
