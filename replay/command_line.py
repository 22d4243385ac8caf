"""The command line: find the verb, run it, and put what went wrong into a sentence."""

import argparse
import importlib
import os
import pkgutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from replay import verbs
from replay.branching.branch_option import add_branch_option, choose_branch
from replay.command_name import as_typed, command_name, complain
from replay.ctrl_c import listening
from replay.local_engine import LocalEngine
from replay.standard_output import OUTPUT
from replay.usual_help import describe
from replay.verb_parser import VerbParser
from replay.words import said
from store.errors import StoreError, UnknownChoice, WrongRules
from store.failure import said_of
from store.remote.errors import WrongAddress
from store.visible_text import visible_lines

VERSION: Final = "0.4.0"
DATA_AT_FAULT: Final = 1
WRONG_USAGE: Final = 2
HEAD: Final = "Traceback (most recent call last):\n"  # the sentence stands there already


class Verb(Protocol):
    """What a file in replay/verbs defines."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what the verb takes."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it. Returns the exit code; raises StoreError."""


def verb_names() -> list[str]:
    """All verbs, by name."""
    return sorted(it.name.removesuffix("_") for it in pkgutil.iter_modules(verbs.__path__))


def is_verb(arguments: Sequence[str]) -> bool:
    """Whether the first word is a verb, and no file of that name stands in its way."""
    return bool(arguments) and arguments[0] in verb_names()


def run(
    arguments: Sequence[str],
    *,
    samples: Mapping[str, Path] | None = None,
    engines: Mapping[str, Callable[[], LocalEngine]] | None = None,
) -> int:
    """Run one verb. `samples` are the files of the samples that come with the program, `engines`
    the servers that it can start here. Errors are a sentence and a hint on standard error, never a
    traceback."""
    with listening() as ctrl_c:
        try:
            parsed = _parsed(arguments)
            choose_branch(parsed)
            parsed.samples, parsed.engines = samples or {}, engines or {}
            code = _run(parsed, arguments)
            OUTPUT.flush()
        except SystemExit as end:  # argparse has said what is wrong, or printed the help
            return end.code if isinstance(end.code, int) else WRONG_USAGE
        except KeyboardInterrupt:
            return ctrl_c.exit_code
        except (StoreError, sqlite3.Error, OSError, UnicodeEncodeError) as error:
            return ctrl_c.exit_code if ctrl_c.has_come else _refused(_in_words(error, arguments))
    return code


def _in_words(error: Exception, arguments: Sequence[str]) -> Exception:
    """What the system or SQLite says of a file, as a sentence with a next step, where it is one of
    those that a person can do something about."""
    if not isinstance(error, sqlite3.Error | OSError) or isinstance(error, BrokenPipeError):
        return error
    about = Path(arguments[1]) if len(arguments) > 1 else Path()
    return said_of(error, about) or error


def _refused(error: Exception) -> int:
    match error:
        case UnknownChoice() | WrongRules() | WrongAddress():
            return refuse(str(error), error.hint)
        case StoreError():
            details = getattr(error, "details", "")
            return refuse(str(error), error.hint, details, code=DATA_AT_FAULT)
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), OUTPUT.fileno())
            return 128 + signal.SIGPIPE if hasattr(signal, "SIGPIPE") else DATA_AT_FAULT
        case sqlite3.Error():
            return refuse(
                said("the store's files cannot be used: {error}", error=error), code=DATA_AT_FAULT
            )
        case OSError():
            where = f": {error.filename}" if error.filename else ""
            return refuse(f"{error.strerror or error}{where}", code=DATA_AT_FAULT)
    return refuse(said("an argument is not valid UTF-8"))


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Raises SystemExit when the arguments cannot be read, after saying why."""
    try:
        return _parser(only=arguments[0] if is_verb(arguments) else "").parse_args(arguments)
    except StoreError as error:  # of a type that reads an argument, such as a filter
        raise SystemExit(refuse(str(error), error.hint)) from None


def _run(parsed: argparse.Namespace, arguments: Sequence[str]) -> int:
    """Here, or in a process of its own when it runs code that may do anything."""
    verb: Verb = parsed.verb
    runs_own_code = getattr(parsed, "runs_own_code", None)  # put there by verbs that may
    if runs_own_code is not None and runs_own_code(parsed):
        from replay.workers.verb_apart import run_apart  # late: few verbs need it

        return run_apart(arguments, store=getattr(parsed, "store", None))
    return verb.run(parsed)


def refuse(sentence: str, hint: str = "", details: str = "", *, code: int = WRONG_USAGE) -> int:
    """Say on standard error what is wrong, where, and what to do; returns `code`."""
    complain(sentence)
    if details:
        sys.stderr.write(f"{visible_lines(details.replace(HEAD, '').rstrip())}\n")
    if hint:
        sys.stderr.write(f"{visible_lines(as_typed(hint))}\n")
    elif code == WRONG_USAGE:
        sys.stderr.write(
            said("{command_name} --help lists the verbs.\n", command_name=command_name())
        )
    return code


def _parser(*, only: str) -> argparse.ArgumentParser:
    """Of one verb, so that the others need not be loaded; of all when none is named."""
    parser = VerbParser(
        prog=command_name(),
        description=said(
            "Without a verb, opens the window, with a store or an event file. With "
            "a verb, does the same work on the command line; --json prints JSON."
        ),
        epilog=said("Exit codes: 0 success, 1 a problem in the data, 2 wrong usage."),
    )
    parser.add_argument(
        "--version", action="version", version=said("Foldline {version}", version=VERSION)
    )
    choices = parser.add_subparsers(metavar="VERB", required=True)
    for module in pkgutil.iter_modules(verbs.__path__):
        name = module.name.removesuffix("_")
        if only and name != only:
            continue
        verb: Verb = importlib.import_module(f"{verbs.__name__}.{module.name}")
        sub = choices.add_parser(name, help=verb.HELP, description=verb.HELP)
        verb.add_arguments(sub)
        add_branch_option(sub, name)
        describe(sub)
        sub.set_defaults(verb=verb)
    return parser
