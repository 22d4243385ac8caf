"""Every view of a log: those of the projections in the folder, the timeline, and the built ones."""

import os
from functools import cache, lru_cache
from pathlib import Path

from replay.built_view import projection_of
from replay.built_views import built_file, load
from replay.projections import find_projections
from replay.timeline_view import TIMELINE
from replay.view import View, view_of


def all_views(log: Path | None = None) -> tuple[View, ...]:
    """What the projector keeps up to date, by name; with a log its built views too. The same
    object as long as nothing has changed. Raises ValueError when two share a name, WrongView.
    """
    if log is None:
        return _bundled()
    try:
        facts = os.stat(built_file(log))
    except FileNotFoundError:
        return _bundled()
    return _with_built(log, facts.st_mtime_ns, facts.st_size)


@cache
def _bundled() -> tuple[View, ...]:
    found = [TIMELINE, *(view_of(projection) for projection in find_projections())]
    return _by_name(found)


@lru_cache(maxsize=64)
def _with_built(log: Path, _changed_ns: int, _size: int) -> tuple[View, ...]:
    return _by_name([*_bundled(), *(view_of(projection_of(it)) for it in load(log))])


def _by_name(found: list[View]) -> tuple[View, ...]:
    if len({view.name for view in found}) < len(found):
        raise ValueError("two projections have the same name")
    return tuple(sorted(found, key=lambda view: view.name))
