"""The proof that a view is what the log says, whichever way it was come by.

Incremental = rebuilt = from snapshot: the stored rows have the digest of a fresh fold, and every
snapshot says what a fold from the first event says.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from replay.catalog.rebuild import Progress, RebuildReport, check
from replay.snapshots.snapshot_desk import Checked, SnapshotDesk
from replay.views.read_store import open_views
from replay.views.view_compare import Difference
from replay.words import said
from store.interface import EventReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewProof:
    """One view: the digest of its rows and their history as they are kept, and as a fresh fold
    gives them."""

    view: str
    position: int  # up to which both were compared
    incremental: str
    rebuilt: str
    first_difference: int | None  # of the earliest event whose write is not as the log says
    differences: tuple[Difference, ...]  # the first ones, by key and column
    what: str  # what differs, or why nothing could be proven; empty when all is well

    @property
    def holds(self) -> bool:
        """Whether both ways give the same rows and the same history."""
        return not self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was proven of a log's read side."""

    head: int
    views: tuple[ViewProof, ...]
    snapshots: int  # that were checked
    bad_snapshots: tuple[Checked, ...]

    @property
    def holds(self) -> bool:
        """Whether every claim is proven."""
        return all(it.holds for it in self.views) and not self.bad_snapshots


def certify(
    log: EventReader,
    names: Iterable[str] = (),
    *,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Certificate:
    """Fold the named views, or all, again beside the live ones, and every snapshot's stream.

    Raises UnknownView, Cancelled, StoreBusy, MissingUpcast.
    """
    reports = check(log, names, on_progress=on_progress, is_cancelled=is_cancelled)
    views = open_views(log)
    try:
        checked = list(
            SnapshotDesk(views.db, log).verify(
                on_progress=lambda done, total: on_progress(
                    Progress(
                        view="snapshots",
                        events=done,
                        total=total,
                        resumed_at=0,
                        view_count=1,
                        views_left=0,
                    )
                ),
                is_cancelled=is_cancelled,
            )
        )
    finally:
        views.close()
    return Certificate(
        head=log.head(),
        views=tuple(_proof(it) for it in reports),
        snapshots=len(checked),
        bad_snapshots=tuple(it for it in checked if it.difference),
    )


def _proof(report: RebuildReport) -> ViewProof:
    found = report.comparison
    return ViewProof(
        view=report.view,
        position=report.compared_at,
        incremental=found.digest_stored if found else "",
        rebuilt=found.digest_folded if found else report.digest,
        first_difference=found.first_position if found else None,
        differences=found.differences if found else (),
        what=_what(report),
    )


def _what(report: RebuildReport) -> str:
    if report.error:
        return report.error
    found = report.comparison
    if found is None:
        return said("there is no stored view of this definition to compare with")
    if found.is_equal:
        return ""
    first = min(found.differences, key=lambda it: it.position or 0)
    more = found.difference_count - 1
    return first.text + (said("; and {more:,} more", more=more) if more else "")
