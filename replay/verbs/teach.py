"""teach STORE [CATEGORY]: what the events of a category without a model do to its states, said
without code."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from replay.beside_log import who
from replay.command_name import command_name, complain
from replay.printing import print_facts, print_json, print_lines, print_table, print_text
from replay.states.model_set import bundled_models
from replay.states.moment import parse_moment_text, position_of
from replay.taught import kept_taught
from replay.taught.kept_taught import facts_of
from replay.taught.model_file import model_file
from replay.taught.preview import preview, unknown_types
from replay.taught.steps import Taught, Types, WrongTeaching
from replay.taught.teaching_facts import shapes_of
from replay.taught.type_samples import SampledType, looked_into, type_samples
from replay.verbs.log import require_stream, whole_number
from replay.words import counted, said
from store import json_text
from store.errors import StoreError, StoreExists
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.whole_file import write_whole

HELP = said("define without code what each event type does to the states of a category")
NAMED: Final = 12  # types in one sentence
EPILOG: Final = said(
    "A file for --set is one JSON object: event type → list of steps. A step is an object:\n"
    '  {"do": "set", "to": "status", "value": "state"}           or "constant": "open"\n'
    '  {"do": "merge", "to": "$", "value": "$"}                  the whole data into the '
    "whole state\n"
    '  {"do": "add to list", "to": "items", "key": "sku", "sum": ["n"],\n'
    '   "entry": {"sku": "line.sku", "n": "line.count"}}         or "entry": "line"\n'
    '  {"do": "remove by key", "to": "items", "key": "sku", "value": "line.sku",\n'
    '   "subtract": {"n": "line.count"}}\n'
    '  {"do": "count", "to": "changes"}\n'
    '  {"do": "add", "to": "total", "value": "line.count × line.price"}     or subtract\n'
    '  {"do": "delete", "to": "status"}                          "$": the whole state\n'
    '  {"do": "ignore"}\n'
    '"to" is a path in the state; items[sku=line.sku].n is inside a list entry. "each": "lines" '
    "runs a\nstep for each entry of a list of the data. "
    '"if_missing" is fail, skip (the step) or skip rest (all\n'
    "remaining steps of the event)."
)


class NothingTaught(StoreError):
    """A category was not taught, or is not any more."""

    hint = said("Teach it first, with --set FILE. List its types with --types.")

    def __init__(self, category: str) -> None:
        super().__init__(
            said("nothing has been taught for the category {category!r}", category=category)
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without a category the taught ones are listed; without an option what counts is told."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("category", nargs="?", metavar="CATEGORY", help=said("streams CATEGORY-…"))
    change = parser.add_mutually_exclusive_group()
    change.add_argument(
        "--types", action="store_true", help=said("the event types and their fields")
    )
    change.add_argument(
        "--versions", action="store_true", help=said("list every version, oldest first")
    )
    change.add_argument(
        "--put-back",
        type=whole_number,
        metavar="N",
        help=said("make version N the newest one again"),
    )
    change.add_argument(
        "--forget", action="store_true", help=said("go back to merging its payloads")
    )
    change.add_argument(
        "--export", type=Path, metavar="FILE", help=said("print as a Python model file")
    )
    _add_details(parser)
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 where a preview ends at an event that cannot be folded."""
    with reading(arguments.store) as log:
        if arguments.category is None:
            return _list(log, arguments)
        if arguments.types:
            return _types(log, arguments)
        if arguments.versions:
            return _versions(log, arguments)
        if arguments.preview is not None:
            return _preview(log, arguments)
        if arguments.export is not None:
            return _export(log, arguments)
        if arguments.put_back is not None:
            taught = kept_taught.put_back(
                log.place,
                arguments.category,
                arguments.put_back,
                by=_who(arguments),
                after=arguments.after,
            )
            return _kept(log, taught, arguments)
        if arguments.set is not None or arguments.forget:
            return _set(log, arguments)
        return _tell(_chosen(log, arguments), arguments)


def _add_details(parser: argparse.ArgumentParser) -> None:
    """What goes with a change, a preview or an export."""
    parser.add_argument(
        "--set", type=Path, metavar="FILE", help=said("the steps, as JSON; - reads standard input")
    )
    parser.add_argument(
        "--preview", metavar="STREAM", help=said("show the resulting state, without saving")
    )
    parser.add_argument(
        "--after",
        type=int,
        metavar="N",
        help=said("change nothing unless version N is still the newest; 0: there is none"),
    )
    parser.add_argument(
        "--at", metavar="POSITION|TIME", help=said("moment of the preview; also v3")
    )
    parser.add_argument(
        "--version", type=whole_number, metavar="N", help=said("use version N, not the newest one")
    )
    parser.add_argument(
        "--note", default="", metavar="TEXT", help=said("reason for the change, for --set")
    )
    parser.add_argument("--actor", metavar="NAME", help=said("who teaches; default: your account"))
    parser.add_argument(
        "--overwrite", action="store_true", help=said("replace FILE of --export if it exists")
    )


def _list(log: EventReader, arguments: argparse.Namespace) -> int:
    if arguments.set is not None or arguments.preview is not None:
        raise WrongTeaching(
            said("name the category to teach: the part of a stream name before the dash")
        )
    found = kept_taught.newest_of(kept_taught.load(log.place))
    if arguments.json:
        for it in found:
            print_json(facts_of(it))
    elif found:
        titles = ("category", "version", "since", "by", "types")
        print_table(
            titles,
            [(it.category, str(it.version), it.at, it.by, str(len(it.types))) for it in found],
        )
    else:
        print_text(said("nothing has been taught yet: name a category, and --set FILE"))
    return 0


def _types(log: EventReader, arguments: argparse.Namespace) -> int:
    if part := looked_into(log, arguments.category):
        complain(part)
    for it in type_samples(log, arguments.category):
        if arguments.json:
            print_json(it)
            continue
        print_text(f"{it.name}  {it.count:,}")
        for field in it.fields:
            kinds = " or ".join(field.kinds)
            some = "" if field.count == it.count else said(", in {count:,}", count=field.count)
            print_text(f"  {field.path}  {kinds}{some}  {json_text.encode(field.sample)[:60]}")
        if it.has_more_fields:
            print_text(said("  … and more fields"))
    return 0


def _versions(log: EventReader, arguments: argparse.Namespace) -> int:
    found = kept_taught.versions(log.place, arguments.category)
    if arguments.json:
        for it in found:
            print_json(facts_of(it))
        return 0
    rows = [(str(it.version), it.at, it.by, str(len(it.types)), it.note) for it in found]
    print_table(("version", "since", "by", "types", "note"), rows)
    return 0


def _chosen(log: EventReader, arguments: argparse.Namespace) -> Taught:
    """The version that is named, or what counts."""
    if arguments.version is not None:
        return kept_taught.version(log.place, arguments.category, arguments.version)
    found = kept_taught.current(log.place, arguments.category)
    if found is None:
        raise NothingTaught(arguments.category)
    return found


def _tell(taught: Taught, arguments: argparse.Namespace) -> int:
    """As JSON that --set reads again."""
    facts = facts_of(taught)
    if arguments.json:
        print_json(facts)
        return 0
    print_facts(
        [(name, facts.get(name, "")) for name in ("category", "version", "at", "by", "note")]
    )
    print_lines(kept_taught.text_of(taught.types))
    return 0


def _set(log: EventReader, arguments: argparse.Namespace) -> int:
    types: Types = {} if arguments.forget else _given(arguments)
    if not types and not arguments.forget:
        raise WrongTeaching(said("the file contains no event type"))
    taught = kept_taught.save(
        log.place,
        arguments.category,
        types,
        by=_who(arguments),
        note=arguments.note,
        after=arguments.after,
    )
    return _kept(log, taught, arguments)


def _kept(log: EventReader, taught: Taught, arguments: argparse.Namespace) -> int:
    if taught.types:
        _remark(log, taught.category, taught.types)
    if arguments.json:
        print_json({"kept": facts_of(taught)})
    else:
        print_text(
            said(
                "{category}: version {version} is now in use",
                category=taught.category,
                version=taught.version,
            )
        )
    return 0


def _preview(log: EventReader, arguments: argparse.Namespace) -> int:
    types = _given(arguments) if arguments.set is not None else _chosen(log, arguments).types
    stream, position = arguments.preview, None
    require_stream(log, stream)
    if arguments.at is not None:
        position = position_of(log, parse_moment_text(arguments.at), stream=stream)
    found = preview(log, arguments.category, types, stream, position=position)
    if arguments.json:
        print_json(found)
    else:
        print_text(json_text.encode(found.state))
    _remark(log, arguments.category, types)
    if found.problem:
        complain(found.problem)
    if not found.is_whole:
        complain(
            said(
                "this is the state after the first {events} of the stream",
                events=counted("{count:,} event", "{count:,} events", found.events),
            )
        )
    return 1 if found.problem else 0


def _remark(log: EventReader, category: str, types: Types) -> None:
    """What is odd about it, on standard error."""
    if bundled_models().of_stream(f"{category}-") is not None:
        complain(
            said(
                "streams {category}-… contain events of a model, which takes precedence",
                category=category,
            )
        )
    if not log.has_category(category):
        complain(said("no stream is named {category}-… yet", category=category))
        return
    known: Mapping[str, SampledType] = {it.name: it for it in type_samples(log, category)}
    part = looked_into(log, category)
    for sentence in unknown_types(types, known, is_part=bool(part)):
        complain(sentence)
    if left := [it for it in known if it not in types]:
        more = len(left) - NAMED
        others = said(" and {more:,} more", more=more) if more > 0 else ""
        names = ", ".join(left[:NAMED]) + others
        complain(said("events of these types change nothing: {left}", left=names))
    if part:
        complain(part)


def _export(log: EventReader, arguments: argparse.Namespace) -> int:
    taught, file = _chosen(log, arguments), arguments.export
    if file.exists() and not arguments.overwrite:
        raise StoreExists(file)
    text = model_file(taught, shapes_of(log, taught))
    write_whole(file, text.encode(), overwrite=arguments.overwrite)
    told = {"exported": taught.category, "version": taught.version, "file": str(file)}
    check = said("{command_name} model check {file}", command_name=command_name(), file=file)
    print_json(told) if arguments.json else print_text(
        said("written: {file}; check it with: {check}", file=file, check=check)
    )
    return 0


def _given(arguments: argparse.Namespace) -> Types:
    """The steps in the file that is named."""
    file: Path = arguments.set
    name = said("standard input") if str(file) == "-" else str(file)
    try:
        text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise WrongTeaching(
            said("the file cannot be read ({strerror}): {file}", strerror=error.strerror, file=file)
        ) from error
    return kept_taught.types_from(text, name)


def _who(arguments: argparse.Namespace) -> str:
    return str(arguments.actor or who())
