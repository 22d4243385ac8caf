"""One view folded in parts, from the plan to the rows in their place, whoever folds the parts.

What is done stays in the folder of the parts: a run that was ended goes on where it was.
"""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from replay.catalog.all_views import every_name
from replay.errors import UnknownView
from replay.own import own_projections
from replay.parts.errors import FoldFailed, NotFoldedThere, PartsNotShared
from replay.parts.fold_part import fold_part
from replay.parts.joined import Joined
from replay.parts.origin import Shard
from replay.parts.part_files import HISTORY, file_of
from replay.parts.plan import Plan, done_parts, settled
from replay.parts.shipment import PartReport, Server, Shipment, partition_key, safe_views
from replay.parts.source import Source, Task, Wanted
from replay.parts.target import Accepted, Finished, Target
from replay.views.view import View
from replay.words import said
from store.place import Place


class Folds(Protocol):
    """Who folds the parts."""

    @property
    def cores(self) -> int:
        """How many parts are folded at once."""

    def __call__(
        self, shipment: Shipment, shards: Sequence[Shard], renew: Callable[[], None]
    ) -> Sequence[PartReport]:
        """Read the shards and fold every part that is not done. Parts without events may be left
        out. Raises Cancelled."""

    def each(self, tasks: Sequence[Task], renew: Callable[[], None]) -> None:
        """Let workers do what comes before. Raises Cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedThere:
    """What has become of a view."""

    view: str
    position: int  # every event up to it is in the rows
    seconds: float
    partitioned_by: str | None
    whole_because: str  # why it was folded in one part; empty where it was not
    parts: int
    parts_before: int  # that an earlier run had done
    row_count: int
    version_count: int
    told_new: int | None  # versions that a query store did not have; None: it is none
    into: str
    accepted: Accepted


def shippable_view(place: Place | None, name: str) -> View:
    """Raises UnknownView, NotFoldedThere."""
    view = next((it for it in safe_views(place) if it.name == name), None)
    if view is None:
        if place is not None and _is_own(place, name):
            raise NotFoldedThere(name, said("it is code of your own, which runs only here"))
        raise UnknownView(name)
    if view.projection is None:
        raise NotFoldedThere(name, said("its tables are no rows with a history"))
    return view


def fold_in_parts(source: Source, view: View, target: Target, folds: Folds) -> FoldedThere:
    """Raises FoldFailed, PartsNotShared, Cancelled, and what the source, the target and `folds`
    raise. What was there before is untouched then."""
    began_s = time.perf_counter()
    assert view.projection is not None
    by, whole_because = partition_key(view.projection)
    folder = target.folder_for(view)
    plan = settled(folder, source, view, by, folds.cores)
    done = done_parts(folder, plan)
    stored = target.begin(view, plan.mark)
    shipment = Shipment(
        view=view.name,
        definition=view.definition,
        log=_log_of(source, target),
        by=by,
        parts=plan.parts,
        done=frozenset(it.part for it in done),
        skipped=frozenset(plan.skipped),
        folder=str(folder),
        server=None if stored is None else Server(address=target.address(), stored=stored),
    )
    reports = [*done, *_folded(shipment, source, plan, folds, target)]
    _require_sound(view, reports)
    _require_shared(folder, plan.parts)
    joined = Joined(folder, range(plan.parts), view.columns)
    rows, versions = joined.row_count, joined.version_count
    accepted = target.accept(Finished(view=view, joined=joined, mark=plan.mark, reports=reports))
    shutil.rmtree(folder, ignore_errors=True)
    return FoldedThere(
        view=view.name,
        position=plan.position,
        seconds=time.perf_counter() - began_s,
        partitioned_by=by,
        whole_because=whole_because,
        parts=plan.parts,
        parts_before=len(done),
        row_count=rows,
        version_count=versions,
        told_new=None if stored is None else sum(it.told_new for it in reports),
        into=target.shown,
        accepted=accepted,
    )


def _folded(
    shipment: Shipment, source: Source, plan: Plan, folds: Folds, target: Target
) -> list[PartReport]:
    if len(shipment.done) == plan.parts:
        return []
    wanted = Wanted(
        until=plan.mark,
        least=2 * folds.cores,
        folder=Path(shipment.folder),
        each=lambda tasks: folds.each(tasks, target.renew),
    )
    origin = source.origin(wanted)
    found = list(folds(shipment, origin.shards, target.renew)) if origin.shards else []
    if not any(it.words for it in found):
        missing = {*range(plan.parts)} - shipment.done - {it.part for it in found}
        found += [fold_part(shipment, it, ()) for it in sorted(missing)]
    return found


def _log_of(source: Source, target: Target) -> str | None:
    """Of the log whose built views and taught states count."""
    place = source.place or target.place
    return None if place is None else str(place.path)


def _is_own(place: Place, name: str) -> bool:
    return name in every_name(place) or bool(own_projections.files_of(place))


def _require_sound(view: View, reports: Sequence[PartReport]) -> None:
    failed = [it for it in reports if it.words]
    if failed:
        first = min(failed, key=lambda it: it.position or 0)
        raise FoldFailed(view.name, first.words, first.position)


def _require_shared(folder: Path, parts: int) -> None:
    if not all(file_of(folder, HISTORY, it).exists() for it in range(parts)):
        raise PartsNotShared(folder)
