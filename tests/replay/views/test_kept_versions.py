"""A version of a view that is kept beside it is asked for any position, whatever its columns."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from replay.catalog.all_views import all_views
from replay.errors import NoPast, NotKept, ViewBehind
from replay.projections import find_projections, latest_states
from replay.questions import view_query
from replay.questions.first_divergence import first_divergence, unseen_versions
from replay.questions.pane_compare import Pane, compare
from replay.views.view import View, view_of
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import append, catch_up, make_log, open_runner

EVENTS = 600
VIEWS = {it.name: it for it in all_views() if it.columns}
HEARD = frozenset().union(*(it.listens or () for it in find_projections()))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventReader]:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS, heard=HEARD))
    yield log
    log.close()


def by_another_definition(view: View, **changes: Any) -> View:
    assert view.projection is not None
    return view_of(replace(view.projection, version=99, **changes))


@pytest.fixture
def kept(log: EventReader) -> Iterator[Any]:
    """The views file, once views were folded by an older definition and then by today's."""
    stores = []

    def keep(*older: View) -> Any:
        for views in (older, tuple(VIEWS[it.name] for it in older)):
            store, runner = open_runner(log, views)
            catch_up(runner)
            stores.append(store)
        return stores[-1].db

    yield keep
    for store in stores:
        store.close()


def whole(db: Any, log: EventReader, view: str, at: int) -> Iterator[Any]:
    """Every row that the history holds whole, asked one by one."""
    for it in view_query.page(db, log, view, limit=10_000).rows:
        try:
            yield it.key, view_query.row(db, log, view, it.key, at=at).rows
        except NotKept:
            yield it.key, None


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("at", [1, 299, EVENTS - 1, EVENTS])
def test_what_another_definition_made_says_at_any_position_what_it_said(
    log: EventReader, kept: Any, name: str, at: int
) -> None:
    db = kept(by_another_definition(VIEWS[name]))

    older = dict(whole(db, log, f"{name}__before", at))
    today = dict(whole(db, log, name, at))

    assert older.keys() == today.keys()
    assert all(older[it] in (None, today[it]) for it in older)
    too_long = sum(it is None for it in older.values())
    assert too_long == 0 or (name == "latest_states" and at < EVENTS)


@pytest.mark.parametrize("name", sorted(VIEWS.keys() - {"latest_states"}))
def test_views_with_json_are_compared_across_versions_at_a_position(
    log: EventReader, kept: Any, name: str
) -> None:
    db = kept(by_another_definition(VIEWS[name]))

    found = compare(db, log, Pane(view=f"{name}__before", at=333), Pane(view=name, at=333))

    assert (found.counts.differing, found.left.as_of, found.right.as_of) == (0, 333, 333)
    assert first_divergence(db, log, Pane(view=f"{name}__before"), Pane(view=name)) is None


def test_a_fault_in_a_json_column_is_found_between_two_versions_of_the_code(
    log: EventReader, kept: Any
) -> None:
    found = kept(VIEWS["latest_states"]).execute(
        "SELECT max(r._position), r.stream FROM latest_states r WHERE NOT EXISTS "
        "(SELECT 1 FROM latest_states_writes w WHERE w._row = r._row AND w.state IS NULL)"
    )
    planted, stream = found.fetchone()

    def faulty(rows: Any, event: Any, links: tuple[str, ...]) -> None:
        latest_states.apply(rows, event, links)
        if event.position == planted:
            rows.put(structs.replace(rows.get(stream), state={"wrong": 1}))

    db = kept(by_another_definition(VIEWS["latest_states"], apply=faulty))

    parted = first_divergence(
        db, log, Pane(view="latest_states__before"), Pane(view="latest_states")
    )

    assert parted is not None
    assert (parted.position, parted.key) == (planted, (stream,))
    assert parted.left_before == parted.right_before
    assert parted.left_after is not None
    assert parted.left_after.values[-1] == '{"wrong":1}'


def test_a_long_value_that_nobody_can_fold_any_more_is_told_with_its_row(
    log: EventReader, kept: Any
) -> None:
    db = kept(by_another_definition(VIEWS["latest_states"]))
    cut = db.execute(
        "SELECT max(w._position) FROM latest_states__before_writes w JOIN latest_states__before r "
        "ON r._row = w._row WHERE r.stream = 'big-1' AND w.state IS NULL "
        "AND w._position < r._position"
    ).fetchone()[0]

    with pytest.raises(NotKept, match=f"position {cut:,}.*'big-1'") as refused:
        view_query.row(db, log, "latest_states__before", ("big-1",), at=cut)

    assert "as it is now" in refused.value.hint
    (now,) = view_query.row(db, log, "latest_states__before", ("big-1",), at=EVENTS).rows
    assert now.values[-1].startswith("{")
    with pytest.raises(NotKept):
        compare(db, log, Pane(view="latest_states__before", at=cut), Pane(view="latest_states"))


def test_a_view_that_an_older_code_made_tells_its_past_as_far_as_it_was_kept(
    log: EventReader,
) -> None:
    """It serves until its successor has caught up; what it left out its own code alone can fold."""
    made_by = by_another_definition(VIEWS["latest_states"])
    store, runner = open_runner(log, (made_by,))
    catch_up(runner)
    beside, _ = open_runner(log, (VIEWS["latest_states"],))  # begins the successor
    db = beside.db
    cut = (
        "SELECT max(w._position) FROM latest_states_writes w JOIN latest_states r "
        "ON r._row = w._row WHERE w.state IS NULL AND w._position < r._position"
    )
    lacks = db.execute(cut).fetchone()[0]
    kept = (
        "SELECT _position, stream FROM latest_states_history WHERE state IS NOT NULL "
        "AND NOT _is_deleted ORDER BY _position LIMIT 1"
    )
    told, stream = db.execute(kept).fetchone()

    page = view_query.row(db, log, "latest_states", (stream,), at=told)

    assert page.outdated is not None
    assert (page.is_ready, page.has_past, len(page.rows)) == (True, True, 1)
    with pytest.raises(NotKept):
        view_query.page(db, log, "latest_states", at=lacks, limit=10_000)
    assert len(view_query.page(db, log, "latest_states").rows) > 10
    store.close()
    beside.close()


def test_how_many_versions_were_not_looked_into_is_told(log: EventReader, kept: Any) -> None:
    db = kept(by_another_definition(VIEWS["latest_states"]))
    panes = Pane(view="latest_states__before"), Pane(view="latest_states")

    left_out = db.execute(
        "SELECT count(*) FROM latest_states_writes WHERE state IS NULL AND NOT _is_deleted"
    ).fetchone()[0]
    first = db.execute(
        "SELECT min(_position) FROM latest_states_writes WHERE state IS NULL AND NOT _is_deleted"
    ).fetchone()[0]

    assert first_divergence(db, log, *panes) is None
    assert unseen_versions(db, log, *panes) == left_out > 0
    assert unseen_versions(db, log, *panes, before=first) == 0


def test_a_kept_version_is_now_where_it_stands_and_says_that_it_goes_no_further(
    log: EventReader, kept: Any
) -> None:
    db = kept(by_another_definition(VIEWS["draft_orders"]))
    append(log.place.path, 5)

    page = view_query.page(db, log, "draft_orders__before")
    with pytest.raises(ViewBehind, match=f"position {EVENTS} ") as behind:
        compare(
            db,
            log,
            Pane(view="draft_orders__before", at=EVENTS + 1),
            Pane(view="draft_orders__before"),
        )

    assert (page.as_of, page.behind) == (EVENTS, 0)
    assert f"--at {EVENTS}" in behind.value.hint


def test_what_was_put_aside_before_its_past_could_be_asked_says_so(
    log: EventReader, kept: Any
) -> None:
    db = kept(by_another_definition(VIEWS["streams"]))
    db.execute("UPDATE projections SET is_indexed = 0 WHERE name = 'streams__before'")
    panes = Pane(view="streams__before", at=100), Pane(view="streams", at=100)

    with pytest.raises(NoPast, match="not finished") as compared:
        compare(db, log, *panes)
    with pytest.raises(NoPast, match="not finished"):
        first_divergence(db, log, *panes)

    assert "--forget" in compared.value.hint
