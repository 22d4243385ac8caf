"""export STORE OUT: write events to a file, or tell what that would lose."""

import argparse
from pathlib import Path

from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.questions.unknown_fields import require_known_fields
from replay.states.model_set import bundled_models
from replay.states.processing_data import ProcessingData
from replay.verbs.log import add_where_argument, query_of, require_known
from replay.words import counted, said
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.query import EventQuery
from store.transfer.answer_file import answers_beside, refuse_answers_there, write_answers
from store.transfer.export import ExportReport, export, rehearsed
from store.transfer.report import Progress

HELP = said("write events to a file, gzipped if its name ends in .gz")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything, or one stream, or some types, or what meets a filter."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("out", type=Path, metavar="OUT", help=said("the file to write"))
    parser.add_argument(
        "--format", help=said("canonical, cloudevents, …; default: by the name of OUT")
    )
    parser.add_argument("--stream", metavar="S", help=said("only this stream"))
    parser.add_argument(
        "--type", action="append", metavar="T", help=said("only this type; repeatable")
    )
    add_where_argument(parser)
    parser.add_argument(
        "--processing",
        action="store_true",
        help=said("also the fields that models store only for stepping back"),
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help=said("show what the format cannot hold, without writing"),
    )
    parser.add_argument("--overwrite", action="store_true", help=said("replace OUT if it exists"))
    parser.add_argument(
        "--json", action="store_true", help=said("print the report as one JSON object")
    )
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """The file appears when it is whole."""
    lines = ProgressLines(is_on=arguments.progress)

    def tell(progress: Progress) -> None:
        lines.tell(
            fraction=progress.share,
            events=progress.events,
            rate=progress.rate,
            seconds_left=progress.seconds_left,
        )

    query = query_of(arguments, where=arguments.where)
    with reading(arguments.store) as log:
        require_known(log, arguments)
        _require_hits(log, query)
    change = _as_is if arguments.processing else ProcessingData(bundled_models()).without
    if arguments.dry_run:
        report = rehearsed(
            arguments.store,
            arguments.out,
            format=arguments.format or _format_of(arguments.out),
            query=query,
            change=change,
            on_progress=tell,
            is_cancelled=lines.is_cancelled,
        )
        _tell(arguments, report, answers=0)
        return 0
    if not arguments.overwrite:
        refuse_answers_there(arguments.out)
    report = export(
        arguments.store,
        arguments.out,
        format=arguments.format or _format_of(arguments.out),
        query=query,
        overwrite=arguments.overwrite,
        on_progress=tell,
        is_cancelled=lines.is_cancelled,
        change=change,
    )
    _tell(arguments, report, answers=write_answers(arguments.store, arguments.out, query))
    return 0


def _tell(arguments: argparse.Namespace, report: ExportReport, *, answers: int) -> None:
    out = arguments.out
    if arguments.json:
        print_json({**report.as_dict(), "answers": answers})
        return
    if report.is_dry_run:
        print_text(
            said(
                "{events} would be written to {out} as {format}",
                events=counted("{count:,} event", "{count:,} events", report.events),
                out=out,
                format=report.format,
            )
        )
        if not report.losses:
            print_text(said("nothing is lost"))
    else:
        print_text(
            said(
                "{events}, {bytes} written to {out}",
                events=counted("{count:,} event", "{count:,} events", report.events),
                bytes=counted("{count:,} byte", "{count:,} bytes", report.bytes),
                out=out,
            )
        )
        print_text(f"SHA-256 {report.sha256}")
    for it in report.losses:
        print_text(it.words)
    if report.changed:
        print_text(
            said(
                "{changed:,} without the fields that are stored only for stepping back",
                changed=report.changed,
            )
        )
    if answers:
        print_text(
            counted(
                "{count:,} recorded answer written to {out}",
                "{count:,} recorded answers written to {out}",
                answers,
                out=answers_beside(out),
            )
        )


def _require_hits(log: EventReader, query: EventQuery) -> None:
    """Raise UnknownField where the filter finds nothing because of it."""
    if query.where is not None and next(iter(log.read(query, limit=1)), None) is None:
        require_known_fields(log, query.where)


def _as_is(event: RecordedEvent) -> RecordedEvent:
    return event


def _format_of(out: Path) -> str:
    """By the ending of its name, where only one format writes such files: a store, Parquet."""
    return out.suffix[1:] if out.suffix in (".foldline", ".parquet") else "canonical"
