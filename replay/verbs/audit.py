"""audit STORE: who did what, when, by which command, under which rules."""

import argparse
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from msgspec import structs, to_builtins

from replay.history.audit import AuditEntry, audit_entry, field_value
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_facts, print_json, print_table, print_text, value_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.standard_output import OUTPUT
from replay.states.moment import Moment, parse_moment_text, position_of
from replay.verbs.log import query_of, require_known, require_stream, whole_number
from replay.verbs.state import states_of
from replay.words import counted, said
from store import json_text
from store.errors import Cancelled, StoreExists
from store.failure import writing_of
from store.interface import EventReader
from store.opening import reading
from store.place import LOG_SUFFIX, path_of
from store.whole_file import written_aside

HELP = said("who did what, when, by which command, under which version of the rules")
SHOWN: Final = ("position", "recorded_at", "stream", "type", "who", "command", "rules")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All events, or the one that gave a field its value."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--stream", metavar="S", help=said("only events of this stream, or linked into it")
    )
    parser.add_argument(
        "--type", action="append", metavar="T", help=said("only this type; repeatable")
    )
    parser.add_argument(
        "--field",
        metavar="PATH",
        help=said("a field of the stream's state: the event that set its value"),
    )
    parser.add_argument("--at", metavar="POSITION|TIME", help=said("as of this moment, inclusive"))
    parser.add_argument("--limit", type=whole_number, metavar="N", help=said("at most N events"))
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=said("write to FILE: CSV if the name ends in .csv, else JSON"),
    )
    parser.add_argument("--overwrite", action="store_true", help=said("replace FILE if it exists"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=said("one JSON object per line"))
    form.add_argument(
        "--csv", action="store_true", help=said("as CSV with a header row, safe for spreadsheets")
    )
    add_model_arguments(parser)
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Every column of an event is there in JSON and CSV; the table has the chief ones."""
    if arguments.field is not None:
        return _tell_field(arguments)
    with reading(arguments.store) as log:
        require_known(log, arguments)
        entries = _entries(log, arguments)
        if arguments.out is not None:
            _tell_written(arguments, _write_file(_told(entries, log, arguments), arguments))
        elif arguments.json:
            for it in entries:
                print_json(to_builtins(it))
        elif arguments.csv:
            _write_csv(entries)
        else:
            print_table(SHOWN, [[_cell(it, name) for name in SHOWN] for it in entries])
    return 0


def _entries(log: EventReader, arguments: argparse.Namespace) -> Iterator[AuditEntry]:
    until = _until(log, arguments)
    events = log.read(query_of(arguments), until=until)
    return (audit_entry(log, it) for it in islice(events, arguments.limit))


def _until(log: EventReader, arguments: argparse.Namespace) -> int:
    moment = Moment("position", log.head())
    if arguments.at is not None:
        moment = parse_moment_text(arguments.at)
    return position_of(log, moment, stream=arguments.stream)


def _tell_field(arguments: argparse.Namespace) -> int:
    with states_of(arguments.store, chosen_models(arguments)) as (log, states):
        require_stream(log, arguments.stream or "")
        model = states.fold_of(log, arguments.stream)
        until = _until(log, arguments)
        found = field_value(log, model, arguments.stream, arguments.field, until=until)
    if arguments.out is not None:
        _tell_written(arguments, _write_file(iter([found.entry]), arguments))
    elif arguments.json:
        print_json(to_builtins(structs.replace(found, value=None)) | {"value": found.value})
    elif arguments.csv:
        _write_csv(iter([found.entry]))
    else:
        facts: list[tuple[str, Any]] = [(found.path, found.value)]
        names = AuditEntry.__struct_fields__
        print_facts(facts + [(name.replace("_", " "), _cell(found.entry, name)) for name in names])
    return 0


def _write_csv(entries: Iterator[AuditEntry]) -> None:
    for line in _csv_lines(entries):
        OUTPUT.write(line)


def _csv_lines(entries: Iterator[AuditEntry]) -> Iterator[str]:
    names = AuditEntry.__struct_fields__
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(names)
    for it in entries:
        lines.writerow([_cell(it, name) for name in names])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _told(
    entries: Iterator[AuditEntry], log: EventReader, arguments: argparse.Namespace
) -> Iterator[AuditEntry]:
    """Telling how far it is. Raises Cancelled."""
    lines, head = ProgressLines(is_on=arguments.progress), max(log.head(), 1)
    for number, it in enumerate(entries, 1):
        if lines.is_cancelled():
            raise Cancelled
        lines.tell(fraction=it.position / head, events=number)
        yield it


def _write_file(entries: Iterator[AuditEntry], arguments: argparse.Namespace) -> int:
    """The file appears when it is whole. Returns how many entries there are in it. Raises
    StoreExists, StoreMissing, StoreReadOnly."""
    out, overwrite = arguments.out, arguments.overwrite
    if out.is_dir() or (out.exists() and (not overwrite or out.suffix == LOG_SUFFIX)):
        raise StoreExists(out)
    counted = _Counted(entries)
    if out.suffix.lower() == ".csv":
        lines = _csv_lines(iter(counted))
    else:
        lines = (f"{json_text.encode(to_builtins(it))}\n" for it in counted)
    with writing_of(out), written_aside(out) as unfinished:
        with unfinished.path.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(lines)
        unfinished.take_name(overwrite=overwrite)
    return counted.count


class _Counted:
    """Entries, and how many have come."""

    def __init__(self, entries: Iterator[AuditEntry]) -> None:
        self._entries = entries
        self.count = 0

    def __iter__(self) -> Iterator[AuditEntry]:
        for it in self._entries:
            self.count += 1
            yield it


def _tell_written(arguments: argparse.Namespace, events: int) -> None:
    if arguments.json:
        print_json({"out": str(arguments.out), "events": events})
    else:
        print_text(
            said(
                "{events} written to {out}",
                events=counted("{count:,} event", "{count:,} events", events),
                out=arguments.out,
            )
        )


def _cell(entry: AuditEntry, name: str) -> str:
    if name == "rules":
        return "" if entry.rules is None else entry.rules.words
    return value_text(getattr(entry, name))
