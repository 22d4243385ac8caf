"""migrate STORE OUT --rule FILE --why TEXT: other event types, in a new store."""

import argparse
import getpass
import os
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import json, to_builtins

from replay.copy_words import add_copy_arguments, print_head, telling
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines
from replay.states.migration_rule import read_rules, shape_of
from replay.words import counted, said
from store.copies.migrate import MigrationReport, Stated, migrate
from store.place import Place
from store.whole_file import write_whole

HELP = said("write a new store with changed event types or shapes, by a migration rule")
MANIFEST = "-migration.json"  # beside the new store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write anew, where to, by which rule and why."""
    add_copy_arguments(parser)
    parser.add_argument(
        "--rule", action="append", required=True, type=Path, metavar="FILE", help=said("repeatable")
    )
    parser.add_argument(
        "--why", required=True, metavar="TEXT", help=said("stored in the new store")
    )
    parser.add_argument("--by", default="", metavar="NAME", help=said("who; default: you"))


def run(arguments: argparse.Namespace) -> int:
    """The old store stays as it is, byte for byte."""
    rule, files = read_rules(arguments.rule)
    lines = ProgressLines(is_on=arguments.progress)
    beside = Place(arguments.out).beside(MANIFEST)
    with telling("migrating", lines) as tell:
        report = migrate(
            arguments.store,
            arguments.out,
            rule=rule,
            stated=Stated(rules=files, by=arguments.by or _who(), why=arguments.why),
            name_of=shape_of,
            tell=partial(_write_manifest, arguments.out, beside),
            on_progress=tell,
            is_cancelled=lines.is_cancelled,
        )
    if arguments.json:
        facts = _facts(arguments.out, report)
        print_json({"out": str(arguments.out), "manifest": str(beside), **facts})
        return 0
    changed = sum(report.changed.values())
    print_text(
        said(
            "{position} in {out}, {changed:,} of them changed",
            position=counted("{count:,} event", "{count:,} events", report.new.position),
            out=arguments.out,
            changed=changed,
        )
    )
    for shape, count in sorted(report.changed.items()):
        print_text(f"  {count:,} {shape}")
    print_text(
        said(
            "old file {old_file}, SHA-256 {old_sha256}",
            old_file=report.old_file,
            old_sha256=report.old_sha256,
        )
    )
    print_text(said("both are recorded in {name}", name=beside.name))
    print_head(report.new)
    return 0


def _facts(out: Path, report: MigrationReport) -> dict[str, Any]:
    return {"new_file": out.name, **to_builtins(report)}


def _write_manifest(out: Path, beside: Path, report: MigrationReport) -> None:
    text = json.format(json.encode(_facts(out, report)), indent=1) + b"\n"
    write_whole(beside, text, overwrite=True)


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "somebody"
