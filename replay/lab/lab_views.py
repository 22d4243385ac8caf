"""Which views are fed in the delivery lab: all that have rows, those of a person's own files among
them. The code of these runs in a process that may be lost, held to a time."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from replay.catalog.all_views import views_without_code
from replay.command_name import complain
from replay.errors import UnknownView
from replay.own import own_projections
from replay.own.model_source import HELD
from replay.own.own_code import Watch, limit_s
from replay.own.own_projections import OwnFile, why_not_run
from replay.own.own_states import own_names
from replay.own.own_worker import projections_in
from replay.own.user_models import Trust, digest
from replay.projection import Projection, columns
from replay.words import said
from store.errors import StoreError
from store.place import Place

End = Callable[[str], None]


class NotInLab(StoreError):
    """A view that is there, and that the lab cannot feed."""

    hint = said("Leave out --view to list the views that are.")

    def __init__(self, name: str, *, why: str) -> None:
        super().__init__(f"{why}: {name!r}")
        self.name = name


def runs_own_code(place: Place, names: Sequence[str]) -> bool:
    """Whether a view of a person's own, whose file is trusted, is to be fed."""
    trust = Trust()
    return any(
        not why_not_run(it, trust) and (not names or set(names) & set(it.views))
        for it in own_projections.files_of(place)
    )


def chosen(place: Place, names: Sequence[str], end: End) -> list[Projection[Any]]:
    """The projections with these names, in that order; without names all that can be fed. `end`
    is told of own code that does not come back. Raises UnknownView, NotInLab, WrongView,
    ModelFailed."""
    safe = {it.name: it.projection for it in views_without_code(place)}
    own = _own(place, names, end)
    if not names:
        return [*(it for it in safe.values() if it is not None), *own.values()]
    return [_projection(place, name, safe, own) for name in names]


def _projection(
    place: Place,
    name: str,
    safe: dict[str, Projection[Any] | None],
    own: dict[str, Projection[Any]],
) -> Projection[Any]:
    if (found := safe.get(name) or own.get(name)) is not None:
        return found
    if name in safe:
        raise NotInLab(name, why=said("views without rows are not available in the lab"))
    for it in own_projections.files_of(place):
        if name in it.views:
            raise NotInLab(
                name, why=why_not_run(it, Trust()) or said("its file defines no such view")
            )
    if name in own_names(place):
        raise NotInLab(name, why=said("it is folded by your own models"))
    raise UnknownView(name)


def _own(place: Place, names: Sequence[str], end: End) -> dict[str, Projection[Any]]:
    """Only in a process that was started for it."""
    if HELD not in os.environ:
        return {}
    watch, found = Watch(end, limit_s=limit_s(), whose="projection"), dict[str, Projection[Any]]()
    for it in own_projections.files_of(place):
        if names and not set(names) & set(it.views):
            continue
        if why := why_not_run(it, Trust()):
            complain(said("left out: {views}: {why}", views=", ".join(it.views), why=why))
        else:
            found |= {one.name: one for one in _loaded(it, watch)}
    return found


def _loaded(it: OwnFile, watch: Watch) -> list[Projection[Any]]:
    path = Path(it.path)
    with watch.holding(said("the import of {name}", name=path.name)):
        found = projections_in(path, expected_digest=digest(path))
        for one in found:
            columns(one)  # raises where it can be no view
    return [replace(one, apply=watch.held("apply", one.apply)) for one in found]
