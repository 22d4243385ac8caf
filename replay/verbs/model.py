"""model list|check|new|trust|use|leave: the models there are; write one of one's own, try it,
trust it, and read a store with it."""

import argparse
import re
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from replay.children.child import Child, TooLate
from replay.children.command import MODEL_CHECK, worker_command
from replay.own import own_models
from replay.own.model_template import files_for
from replay.own.user_models import ModelFailed, Trust, digest
from replay.printing import print_json, print_lines, print_table, print_text
from replay.states.model_set import bundled_models
from replay.words import counted, said
from store import json_text
from store.errors import StoreError, StoreExists
from store.opening import open_reader
from store.place import Place, path_of
from store.whole_file import write_whole

HELP = said(
    "list the models; write your own model file, check it, trust it, and use it for a store"
)
PATIENCE_S: Final = 20.0
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")


class WrongName(StoreError):
    hint = said("Write one word, such as Invoice or ParkingLot.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`check` and `trust` take a file, `new` a name, `use` a store and a file, `leave` a store."""
    choices = ("list", "check", "new", "trust", "distrust", "use", "leave")
    parser.add_argument("what", choices=choices, help=said("what to do"))
    parser.add_argument(
        "subject",
        metavar="FILE|NAME|STORE",
        nargs="?",
        default="",
        help=said("the model file; for `new` a name; for `use` and `leave` the store"),
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help=said("for `use`: the model file")
    )
    parser.add_argument(
        "--trust", action="store_true", help=said("for `use`: trust its current content")
    )
    parser.add_argument(
        "--into",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help=said("for `new`: the folder of the new file"),
    )
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a check found something."""
    if arguments.what == "list":
        return _list(is_json=arguments.json)
    if not arguments.subject:
        raise WrongName(said("`model {what}` needs a name or a file", what=arguments.what))
    if arguments.what == "new":
        return _new(arguments.subject, arguments.into, is_json=arguments.json)
    if arguments.what == "use":
        return _use(arguments)
    if arguments.what == "leave":
        return _leave(arguments)
    path = Path(arguments.subject)
    if arguments.what == "check":
        return _check(path, is_json=arguments.json)
    if arguments.what == "trust":
        Trust().give(path)
        found = digest(path)
        told = {"trusted": str(path), "sha256": found}
        words = said(
            "trusted with its current content: {path} (sha256 {found})", path=path, found=found
        )
    else:
        Trust().take(path)
        told, words = {"distrusted": str(path)}, said("no longer trusted: {path}", path=path)
    print_json(told) if arguments.json else print_text(words)
    return 0


def _list(*, is_json: bool) -> int:
    """What each bundled model is about, and which of its events reach the outside world."""
    models = bundled_models()
    heard = [(type_, it.model.title) for it in models.processes for type_ in it.listens]
    facts: list[dict[str, Any]] = [
        {
            "name": it.name,
            "category": it.category,
            "commands": [type_.__name__ for type_ in it.commands],
            "effects": {
                type_.__name__: {"gateway": effect.gateway, "held_s": effect.delay_us / 1_000_000}
                for type_, effect in it.effects.items()
            },
            "asks": [type_.__name__ for type_ in it.asked],
            "heard_by": {
                type_.__name__: [who for name, who in heard if name == type_.__name__]
                for type_ in it.events
                if any(name == type_.__name__ for name, _ in heard)
            },
        }
        for it in models.models
    ]
    if is_json:
        print_json(facts)
        return 0
    rows = [
        (it["name"], f"{it['category']}-…", str(len(it["commands"])), _outside(it)) for it in facts
    ]
    print_table(("model", "streams", "commands", said("outside its streams")), rows)
    return 0


def _outside(facts: dict[str, Any]) -> str:
    told = [
        said("{type_} is sent to {gateway}", type_=type_, gateway=it["gateway"])
        for type_, it in facts["effects"].items()
    ]
    heard = [
        said("{type_} is handled by {who}", type_=type_, who=", ".join(who))
        for type_, who in facts["heard_by"].items()
    ]
    return "; ".join([*told, *heard])


def _new(name: str, folder: Path, *, is_json: bool) -> int:
    if not _NAME.fullmatch(name):
        raise WrongName(said("this is not a valid name for a model: {name!r}", name=name))
    files = {folder / file: text for file, text in files_for(name).items()}
    for path in files:
        if path.exists():
            raise StoreExists(path)
    for path, text in files.items():
        write_whole(path, text.encode(), overwrite=False)
        if not is_json:
            print_text(said("written: {path}", path=path))
    if is_json:
        print_json({"written": [str(it) for it in files]})
    return 0


def _check(path: Path, *, is_json: bool) -> int:
    facts = checked(path)
    if is_json:
        print_json(facts)
    else:
        for it in facts["models"]:
            print_text(
                said(
                    "{title}: {events}, {commands}, streams {category}-…",
                    title=it["title"],
                    events=counted("{count} event", "{count} events", it["events"]),
                    commands=counted("{count} command", "{count} commands", it["commands"]),
                    category=it["category"],
                )
            )
        for problem in facts["problems"]:
            print_text(f"✗ {problem}")
        print_lines(said("no problems found") if not facts["problems"] else facts["details"] or "")
    return 1 if facts["problems"] else 0


def _use(arguments: argparse.Namespace) -> int:
    """The store is read with the file from now on, by verbs, the window and latest states."""
    store, path = path_of(arguments.subject), arguments.file
    open_reader(store).close()  # tells what is wrong with the store
    if path is None:
        raise WrongName(said("`model use` needs a store and a model file"))
    if arguments.trust:
        Trust().give(path)
    Trust().require(path)
    facts = checked(path)
    if not facts["models"]:
        raise ModelFailed(*facts["problems"][:1])
    named = [own_models.NamedModel(it["name"], it["category"]) for it in facts["models"]]
    own_models.use(Place(store), path, named)
    streams = ", ".join(f"{it.category}-…" for it in named)
    return _say(
        arguments,
        {"used": str(path)},
        said(
            "{store} now uses {path}: streams {streams}",
            store=store,
            path=path,
            streams=streams,
        ),
    )


def _leave(arguments: argparse.Namespace) -> int:
    store = path_of(arguments.subject)
    open_reader(store).close()
    had_one = own_models.leave(Place(store))
    told = said("{store} now uses no model file", store=store) + (
        "" if had_one else said(", as before")
    )
    return _say(arguments, {"left": had_one}, told)


def _say(arguments: argparse.Namespace, facts: dict[str, Any], told: str) -> int:
    print_json(facts) if arguments.json else print_text(told)
    return 0


def checked(path: Path) -> dict[str, Any]:
    """The report of a check in a process of its own. Raises ModelFailed."""
    digest(path)
    command = worker_command(MODEL_CHECK, str(path.resolve()))
    with closing(Child(command, errors=subprocess.PIPE)) as process:
        try:
            output, errors = process.finish(PATIENCE_S)
        except TooLate as error:
            reason = said(
                "the model ran for more than {patience_s:g} seconds: {path}",
                patience_s=PATIENCE_S,
                path=path,
            )
            raise ModelFailed(reason) from error
        code = process.wait()
    lines = output.decode("utf-8", "replace").splitlines()
    if not lines:
        details = errors.decode("utf-8", "replace")
        raise ModelFailed(
            said("the model ended its process (code {code}): {path}", code=code, path=path), details
        )
    facts: dict[str, Any] = json_text.decode(lines[-1])
    return facts
