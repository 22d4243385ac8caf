"""engines [list]|up|down|new|show|of|keep|forget|password: servers, and those of a store."""

import argparse
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from getpass import getpass
from pathlib import Path
from typing import Any, Final

from replay.engines import kept_engines
from replay.engines.kept_engines import SPARK, KeptEngine, role_of
from replay.engines.survey_lines import SurveyLines
from replay.engines.surveyor import Surveyor
from replay.local_engine import LocalEngine
from replay.printing import print_json, print_text
from replay.progress_lines import add_progress_argument
from replay.words import counted, said
from store.errors import StoreError, UnknownChoice
from store.opening import reading
from store.place import Place, path_of
from store.remote.address import Address, address_of
from store.remote.kind import kind_of, kinds
from store.remote.passwords import keep_password, keyring_name, password_for

HELP = said("start a server on this machine to try it out, or look at an event store on a server")
WHAT: Final = "list|up|down|new|show|of|keep|forget|password"

Engines = Mapping[str, Callable[[], LocalEngine]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, each with its own arguments."""
    what = parser.add_subparsers(dest="what", required=True, metavar=WHAT)
    for name, text in (
        ("list", said("what can be connected to, and what runs here")),
        ("up", said("start a server on this machine; only this machine can reach it")),
        ("down", said("stop it; its data stay")),
    ):
        it = what.add_parser(name, help=text)
        if name != "list":
            it.add_argument("engine", metavar="ENGINE", help=said("for example postgresql"))
        it.add_argument("--json", action="store_true")
        if name != "down":
            add_progress_argument(it)
    for name, text in (
        ("new", said("make an empty event store on a server")),
        ("show", said("what is at an address")),
    ):
        it = what.add_parser(name, help=text)
        it.add_argument("url", metavar="URL", help=said("for example postgresql://user@host/db"))
        it.add_argument("--json", action="store_true")
        add_progress_argument(it)
    _add_store_arguments(what)
    it = what.add_parser("password", help=said("keep a password in the system's keyring"))
    it.add_argument(
        "url",
        metavar="URL",
        nargs="?",
        default="",
        help=said("of a server, with the user; without it: which keyring there is"),
    )
    it.add_argument("--json", action="store_true")
    add_progress_argument(it)


def _add_store_arguments(what: Any) -> None:
    """What concerns the servers of one store."""
    it = what.add_parser("of", help=said("how far the servers of a store are"))
    it.add_argument("store", type=path_of, metavar="STORE")
    it.add_argument("--follow", action="store_true", help=said("look again, until Ctrl+C"))
    it.add_argument("--json", action="store_true", help=said("one JSON object per line"))
    for name, text in (
        ("keep", said("remember a topic or a query store with a store")),
        ("forget", said("remember it no longer; nothing changes there")),
    ):
        it = what.add_parser(name, help=text)
        it.add_argument("store", type=path_of, metavar="STORE")
        it.add_argument("url", metavar="URL", help=said("for example kafka://host:9092/orders"))
        it.add_argument("--json", action="store_true")
        if name == "keep":
            it.add_argument(
                "--view",
                action="append",
                default=[],
                metavar="VIEW",
                help=said("of a query store: write this view; default: all that have rows"),
            )


def run(arguments: argparse.Namespace) -> int:
    """Raises EngineNotInstalled, EngineNotStarted, and what opening a store on a server raises."""
    if arguments.what == "of":
        return _of(arguments)
    done = {"list": _list, "up": _up, "down": _down, "new": _new, "show": _show}
    done |= {"keep": _keep, "forget": _forget, "password": _password}
    told, lines = done[arguments.what](arguments)
    if arguments.json:
        print_json(told)
    else:
        for it in lines:
            print_text(it)
    return 0


Told = tuple[dict[str, Any], list[str]]


def _list(arguments: argparse.Namespace) -> Told:
    local = [_state_and_lack(name, make()) for name, make in arguments.engines.items()]
    known = [{"title": it.title, "schemes": list(it.schemes), "extra": it.extra} for it in kinds()]
    lines = [
        said("{title}: {address}", title=it.title, address=f"{it.schemes[0]}://…") for it in kinds()
    ]
    for it in local:
        where = it["address"] or _how_started(it)
        lines.append(said("{name} on this machine: {where}", name=it["name"], where=where))
        lines.append(said("  its folder: {folder}", folder=it["folder"]))
    return {"kinds": known, "local": local}, lines


def _state_and_lack(name: str, engine: LocalEngine) -> dict[str, Any]:
    """Also what is missing on this machine to start it, and how to install that."""
    missing = hint = ""
    try:
        engine.require_installed()
    except StoreError as error:
        missing, hint = str(error), error.hint
    return {**_state(name, engine), "missing": missing, "hint": hint}


def _how_started(it: dict[str, Any]) -> str:
    if it["missing"]:
        return said(
            "cannot be started, because {missing}. {hint}", missing=it["missing"], hint=it["hint"]
        )
    return said("not running here; engines up {name} starts one", name=it["name"])


def _up(arguments: argparse.Namespace) -> Told:
    engine = _chosen(arguments)
    engine.start()
    told = _state(arguments.engine, engine)
    return told, [engine.address, engine.next_step]


def _down(arguments: argparse.Namespace) -> Told:
    engine = _chosen(arguments)
    was_running = bool(engine.pid)
    engine.stop()
    line = (
        said(
            "{title} has stopped; its data stay in {folder}",
            title=engine.title,
            folder=engine.folder,
        )
        if was_running
        else said("{title} was not running here", title=engine.title)
    )
    return {**_state(arguments.engine, engine), "was_running": was_running}, [line]


def _new(arguments: argparse.Namespace) -> Told:
    address = address_of(arguments.url)
    identity = kind_of(address).create(address)
    told = {"address": address.shown, "store_id": identity}
    made = said("an empty event store is made at {address}", address=address.shown)
    return told, [said("{made}; its id is {identity}", made=made, identity=identity)]


def _show(arguments: argparse.Namespace) -> Told:
    address = address_of(arguments.url)
    kind = kind_of(address)
    with closing(kind.open_reader(address)) as reader:
        events, identity, it = reader.distance(None), reader.identity(), reader.abilities
    told = {
        "address": address.shown,
        "kind": kind.title,
        "program": it.program,
        "store_id": identity,
        "events": events,
        "order": it.order,
        "has_wake_up": it.has_wake_up,
        "can_append": it.can_append,
    }
    order = {
        "global": said("one order over all streams"),
        "stream": said("an order within each stream only"),
    }[it.order]
    lines = [
        said("{kind} at {address}", kind=kind.title, address=address.shown),
        *([_program_told(it.program)] if it.program else []),
        said("  id: {identity}", identity=identity),
        said("  order: {order}", order=order),
        said("  new events: {how}", how=_how_told(it.has_wake_up)),
    ]
    if events is not None:
        lines.append("  " + counted("{count:,} event", "{count:,} events", events))
    return told, lines


def _of(arguments: argparse.Namespace) -> int:
    """Raises what opening the store raises."""
    surveyor, told = Surveyor(Place(arguments.store)), SurveyLines(is_json=arguments.json)
    if arguments.follow:
        surveyor.follow(told.tell, told.is_ended)
    else:
        told.tell(surveyor.once())
    return 0


def _keep(arguments: argparse.Namespace) -> Told:
    place = _place_of(arguments.store)
    wanted = KeptEngine(
        role=role_of(arguments.url), address=arguments.url, views=tuple(arguments.view)
    )
    kept = kept_engines.keep(place, wanted)
    told = said("{url} is remembered with {store}", url=kept.address, store=place.name)
    return {"role": kept.role, "address": kept.address, "views": list(kept.views)}, [told]


def _forget(arguments: argparse.Namespace) -> Told:
    place = _place_of(arguments.store)
    is_spark = role_of(arguments.url) == SPARK
    address = arguments.url if is_spark else address_of(arguments.url).shown
    known = [it for it in kept_engines.load(place) if it.address == address]
    if not known:
        reason = said("the store has no server of this address: {url}", url=address)
        raise UnknownChoice(reason, [it.address for it in kept_engines.load(place)])
    for it in known:
        kept_engines.forget(place, it)
    return {"forgotten": address}, [said("{url} is forgotten", url=address)]


def _password(arguments: argparse.Namespace) -> Told:
    """Raises NoKeyring, EngineMissing, WrongAddress."""
    if not arguments.url:
        name = keyring_name()
        told = said("keyring: {name}", name=name) if name else said("there is no keyring here")
        return {"keyring": name}, [told]
    address = address_of(arguments.url)
    keep_password(address, address.password or password_for(address) or _asked(address))
    told = said("the keyring has the password of {place}", place=address.place)
    return {"keyring": keyring_name(), "place": address.place}, [told]


def _asked(address: Address) -> str:
    """Typed by a person, without being shown; or a line of the input."""
    if sys.stdin.isatty():
        return getpass(said("Password of {place}: ", place=address.place))
    return sys.stdin.readline().rstrip("\n")


def _place_of(path: Path) -> Place:
    """Of a store that is there. Raises what opening it raises."""
    with reading(path) as log:
        return log.place


def _program_told(program: str) -> str:
    return said("  store of {program}, only read", program=program)


def _how_told(has_wake_up: bool) -> str:
    return said("the server says so") if has_wake_up else said("looked for once a second")


def _state(name: str, engine: LocalEngine) -> dict[str, Any]:
    is_running = bool(engine.pid)
    return {
        "name": name,
        "is_running": is_running,
        "address": engine.address if is_running else "",
        "folder": str(engine.folder),
    }


def _chosen(arguments: argparse.Namespace) -> LocalEngine:
    """Raises UnknownChoice."""
    engines: Engines = arguments.engines
    if arguments.engine not in engines:
        reason = said("no server of this name can be started: {name!r}", name=arguments.engine)
        raise UnknownChoice(reason, engines)
    return engines[arguments.engine]()
