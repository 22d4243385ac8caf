"""Every view of a log: the projections of the folder and of installed packages, the timeline, the
built ones, and those of a person's own files."""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from replay.beside_log import stamp_of
from replay.own import own_projections
from replay.own.own_projections import OwnProjections
from replay.own.user_models import TRUSTED, configuration_folder
from replay.projections import find_projections
from replay.timeline.timeline_view import TIMELINE
from replay.views import built_views
from replay.views.built_view import projection_of
from replay.views.causation_view import CAUSATION
from replay.views.search_view import SEARCH
from replay.views.view import View, view_of

Stamp = tuple[tuple[int, int], ...]  # of the files that say what there is: when changed, bytes

NO_FILE: Final = (0, 0)
_NONE: Final = OwnProjections(views=(), problems={})


def all_views(log: Path | None = None) -> tuple[View, ...]:
    """What the projector keeps up to date, by name; with a log its built views and those of its
    own files too, each of which is run in a process to learn what it defines.

    Raises ValueError when two share a name, WrongView, WrongProjections.
    """
    if log is None:
        return _bundled()
    safe, own = views_without_code(log), own_views(log)
    return _by_name([*safe, *own]) if own else safe


def own_views(log: Path) -> tuple[View, ...]:
    """The views of a person's own files, by name. A file is run to learn what it defines."""
    others = {it.name for it in views_without_code(log)}
    return tuple(it for it in _own(log, stamp_of_own(log)).views if it.name not in others)


def problems_of(log: Path) -> dict[str, str]:
    """View → why it stands still: its own file is not trusted, gone, or cannot be loaded."""
    return _own(log, stamp_of_own(log)).problems


def views_without_code(log: Path) -> tuple[View, ...]:
    """The views whose definitions are safe to have in this process: all but those of files. The
    same object as long as nothing has changed."""
    return _with_built(log, (built_views.FILE.stamp(log),))


def every_name(log: Path) -> frozenset[str]:
    """The names of all views of a log; no file of a person is run to tell them."""
    safe = {it.name for it in views_without_code(log)}
    return frozenset(safe.union(own_projections.names_of(log)))


def views_named(log: Path, names: Iterable[str]) -> tuple[View, ...]:
    """All views, when one of the names may be that of a person's own, or none is named; else
    those that can be had without running a file."""
    safe = views_without_code(log)
    wanted = set(names)
    return safe if wanted and wanted <= {it.name for it in safe} else all_views(log)


@cache
def _bundled() -> tuple[View, ...]:
    return _by_name(
        [CAUSATION, TIMELINE, SEARCH, *(view_of(projection) for projection in find_projections())]
    )


@lru_cache(maxsize=64)
def _with_built(log: Path, stamp: Stamp) -> tuple[View, ...]:
    if stamp == (NO_FILE,):
        return _bundled()
    return _by_name([*_bundled(), *(view_of(projection_of(it)) for it in built_views.load(log))])


@lru_cache(maxsize=64)
def _own(log: Path, stamp: Stamp) -> OwnProjections:
    return _NONE if stamp == (NO_FILE,) else own_projections.find(log)


def stamp_of_own(log: Path) -> Stamp:
    """Changes when `own_views` may: that of the registry, and with one: of each file and the
    trust."""
    first = own_projections.FILE.stamp(log)
    if first == NO_FILE:
        return (first,)
    own = [Path(it.path) for it in own_projections.files_of(log)]
    return (first, *map(stamp_of, (configuration_folder() / TRUSTED, *own)))


def _by_name(found: list[View]) -> tuple[View, ...]:
    if len({view.name for view in found}) < len(found):
        raise ValueError("two projections have the same name")
    return tuple(sorted(found, key=lambda view: view.name))
