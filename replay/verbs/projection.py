"""projection list|add|remove STORE [FILE], projection new NAME: views from files of one's own."""

import argparse
import re
from pathlib import Path
from typing import Any, Final

from replay.catalog.all_views import views_without_code
from replay.command_name import command_name
from replay.own import own_projections
from replay.own.own_projections import OwnFile, why_not_run
from replay.own.projection_template import file_for
from replay.own.user_models import Trust
from replay.printing import print_json, print_text
from replay.progress_lines import add_progress_argument
from replay.words import said
from store.errors import StoreError
from store.opening import open_reader
from store.place import Place, path_of
from store.whole_file import write_whole

HELP = said("views from your own projection files: write, trust, and add them to a store")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")


class MissingWord(StoreError):
    hint = said("Projections are described in: main.py projection --help")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`new` takes a name, the others a store, and a file but for `list`."""
    parser.add_argument("what", choices=("list", "add", "remove", "new"), help=said("what to do"))
    parser.add_argument("subject", metavar="STORE|NAME", help=said("the store; for `new` a name"))
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help=said("for `remove` also the name of one of its views"),
    )
    parser.add_argument(
        "--trust", action="store_true", help=said("trust the current content of the file")
    )
    parser.add_argument(
        "--into", type=Path, default=Path(), metavar="FOLDER", help=said("for `new`")
    )
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """What is added is folded by whatever keeps the views, in a process that may be lost."""
    if arguments.what == "new":
        return _new(arguments.subject, arguments.into)
    log = path_of(arguments.subject)
    place = Place(log)
    open_reader(log).close()  # tells what is wrong with the store
    if arguments.what == "list":
        return _list(place, is_json=arguments.json)
    if arguments.file is None:
        raise MissingWord(said("name the projection file"))
    if arguments.what == "remove":
        own_projections.remove(place, arguments.file)
        return _say(
            arguments,
            {"removed": str(arguments.file)},
            said("removed: {file}", file=arguments.file),
        )
    added = _add(place, arguments.file, is_trusted_now=arguments.trust)
    names = ", ".join(added.views)
    told = said(
        "added: {names}; list its rows with: {command_name} view {log} {views}",
        names=names,
        command_name=command_name(),
        log=log,
        views=added.views[0],
    )
    return _say(arguments, {"added": list(added.views), "path": added.path}, told)


def _add(place: Place, path: Path, *, is_trusted_now: bool) -> OwnFile:
    trust = Trust()
    if is_trusted_now:
        trust.give(path)
    taken = frozenset(it.name for it in views_without_code(place))
    return own_projections.add(place, path, taken=taken, trust=trust)


def _list(place: Place, *, is_json: bool) -> int:
    trust = Trust()
    found = [(it, why_not_run(it, trust)) for it in own_projections.files_of(place)]
    if is_json:
        print_json([_facts(it, why) for it, why in found])
    for it, why in found if not is_json else ():
        print_text(f"{', '.join(it.views)}  {it.path}  {why or 'trusted'}")
    if not found and not is_json:
        print_text(
            said(
                "no projections of your own; start with: {command_name} projection new NAME",
                command_name=command_name(),
            )
        )
    return 1 if any(why for _, why in found) else 0


def _facts(it: OwnFile, why: str) -> dict[str, Any]:
    return {"path": it.path, "views": list(it.views), "problem": why}


def _new(name: str, folder: Path) -> int:
    if not _NAME.fullmatch(name):
        raise MissingWord(said("this is not a valid name for a view: {name!r}", name=name))
    file, text = file_for(name)
    path = folder / file
    write_whole(path, text.encode(), overwrite=False)
    print_text(said("written: {path}", path=path))
    return 0


def _say(arguments: argparse.Namespace, facts: dict[str, Any], told: str) -> int:
    print_json(facts) if arguments.json else print_text(told)
    return 0
