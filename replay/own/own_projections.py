"""Projections from files of a person's own: named beside the log, run only while trusted.

The list of files is kept as text beside the log, with the names of their views, so that a process
which only reads views never asks for more. The files are run in processes of their own alone, see
`own_process`. One that has changed stands still until it is trusted as it is now; its views go on
being shown as they were.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from msgspec import Struct

from replay.beside_log import BesideLog
from replay.errors import UnknownView
from replay.own.own_process import views_in
from replay.own.own_writer import own_view
from replay.own.user_models import ModelFailed, Trust, digest
from replay.views.view import View
from replay.words import said
from store.errors import StoreError
from store.place import Place


class WrongProjections(StoreError):
    hint = said(
        "End the file with PROJECTION = Projection(…). `main.py projection new` writes an example."
    )


class OwnFile(Struct, frozen=True):
    """One file, and the views that it made when it was added."""

    path: str
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProjections:
    """What the files of a log give now."""

    views: tuple[View, ...]
    problems: dict[str, str]  # view → why its file is not run


FILE: Final = BesideLog[tuple[OwnFile, ...]](
    "-projections.json",
    tuple[OwnFile, ...],
    empty=tuple,
    what=said("the list of projections"),
    wrong=WrongProjections,
    files=lambda value: [it.path for it in value],
)


def files_of(place: Place) -> tuple[OwnFile, ...]:
    """The files of a log; none without a registry. Raises WrongProjections."""
    return FILE.load(place)


def names_of(place: Place) -> tuple[str, ...]:
    """The views that come from a person's own files."""
    return tuple(name for it in files_of(place) for name in it.views)


def add(place: Place, path: Path, *, taken: frozenset[str], trust: Trust | None = None) -> OwnFile:
    """Fold the file's projections for this log from now on; again for a file that has changed.

    `taken` are names of other views. Raises Untrusted, WrongProjections, ModelFailed when it
    cannot be loaded or defines nothing that can be folded.
    """
    (trust or Trust()).require(path)
    where = str(path.resolve())
    others = [it for it in files_of(place) if it.path != where]
    found = tuple(it.name for it in _views_of(path))
    taken |= {name for it in others for name in it.views}
    both = [name for name in found if name in taken or found.count(name) > 1]
    if both:
        raise WrongProjections(said("a view with this name already exists: {both!r}", both=both[0]))
    added = OwnFile(where, found)
    FILE.change(place, lambda now: (*(it for it in now if it.path != where), added))
    return added


def remove(place: Place, path: Path) -> None:
    """Keep the views of a file, named by itself or by one of them, up no longer. Raises
    UnknownView when it was not added."""
    where, found = str(path.resolve()), files_of(place)

    def is_kept(it: OwnFile) -> bool:
        return it.path != where and str(path) not in it.views

    if all(map(is_kept, found)):
        raise UnknownView(path.name)
    FILE.change(place, lambda now: tuple(filter(is_kept, now)))


def find(place: Place, trust: Trust | None = None) -> OwnProjections:
    """What the trusted files define; each is run, in a process of its own. Raises NoProcess."""
    trust = trust or Trust()
    views: list[View] = []
    problems: dict[str, str] = {}
    for it in files_of(place):
        if problem := why_not_run(it, trust):
            problems |= dict.fromkeys(it.views, problem)
            continue
        try:
            found = [one for one in _views_of(Path(it.path)) if one.name in it.views]
        except (ModelFailed, WrongProjections) as error:
            problems |= dict.fromkeys(it.views, str(error))
            continue
        gone = set(it.views) - {one.name for one in found}
        problems |= dict.fromkeys(
            gone, said("{name} no longer defines it", name=Path(it.path).name)
        )
        views += found
    return OwnProjections(views=tuple(views), problems=problems)


def why_not_run(it: OwnFile, trust: Trust) -> str:
    """Why a file is not run; empty when it is."""
    path = Path(it.path)
    if not path.is_file():
        return said("its file is missing: {path}", path=path)
    return (
        ""
        if trust.holds(path)
        else said("{name} has changed: review it and trust it again", name=path.name)
    )


def _views_of(path: Path) -> list[View]:
    sha256 = digest(path)
    try:
        return [own_view(path, sha256, it) for it in views_in(path, sha256)]
    except (TypeError, ValueError) as error:  # its process says what no view can be
        raise WrongProjections(
            said("{name} defines no view ({error})", name=path.name, error=error)
        ) from error
