"""Every view of a log: the projections of the folder and of installed packages, the timeline, the
built ones, and those of a person's own files."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from replay import built_views, own_projections
from replay.beside_log import stamp_of
from replay.built_view import projection_of
from replay.projections import find_projections
from replay.search_view import SEARCH
from replay.timeline_view import TIMELINE
from replay.user_models import TRUSTED, configuration_folder
from replay.view import View, view_of

Stamp = tuple[tuple[int, int], ...]  # of the files that say what there is: when changed, bytes

NO_FILE: Final = (0, 0)


def all_views(log: Path | None = None) -> tuple[View, ...]:
    """What the projector keeps up to date, by name; with a log its built views and those of its
    own files too, which are run for it. The same object as long as nothing has changed.

    Raises ValueError when two share a name, WrongView, WrongProjections.
    """
    return _bundled() if log is None else _with_own(log, _stamp(log))[0]


def problems_of(log: Path) -> dict[str, str]:
    """View → why it stands still: its own file is not trusted, gone, or cannot be loaded."""
    return _with_own(log, _stamp(log))[1]


def views_without_code(log: Path) -> tuple[View, ...]:
    """The views whose definitions are safe to have in this process: all but those of files."""
    return _with_built(log, (built_views.FILE.stamp(log),))


@cache
def _bundled() -> tuple[View, ...]:
    return _by_name([TIMELINE, SEARCH, *(view_of(projection) for projection in find_projections())])


@lru_cache(maxsize=64)
def _with_built(log: Path, stamp: Stamp) -> tuple[View, ...]:
    if stamp == (NO_FILE,):
        return _bundled()
    return _by_name([*_bundled(), *(view_of(projection_of(it)) for it in built_views.load(log))])


@lru_cache(maxsize=64)
def _with_own(log: Path, stamp: Stamp) -> tuple[tuple[View, ...], dict[str, str]]:
    views = _with_built(log, stamp[:1])
    if stamp[1] == NO_FILE:
        return views, {}
    found = own_projections.find(log)
    return _by_name([*views, *map(view_of, found.projections)]), found.problems


def _stamp(log: Path) -> Stamp:
    """Of the built views, the registry of own files, and with one: of each file and the trust."""
    first = built_views.FILE.stamp(log), own_projections.FILE.stamp(log)
    if first[1] == NO_FILE:
        return first
    own = [Path(it.path) for it in own_projections.files_of(log)]
    return (*first, *map(stamp_of, (configuration_folder() / TRUSTED, *own)))


def _by_name(found: list[View]) -> tuple[View, ...]:
    if len({view.name for view in found}) < len(found):
        raise ValueError("two projections have the same name")
    return tuple(sorted(found, key=lambda view: view.name))
