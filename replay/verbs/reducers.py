"""reducers STORE --model FILE: two versions of a model over one log, and where they differ."""

import argparse
from pathlib import Path
from typing import Any

from replay.own.model_source import add_model_arguments, chosen_models, trusted_before
from replay.printing import plain, print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.states.diff import Change, path_text
from replay.states.model_set import ModelSet, bundled_models
from replay.states.reducers import Compared, NothingToCompare, Parting, compare_models
from replay.verbs.log import require_stream, whole_number
from replay.words import counted, said
from store import json_text
from store.opening import reading
from store.place import path_of

HELP = said("fold with two versions of a model, and find the first event at which they differ")
BUNDLED = "bundled"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without --against: the version of the file that was trusted before, else the bundled one."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument(
        "--against",
        metavar="OLDER",
        help=said("an older file, also trusted, or the word {bundled!r}", bundled=BUNDLED),
    )
    parser.add_argument("--stream", metavar="STREAM", help=said("only this stream"))
    parser.add_argument(
        "--limit",
        type=whole_number,
        default=20,
        metavar="N",
        help=said("streams to list; all are counted"),
    )
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when they differ. Reads only."""
    if arguments.model_file is None:
        raise NothingToCompare(said("no model file is named"))
    lines = ProgressLines(is_on=arguments.progress)
    with reading(arguments.store) as log:
        if arguments.stream:
            require_stream(log, arguments.stream)
        new, (old, against) = chosen_models(arguments), _older(arguments)
        found = compare_models(
            log,
            old,
            new,
            stream=arguments.stream or "",
            limit=arguments.limit,
            on_progress=lambda at, head: lines.tell(fraction=at / head, events=at),
            is_cancelled=lines.is_cancelled,
        )
    if arguments.json:
        print_json({**_facts(found), "against": against})
    else:
        _print(found, against)
    return 1 if found.parted else 0


def _older(arguments: argparse.Namespace) -> tuple[ModelSet, str]:
    """The other version, and what it is in words."""
    if arguments.against == BUNDLED:
        return bundled_models(), said("the bundled models")
    if arguments.against:
        path = Path(arguments.against)
        return chosen_models(argparse.Namespace(model_file=path, trust=arguments.trust)), str(path)
    before = trusted_before(arguments.model_file)
    if before is None:
        return bundled_models(), said("the bundled models")
    return before, said("{name} as trusted before", name=arguments.model_file.name)


def _facts(found: Compared) -> dict[str, Any]:
    facts: dict[str, Any] = plain(found)
    for told, it in zip(facts["partings"], found.partings, strict=True):
        told["changes"] = [_change_facts(change) for change in it.changes]
    return facts


def _change_facts(change: Change) -> dict[str, Any]:
    """The field, and its value in either version that has it."""
    facts: dict[str, Any] = {"field": path_text(change.path)}
    if change.kind != "added":
        facts["old"] = plain(change.before)
    if change.kind != "removed":
        facts["new"] = plain(change.after)
    return facts


def _print(found: Compared, against: str) -> None:
    names = ", ".join(found.models)
    print_text(
        said(
            "{names}, against {against}: folded {events} of {streams} with both",
            names=names,
            against=against,
            events=counted("{count:,} event", "{count:,} events", found.events),
            streams=counted("{count:,} stream", "{count:,} streams", found.streams),
        )
    )
    for fields, who in ((found.only_old, said("the older")), (found.only_new, said("the newer"))):
        if fields:
            print_text(
                said(
                    "only {who} version has {fields}: not compared",
                    who=who,
                    fields=", ".join(fields),
                )
            )
    if not found.parted:
        print_text(said("they give the same state after every event"))
        return
    first = found.partings[0]
    print_text(
        said(
            "they first differ at {position:,}: {type}, event {event:,} of {stream}",
            position=first.position,
            type=first.type,
            event=first.event,
            stream=first.stream,
        )
    )
    for line in _lines(first):
        print_text(f"  {line}")
    print_text(
        counted(
            "{count:,} stream differs at some point, {differing_now:,} of them now",
            "{count:,} streams differ at some point, {differing_now:,} of them now",
            found.parted,
            differing_now=found.differing_now,
        )
    )
    _print_others(found)


def _print_others(found: Compared) -> None:
    for it in found.partings[1:]:
        print_text(
            said(
                "  {stream} from {position:,}: {type}",
                stream=it.stream,
                position=it.position,
                type=it.type,
            )
        )
    if more := found.parted - len(found.partings):
        print_text(said("  … and {more:,} more", more=more))


def _lines(it: Parting) -> list[str]:
    failed = {"older": it.old_failed, "newer": it.new_failed}
    told = [
        said("the {who} version fails: {why}", who=who, why=why)
        for who, why in failed.items()
        if why
    ]
    return [*told, *(_change_text(change) for change in it.changes)]


def _change_text(change: Change) -> str:
    """One field, as the older and as the newer version has it."""
    old, new = (
        "nothing" if change.kind == lacks else json_text.encode(value)
        for lacks, value in (("added", change.before), ("removed", change.after))
    )
    return said("{path}: {old} before, {new} now", path=path_text(change.path), old=old, new=new)
