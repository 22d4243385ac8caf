"""Projections from files of a person's own: named beside the log, run only while trusted.

The list of files is kept as text beside the log, with the names of their views, so that a process
which only reads views never runs the files. One that has changed stands still until it is trusted
as it is now; its views go on being shown as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from replay.beside_log import BesideLog
from replay.errors import UnknownView
from replay.projection import Projection
from replay.user_models import Trust, digest, load_module
from store.errors import StoreError


class WrongProjections(StoreError):
    hint = "End the file with PROJECTION = Projection(…); `main.py projection new` writes one."


class OwnFile(Struct, frozen=True):
    """One file, and the views that it made when it was added."""

    path: str
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProjections:
    """What the files of a log give now."""

    projections: tuple[Projection[Any], ...]
    problems: dict[str, str]  # view → why its file is not run


FILE: Final = BesideLog[tuple[OwnFile, ...]](
    "-projections.json", tuple[OwnFile, ...], empty=tuple, what="the list of projections",
    wrong=WrongProjections,
)  # fmt: skip


def files_of(log: Path) -> tuple[OwnFile, ...]:
    """The files of a log; none without a registry. Raises WrongProjections."""
    return FILE.load(log)


def names_of(log: Path) -> tuple[str, ...]:
    """The views that come from a person's own files."""
    return tuple(name for it in files_of(log) for name in it.views)


def add(log: Path, path: Path, *, taken: frozenset[str], trust: Trust | None = None) -> OwnFile:
    """Fold the file's projections for this log from now on; again for a file that has changed.

    `taken` are names of other views. Raises Untrusted, WrongProjections, ModelFailed, and
    whatever the file raises.
    """
    (trust or Trust()).require(path)
    where = str(path.resolve())
    others = [it for it in files_of(log) if it.path != where]
    found = tuple(it.name for it in projections_in(path))
    taken |= {name for it in others for name in it.views}
    if both := sorted(taken.intersection(found)):
        raise WrongProjections(f"there is a view of this name already: {both[0]!r}")
    added = OwnFile(where, found)
    FILE.save(log, (*others, added))
    return added


def remove(log: Path, path: Path) -> None:
    """Keep the file's views up no longer. Raises UnknownView when it was not added."""
    where = str(path.resolve())
    found = files_of(log)
    if where not in {it.path for it in found}:
        raise UnknownView(path.name)
    FILE.save(log, tuple(it for it in found if it.path != where))


def find(log: Path, trust: Trust | None = None) -> OwnProjections:
    """Run the trusted files. Only in a process that may be lost."""
    trust = trust or Trust()
    projections: list[Projection[Any]] = []
    problems: dict[str, str] = {}
    for it in files_of(log):
        if problem := why_not_run(it, trust):
            problems |= dict.fromkeys(it.views, problem)
            continue
        try:
            found = [one for one in projections_in(Path(it.path)) if one.name in it.views]
        except Exception as error:  # the edge: a person's own file may raise anything
            problem = f"{Path(it.path).name} cannot be loaded: {type(error).__name__}: {error}"
            problems |= dict.fromkeys(it.views, problem)
            continue
        gone = set(it.views) - {one.name for one in found}
        problems |= dict.fromkeys(gone, f"{Path(it.path).name} does not define it any more")
        projections += found
    return OwnProjections(projections=tuple(projections), problems=problems)


def why_not_run(it: OwnFile, trust: Trust) -> str:
    """Why a file is not run; empty when it is."""
    path = Path(it.path)
    if not path.is_file():
        return f"its file is gone: {path}"
    return "" if trust.holds(path) else f"{path.name} has changed: read it and trust it again"


def projections_in(path: Path) -> Sequence[Projection[Any]]:
    """The projections of a file, run here and now. Raises WrongProjections, ModelFailed, and
    whatever the file raises."""
    module = load_module(path)
    one, several = getattr(module, "PROJECTION", None), getattr(module, "PROJECTIONS", ())
    found = [*([one] if one is not None else []), *several]
    if not found or not all(isinstance(it, Projection) for it in found):
        raise WrongProjections(f"the file defines no PROJECTION: {path}")
    return [replace(it, facts=digest(path), is_own=True) for it in found]
