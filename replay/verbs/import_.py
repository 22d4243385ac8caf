"""import SOURCE… [--into STORE]: bring event files into a store, by rules."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from msgspec import structs

from replay.choice_argument import add_choice_argument, choices_of
from replay.command_name import complain
from replay.commands.authority import READ_ONLY
from replay.new_store import new_store_beside
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.rule_arguments import add_rule_arguments, rules_of
from replay.words import said
from store.errors import (
    StoreError,
    UnknownChoice,
    UnknownFormat,
    UnreadableSource,
    WrongRules,
)
from store.place import path_of
from store.reading.detect import format_named
from store.shaping.check import require_sound
from store.shaping.rules import ImportRules, over
from store.shaping.rules_file import write_rules
from store.transfer.answer_file import read_answers
from store.transfer.count_words import after_number
from store.transfer.ingest import ingest
from store.transfer.parts import files_of
from store.transfer.report import ImportReport, Progress, total
from store.transfer.report_lines import bad_lines, conflict_lines, odd_lines

DATA_AT_FAULT: Final = 1
WRONG_USAGE: Final = 2
SOURCES = said("an event file, a folder of them, or git:PATH; --order all imports them as one")
HELP = said("import the events of files into a store, which is created if it does not exist")


class MayNotAppend(StoreError):
    """Whoever imports may only read."""

    hint = said("Ask somebody with write access, or see what it would do with --dry-run.")

    def __init__(self, store: Path) -> None:
        super().__init__(
            said(
                "the role {read_only!r} may not import into {store}",
                read_only=READ_ONLY,
                store=store,
            )
        )


class StoreNotNamed(StoreError):
    """Several files, and no store."""

    hint = said("Name it with --into STORE.")

    def __init__(self) -> None:
        super().__init__(said("importing several files needs the name of a store"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSource:
    """A source of which nothing could be read."""

    source: Path
    error: StoreError

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        file = self.source.name
        return {"file": file, "error": str(self.error), "hint": self.error.hint}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Several sources are imported one after another, each whole or not at all."""
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help=SOURCES)
    parser.add_argument(
        "--into", type=path_of, metavar="STORE", help=said("default: a new store beside the file")
    )
    parser.add_argument("--format", help=said("instead of detecting it from the content"))
    add_choice_argument(parser)
    add_rule_arguments(parser)
    parser.add_argument(
        "--save-rules",
        type=Path,
        metavar="FILE",
        help=said("write the rules to a file, to use them again"),
    )
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of the importing account")
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=said("show what would happen, without writing")
    )
    parser.add_argument(
        "--json", action="store_true", help=said("print the report as one JSON object")
    )
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Good lines go in, bad ones are named in the report: that is no failure. A source of which
    nothing is in the store is one, and leaves the others alone."""
    if arguments.into is None:
        arguments.into = _beside(arguments.sources)
    if READ_ONLY in arguments.role and not arguments.dry_run:
        raise MayNotAppend(arguments.into)
    if arguments.format is not None:
        format_named(arguments.format)
    rules = rules_of(arguments)
    require_sound(rules)
    if arguments.save_rules is not None:
        stated = ImportRules(format=arguments.format or "", choices=choices_of(arguments))
        write_rules(over(stated, rules), arguments.save_rules, overwrite=False)
    outcomes: list[ImportReport | FailedSource] = []
    try:
        for outcome in _outcomes(arguments, rules):
            outcomes.append(outcome)
            if not arguments.json:
                _tell(outcome)
    except StoreError as error:  # of the store, or a wish to stop: no source after it can do better
        if any(_is_in(it) for it in outcomes):
            error.hint = said(
                "The files before it are stored. Nothing of it and of the later files is."
            )
        _print_json(outcomes, arguments)
        raise
    _print_json(outcomes, arguments)
    _complain(outcomes, is_json=arguments.json)
    return max(_code(it) for it in outcomes)


def _beside(sources: Sequence[Path]) -> Path:
    """The store that one file is imported into when none is named: a new one. Raises StoreExists,
    StoreNotNamed."""
    if len(sources) > 1:
        raise StoreNotNamed
    return new_store_beside(sources[0])


def _outcomes(
    arguments: argparse.Namespace, rules: ImportRules
) -> Iterator[ImportReport | FailedSource]:
    """What became of each source, in turn, or of all as one. A source alone fails as the verb
    does."""
    lines = ProgressLines(is_on=arguments.progress)
    if rules.order:
        yield _import(arguments.sources, arguments, rules, lines)
        return
    sources = files_of(arguments.sources)
    for source in sources:
        try:
            yield _import([source], arguments, rules, lines)
        except (UnreadableSource, UnknownFormat, UnknownChoice, WrongRules) as error:
            if len(sources) == 1:
                raise
            yield FailedSource(source=source, error=error)


def _import(
    sources: Sequence[Path], arguments: argparse.Namespace, rules: ImportRules, lines: ProgressLines
) -> ImportReport:
    def tell(progress: Progress) -> None:
        lines.tell(
            fraction=progress.share,
            events=progress.events,
            rate=progress.rate,
            seconds_left=progress.seconds_left,
        )

    report = ingest(
        sources,
        into=arguments.into,
        format=arguments.format,
        choices=choices_of(arguments),
        rules=rules,
        dry_run=arguments.dry_run,
        on_progress=tell,
        is_cancelled=lines.is_cancelled,
    )
    if arguments.dry_run:
        return report
    read = [read_answers(it, arguments.into) for it in files_of(sources)]
    answers, bad = sum(new for new, _ in read), sum(odd for _, odd in read)
    return structs.replace(report, answers=answers, bad_answers=bad)


def _is_in(outcome: ImportReport | FailedSource) -> bool:
    """Whether events of the source are in the store, or would be."""
    return isinstance(outcome, ImportReport) and bool(outcome.stored or outcome.duplicates)


def _code(outcome: ImportReport | FailedSource) -> int:
    if isinstance(outcome, FailedSource) and isinstance(outcome.error, UnknownChoice | WrongRules):
        return WRONG_USAGE
    is_whole = isinstance(outcome, FailedSource) or not any(it.error for it in outcome.files)
    return 0 if _is_in(outcome) and is_whole else DATA_AT_FAULT


def _complain(outcomes: Sequence[ImportReport | FailedSource], *, is_json: bool) -> None:
    """Say what failed; that a report counts nothing stored, its reader sees."""
    for it in outcomes:
        if isinstance(it, FailedSource):
            complain(str(it.error), it.error.hint)
        elif not _is_in(it) and not is_json:
            complain(said("none of its events could be stored: {file}", file=it.file))


def _print_json(
    outcomes: Sequence[ImportReport | FailedSource], arguments: argparse.Namespace
) -> None:
    """One source's report as it is; of several, sums and what became of each."""
    if not arguments.json or not outcomes:
        return
    only = outcomes[0] if len(outcomes) == 1 else None
    if isinstance(only, ImportReport) and (len(arguments.sources) == 1 or only.files):
        print_json(only.as_dict())
        return
    reports = [it for it in outcomes if isinstance(it, ImportReport)]
    seconds = sum(it.seconds for it in reports)
    each = [it.as_dict() for it in outcomes]
    print_json({**total(reports).numbers(), "seconds": seconds, "sources": each})


def _tell(outcome: ImportReport | FailedSource) -> None:
    if isinstance(outcome, FailedSource):
        print_text(said("{name}: nothing stored; the reasons follow", name=outcome.source.name))
    else:
        _print_report(outcome)


def _print_report(report: ImportReport) -> None:
    would = said("would be stored") if report.is_dry_run else said("stored")
    print_text(
        said(
            "{file}: {stored:,} of {read:,} events {would} as {format}, in {seconds:.1f} s",
            file=report.file,
            stored=report.stored,
            read=report.read,
            would=would,
            format=report.format,
            seconds=report.seconds,
        )
    )
    for it in report.files:
        print_text(f"  {it.line}")
    for words, count, named in odd_lines(report):
        print_text(f"  {count:,} {after_number(count, words.command_line)}")
        for line in named:
            print_text(f"    {line}")
    for line in (*bad_lines(report), *conflict_lines(report)):
        print_text(f"  {line}")
