"""definitions list|show|diff|restore STORE …: what people decided about a log, and when."""

import argparse
from typing import Any

from replay.definition_journal import HOWS, Entry, Journal
from replay.definitions.history import (
    Difference,
    before,
    differences,
    entry_of,
    history,
    now,
    restore,
)
from replay.definitions.kinds import kind_of
from replay.printing import print_facts, print_json, print_lines, print_table, print_text
from replay.states.diff import path_text
from replay.words import said
from store import json_text
from store.place import Place, path_of

HELP = said("list, compare and restore the definitions of a store: views, rules, bookmarks, …")
SIGNS = {"added": "+", "removed": "-", "changed": "~"}
SHOWN = ("change", "at", "kind", "how", "by", "definitions", "why")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A change is named by its number in the list."""
    verbs = parser.add_subparsers(dest="doing", required=True, metavar="list|show|diff|restore")
    listing = _verb(verbs, "list", said("every change of a definition, oldest first"))
    listing.add_argument("--kind", metavar="KIND", help=said("only this kind, such as rules"))
    showing = _verb(verbs, "show", said("one change, with the definitions after it"))
    comparing = _verb(verbs, "diff", said("what has changed since, or between two changes"))
    restoring = _verb(verbs, "restore", said("use the definitions of a change again"))
    for it in (showing, comparing, restoring):
        it.add_argument("change", type=int, metavar="CHANGE", help=said("its number in the list"))
    comparing.add_argument(
        "--to", type=int, metavar="CHANGE", help=said("a later change; without it: now")
    )
    restoring.add_argument(
        "--before", action="store_true", help=said("the definitions before the change")
    )
    restoring.add_argument("--name", metavar="NAME", help=said("only this definition"))
    restoring.add_argument("--why", default="", metavar="TEXT", help=said("the reason"))


def run(arguments: argparse.Namespace) -> int:
    """`list` says so where the journal is not as it was written, and exits with 1."""
    place = Place(arguments.store)
    found = history(place)
    if arguments.doing == "list":
        return _list(found, arguments)
    entry = entry_of(found, arguments.change)
    if arguments.doing == "show":
        _show(found, entry, is_json=arguments.json)
    elif arguments.doing == "diff":
        later = now(found, entry.kind)
        if arguments.to is not None:
            later = entry_of(found, arguments.to).text
        _tell(differences(entry.text, later), is_json=arguments.json)
    else:
        changed = restore(
            place,
            found,
            entry,
            name=arguments.name,
            is_before=arguments.before,
            why=arguments.why,
        )
        _tell(changed, is_json=arguments.json)
    return 0


def _verb(verbs: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--json", action="store_true")
    return parser


def _list(found: Journal, arguments: argparse.Namespace) -> int:
    if arguments.kind is not None:
        kind_of(arguments.kind)
    entries = [it for it in found.entries if arguments.kind in (None, it.kind)]
    if arguments.json:
        for it in entries:
            print_json(_facts(found, it))
    elif entries:
        print_table(SHOWN, [_row(found, it) for it in entries])
    else:
        print_text(said("no definition was ever changed"))
    if found.broken:
        print_text(
            said(
                "change {number} differs from what was written: the journal was edited",
                number=found.broken,
            )
        )
    return 1 if found.broken else 0


def _row(found: Journal, it: Entry) -> list[str]:
    return [
        str(it.number),
        it.at,
        it.kind,
        HOWS[it.how],
        it.by or "–",
        ", ".join(f"{SIGNS[one.sign]}{one.name}" for one in _changed(found, it)),
        it.why,
    ]


def _facts(found: Journal, it: Entry) -> dict[str, Any]:
    return {
        "change": it.number,
        "at": it.at,
        "kind": it.kind,
        "how": it.how,
        "by": it.by,
        "why": it.why,
        "definitions": [{"name": one.name, "sign": one.sign} for one in _changed(found, it)],
        "files": it.files,
    }


def _changed(found: Journal, it: Entry) -> list[Difference]:
    return differences(before(found, it), it.text)


def _show(found: Journal, it: Entry, *, is_json: bool) -> None:
    if is_json:
        print_json({**_facts(found, it), "before": before(found, it), "after": it.text})
        return
    facts = [("change", it.number), ("at", it.at), ("kind", it.kind), ("how", HOWS[it.how])]
    facts += [("by", it.by or "–"), *([("why", it.why)] if it.why else [])]
    facts += [(path, digest) for path, digest in it.files.items()]
    print_facts(facts)
    print_lines(it.text or said("no definitions of this kind"))


def _tell(found: list[Difference], *, is_json: bool) -> None:
    if is_json:
        print_json([_difference(it) for it in found])
        return
    for it in found:
        print_text(f"{SIGNS[it.sign]} {it.name}")
        for one in it.changes:
            old, new = json_text.encode(one.before), json_text.encode(one.after)
            print_text(f"    {path_text(one.path)}: {old} → {new}")
    if not found:
        print_text(said("no difference"))


def _difference(it: Difference) -> dict[str, Any]:
    return {"name": it.name, "sign": it.sign, "before": it.before, "after": it.after}
