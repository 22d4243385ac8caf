"""Every view of a log: the projections of the folder and of installed packages, the timeline, the
built ones, and those of a person's own files."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from replay.beside_log import stamp_of
from replay.own import own_models, own_projections, own_rules, own_states
from replay.own.own_projections import OwnProjections
from replay.own.user_models import TRUSTED, configuration_folder
from replay.projections import find_projections, latest_states
from replay.projections.latest_states import Folders
from replay.rules import kept_rules
from replay.rules.rules_tables import NAME
from replay.rules.rules_view import rules_view
from replay.states.model_set import bundled_models
from replay.taught import kept_taught
from replay.taught.teaching import teaching_of
from replay.timeline.timeline_view import TIMELINE
from replay.views import built_views
from replay.views.built_view import projection_of
from replay.views.causation_view import CAUSATION
from replay.views.search_view import SEARCH
from replay.views.view import View, view_of
from replay.words import said
from store.interface import EventReader
from store.place import Place

Stamp = tuple[tuple[int, int], ...]  # of the files that say what there is: when changed, bytes

NO_FILE: Final = (0, 0)
_NONE: Final = OwnProjections(views=(), problems={})


def all_views(place: Place | None = None) -> tuple[View, ...]:
    """What the projector keeps up to date, by name; with a log its built views and those of its
    own files too, each of which is run in a process to learn what it defines.

    Raises ValueError when two share a name, WrongView, WrongProjections.
    """
    if place is None:
        return bundled_views()
    safe, own = views_without_code(place), own_views(place)
    return _by_name([*safe, *own]) if own else safe


def own_views(place: Place) -> tuple[View, ...]:
    """The views of a person's own files, by name. A file is run to learn what it defines."""
    others = {it.name for it in views_without_code(place)}
    stamp = stamp_of_own(place)
    by_models = _by_own_models(place, stamp) if own_states.is_own(place) else ()
    found = (it for it in _own(place, stamp).views if it.name not in others)
    return (*found, *by_models)


def problems_of(place: Place) -> dict[str, str]:
    """View → why it stands still: its own file is not trusted, gone, or cannot be loaded."""
    return _own(place, stamp_of_own(place)).problems


def views_without_code(place: Place) -> tuple[View, ...]:
    """The views whose definitions are safe to have in this process: all but those of files. The
    same object as long as nothing has changed."""
    files = (built_views.FILE, kept_rules.FILE, kept_taught.FILE)
    stamp = tuple(it.stamp(place) for it in files)
    return _with_built(place, stamp, own_states.is_own(place))


def views_of(log: EventReader) -> tuple[View, ...]:
    """Those of `views_without_code` that this log has something for: all but the ones of
    categories of streams that are not in it, which can still be asked for by their names."""
    return present_ones(log, views_without_code(log.place))


def present_ones(log: EventReader, views: Sequence[View]) -> tuple[View, ...]:
    """Those of the views that the log has streams of all categories for."""
    absent = absent_categories(log, views)
    return tuple(it for it in views if not _lacks(it, absent))


def absent_categories(log: EventReader, views: Iterable[View]) -> frozenset[str]:
    """The categories that the views want and the log has no stream of."""
    wanted = frozenset[str]().union(*map(_categories, views))
    return frozenset(it for it in wanted if not log.has_category(it))


def every_name(place: Place) -> frozenset[str]:
    """The names of all views of a log; no file of a person is run to tell them."""
    safe = {it.name for it in views_without_code(place)}
    return frozenset(safe.union(own_states.own_names(place)))


def views_named(place: Place, names: Iterable[str]) -> tuple[View, ...]:
    """All views, when one of the names may be that of a person's own, or none is named; else
    those that can be had without running a file."""
    safe = views_without_code(place)
    wanted = set(names)
    return safe if wanted and wanted <= {it.name for it in safe} else all_views(place)


@cache
def bundled_views() -> tuple[View, ...]:
    """The views that the program and installed packages bring, by name. Found once."""
    return _by_name(
        [
            CAUSATION,
            TIMELINE,
            SEARCH,
            rules_view(),
            *(view_of(projection) for projection in find_projections()),
        ]
    )


@lru_cache(maxsize=64)
def _with_built(place: Place, stamp: Stamp, has_own_states: bool) -> tuple[View, ...]:
    bundled = bundled_views()
    if has_own_states:
        bundled = tuple(it for it in bundled if it.name not in {latest_states.NAME, NAME})
    if set(stamp) == {NO_FILE}:
        return bundled
    teaching = teaching_of(place)
    if (rules := kept_rules.load(place)) and not has_own_states:
        by_rules = rules_view(rules, teaching=teaching)
        bundled = (*(it for it in bundled if it.name != NAME), by_rules)
    if not (teaching.is_empty or has_own_states):
        folders = Folders(bundled_models(), teaching=teaching)
        states = view_of(latest_states.by(folders))
        bundled = (*(it for it in bundled if it.name != states.name), states)
    return _by_name([*bundled, *(view_of(projection_of(it)) for it in built_views.load(place))])


@lru_cache(maxsize=64)
def _own(place: Place, stamp: Stamp) -> OwnProjections:
    return _NONE if stamp == (NO_FILE,) else own_projections.find(place)


@lru_cache(maxsize=64)
def _by_own_models(place: Place, _stamp: Stamp) -> tuple[View, ...]:
    return own_states.states_view(place), own_rules.own_rules_view(place)


def stamp_of_own(place: Place) -> Stamp:
    """Changes when `own_views` may: that of the registry, and with one: of each file and the
    trust."""
    lists = (own_projections.FILE.stamp(place), own_models.FILE.stamp(place))
    if lists == (NO_FILE, NO_FILE) and not own_states.is_own(place):
        return (NO_FILE,)
    own = [Path(it.path) for it in own_projections.files_of(place)]
    models = own_models.of(place)
    own += [Path(models.path)] if models is not None else []
    decided = (kept_taught.FILE.stamp(place), kept_rules.FILE.stamp(place))
    return (*lists, *decided, *map(stamp_of, (configuration_folder() / TRUSTED, *own)))


def _categories(view: View) -> frozenset[str]:
    """All that it asks for."""
    return view.any_category if view.projection is None else view.projection.categories


def _lacks(view: View, absent: frozenset[str]) -> bool:
    """Whether a log has not what a view needs: one of some categories, or all."""
    if view.any_category:
        return view.any_category <= absent
    return not absent.isdisjoint(_categories(view))


def _by_name(found: list[View]) -> tuple[View, ...]:
    if len({view.name for view in found}) < len(found):
        raise ValueError(said("two projections have the same name"))
    return tuple(sorted(found, key=lambda view: view.name))
