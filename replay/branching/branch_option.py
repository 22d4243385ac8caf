"""--branch NAME: what a verb does with a store, it does with a branch of it.

The option is put to every verb that names a store to read or to issue commands to, and taken away
again before the verb runs: it sees the path of the branch, which is opened like any log.
"""

import argparse
from pathlib import Path
from typing import Final

from replay.words import said
from store.errors import UnknownChoice

# Verbs that are about the file of a log, or bring events into it, or send them away.
OF_LOGS_ALONE: Final = frozenset(
    {
        *("backup", "branch", "changes", "checkpoint", "compact", "consequences", "consume"),
        *("engines", "follow", "import", "migrate", "mirror", "new", "publish"),
        *("salvage", "sample", "sink", "verify"),
    }
)


def add_branch_option(parser: argparse.ArgumentParser, verb: str) -> None:
    """To a verb, and to each verb within it that names a store."""
    if verb in OF_LOGS_ALONE:
        return
    for it in [parser, *_inner(parser)]:
        if any(action.dest == "store" for action in it._actions):  # argparse has no other list
            it.add_argument("--branch", metavar="NAME", help=said("of the store, this branch"))


def choose_branch(arguments: argparse.Namespace) -> None:
    """Let `store` be the branch that was asked for, if one was. Raises NoSuchBranch,
    WrongBranchName, UnknownChoice."""
    name = getattr(arguments, "branch", None)
    if name is None:
        return
    store = arguments.store
    if not isinstance(store, Path):
        raise UnknownChoice(said("a store on a server has no branches here"), ())
    from store.branches.opening import existing_branch  # most logs are no branch

    arguments.store = existing_branch(store, name)


def _inner(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    found: list[argparse.ArgumentParser] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for it in action.choices.values():
                found += [it, *_inner(it)]
    return found
