"""Which views can be in the delivery lab: those whose definitions are safe to run here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from replay.errors import UnknownView
from replay.own import own_projections
from replay.projection import Projection
from replay.views.all_views import views_without_code
from store.errors import StoreError


class NotInLab(StoreError):
    """A view that is there, and that the lab cannot feed."""

    hint = "Leave --view away to see which views are."

    def __init__(self, name: str, *, why: str) -> None:
        super().__init__(f"{why} are not in the lab: {name!r}")
        self.name = name


def chosen(log: Path, names: Sequence[str]) -> list[Projection[Any]]:
    """The projections with these names, in that order; without names all that can be fed, built
    views among them. Raises UnknownView, NotInLab, WrongView."""
    views = {it.name: it.projection for it in views_without_code(log)}
    if not names:
        return [it for it in views.values() if it is not None]
    return [_projection(log, name, views) for name in names]


def _projection(log: Path, name: str, views: dict[str, Projection[Any] | None]) -> Projection[Any]:
    if (found := views.get(name)) is not None:
        return found
    if name in views:
        raise NotInLab(name, why="views without rows of their own")
    if name in own_projections.names_of(log):
        raise NotInLab(name, why="views of your own files")
    raise UnknownView(name)
