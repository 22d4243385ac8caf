"""A moment of a line, as a person writes it: `1842`, `v3@fix`, `@main`."""

from pathlib import Path
from typing import Final

from replay.states.moment import Moment, parse_moment_text
from replay.words import said
from store.branches.opening import existing_branch
from store.errors import UnknownChoice
from store.place import MAIN, Place

SIGN: Final = "@"


def line_moment(text: str) -> tuple[Moment | None, str]:
    """The moment, and the name of the line: `main` or a branch; empty where none is named.

    No moment means the end of the line. Raises WrongMoment.
    """
    moment, sign, line = text.partition(SIGN)
    is_end = bool(sign) and not moment.strip()
    return None if is_end else parse_moment_text(moment), line.strip()


def line_path(store: Path, line: str) -> Path:
    """Where the line of that name is, beside a store or one of its branches; without a name, the
    store as it was named. Raises NoSuchBranch, WrongBranchName, UnknownChoice."""
    if not line:
        return store
    if not isinstance(store, Path):
        raise UnknownChoice(said("a store on a server has no branches here"), ())
    return Place(store).log if line == MAIN else existing_branch(store, line)
