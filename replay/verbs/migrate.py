"""migrate STORE OUT --rule FILE --why TEXT: other event types, in a new store."""

import argparse
import getpass
import os
from pathlib import Path
from typing import Any

from msgspec import json, to_builtins

from replay.copy_words import add_copy_arguments, print_head, telling
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines
from replay.states.migration_rule import read_rules, shape_of
from store.copies.migrate import Stated, migrate
from store.place import Place
from store.whole_file import write_whole

HELP = "write a store anew with other event types or shapes, by a stated rule"
MANIFEST = "-migration.json"  # beside the new store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write anew, where to, by which rule and why."""
    add_copy_arguments(parser)
    parser.add_argument(
        "--rule", action="append", required=True, type=Path, metavar="FILE", help="repeatable"
    )
    parser.add_argument("--why", required=True, metavar="TEXT", help="kept in the new store")
    parser.add_argument("--by", default="", metavar="NAME", help="who; without it: you")


def run(arguments: argparse.Namespace) -> int:
    """The old store stays as it is, byte for byte."""
    rule, files = read_rules(arguments.rule)
    lines = ProgressLines(is_on=arguments.progress)
    with telling("migrating", lines) as tell:
        report = migrate(
            arguments.store,
            arguments.out,
            rule=rule,
            stated=Stated(rules=files, by=arguments.by or _who(), why=arguments.why),
            name_of=shape_of,
            on_progress=tell,
            is_cancelled=lines.is_cancelled,
        )
    facts: dict[str, Any] = {"new_file": arguments.out.name, **to_builtins(report)}
    beside = Place(arguments.out).beside(MANIFEST)
    write_whole(beside, json.format(json.encode(facts), indent=1) + b"\n", overwrite=True)
    if arguments.json:
        print_json({"out": str(arguments.out), "manifest": str(beside), **facts})
        return 0
    changed = sum(report.changed.values())
    print_text(f"{report.new.position:,} events in {arguments.out}, {changed:,} of them changed")
    for shape, count in sorted(report.changed.items()):
        print_text(f"  {count:,} {shape}")
    print_text(f"old file {report.old_file}, SHA-256 {report.old_sha256}")
    print_text(f"both are named in {beside.name}")
    print_head(report.new)
    return 0


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "somebody"
