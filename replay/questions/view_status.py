"""How the views of a log stand: how far each has come, what it lacks, and what it takes."""

import sqlite3
from typing import Final

from replay.catalog.views_to_read import views_to_read
from replay.questions.view_answers import ViewStatus
from replay.timeline.timeline_view import TIMELINE
from replay.views import checkpoints
from replay.views.checkpoints import Checkpoint, ProjectionError
from replay.views.outdated import Outdated, outdated_views
from replay.views.recorded_view import as_made, kept_versions
from replay.views.search_view import SEARCH
from replay.views.view import View
from store.interface import EventReader

SIZE: Final = """
SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN (
    SELECT name FROM sqlite_schema
    WHERE tbl_name IN (?1, ?1 || '_writes', ?1 || '_deleted', ?1 || '__lookup') OR tbl_name GLOB ?2)
"""


def list_views(db: sqlite3.Connection | None, log: EventReader) -> tuple[ViewStatus, ...]:
    """Every view that this program knows, by name, each with what is kept beside it."""
    head, found = log.head(), {} if db is None else checkpoints.read_all(db)
    failed = {} if db is None else checkpoints.errors(db)
    views = views_to_read(log, found)
    kept = () if db is None else kept_versions(db, views)
    stand = {} if db is None else outdated_views(db, found, views)
    return tuple(
        _status(log, it, found.get(it.name), failed.get(it.name), head, stand.get(it.name))
        for it in sorted((*views, *kept), key=lambda it: it.name)
    )


def size_of(db: sqlite3.Connection, view: str) -> int | None:
    """The bytes of the view's tables and indexes. None where SQLite cannot tell.

    Reads every page of the view: not for a GUI thread.
    """
    try:
        more = f"{view}_[^_]*" if view in (TIMELINE.name, SEARCH.name) else ""
        return int(db.execute(SIZE, [view, more]).fetchone()[0])
    except sqlite3.OperationalError:
        return None


def _status(
    log: EventReader,
    view: View,
    found: Checkpoint | None,
    failed: ProjectionError | None,
    head: int,
    outdated: Outdated | None,
) -> ViewStatus:
    is_shown = found is not None and (bool(view.columns) or outdated is None)
    made = found if is_shown or not view.of.is_live else None
    checkpoint = made.checkpoint if made else 0
    return ViewStatus(
        name=view.name,
        title=view.title,
        columns=as_made(view, made).columns if made and view.columns else view.columns,
        checkpoint=checkpoint,
        lag=head - checkpoint,
        row_count=made.row_count if made else 0,
        write_count=made.write_count if made else 0,
        is_indexed=bool(made and made.is_indexed),
        error=failed.message if failed else None,
        error_position=failed.position if failed else None,
        outdated=outdated if made else None,
        stale_since_us=log.arrived_at_us(checkpoint + 1) if checkpoint < head else None,
    )
