"""The lookup table of a view goes where its rows go: rebuilt, put back, older code, dropped."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.leftovers import drop_now
from replay.catalog.rebuild import check, rebuild
from replay.catalog.reset import forget, reset
from replay.catalog.way_back import go_back
from replay.projection import Rows
from replay.projections import event_types
from replay.questions import known_view
from replay.views.read_store import discard, open_views
from replay.views.view import View, view_of
from store.events import RecordedEvent
from store.interface import EventReader
from store.opening import open_reader
from tests.contracts.projection import whole
from tests.replay.logs import append, catch_up, made_by, make_log, open_runner
from tests.replay.lookup_projection import NAMED

VIEW = view_of(NAMED)


@pytest.fixture
def own_log(tmp_path: Path) -> Iterator[EventReader]:
    with closing(open_reader(make_log(tmp_path / "a.foldline", 200))) as log:
        yield log


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The view is one of the program's."""
    made_known(monkeypatch, VIEW)


def made_known(monkeypatch: pytest.MonkeyPatch, view: View) -> None:
    for place in ("rebuild.views_named", "reset.all_views", "way_back.all_views"):
        monkeypatch.setattr(f"replay.catalog.{place}", lambda *_arguments: (view,))
    monkeypatch.setattr(known_view, "views_without_code", lambda _place: (view,))


def tables_of(log: EventReader) -> set[str]:
    with closing(open_views(log)) as store:
        found = store.db.execute("SELECT name FROM sqlite_schema WHERE name GLOB 'named*lookup'")
        return {name for (name,) in found}


@pytest.mark.usefixtures("known")
def test_a_value_that_is_not_what_the_log_says_is_found_by_the_proof(
    own_log: EventReader,
) -> None:
    made_by(VIEW, own_log)
    with closing(open_views(own_log)) as store:
        key, at = store.db.execute(
            "SELECT key, position FROM named__lookup ORDER BY key, position LIMIT 1"
        ).fetchone()
        store.db.execute(
            "UPDATE named__lookup SET value = '7' WHERE key = ? AND position = ?", [key, at]
        )

    (report,) = check(own_log, ["named"])

    assert report.comparison is not None
    (found,) = report.comparison.differences
    assert (found.table, found.key, found.position) == ("named__lookup", (key,), at)
    assert found.text.startswith(f"lookup table, value {key}, written at position {at}: value is 7")


@pytest.mark.usefixtures("known")
def test_a_rebuild_a_reset_and_the_way_back_take_it_along_and_the_view_goes_on(
    own_log: EventReader,
) -> None:
    undisturbed = whole(VIEW, own_log)

    rebuild(own_log, ["named"])
    assert tables_of(own_log) == {"named__lookup", "named__before__lookup"}
    assert whole(VIEW, own_log) == undisturbed
    reset(own_log, "named")
    go_back(own_log, "named")
    append(own_log.place.path, 50)
    went_on = whole(VIEW, own_log)
    go_back(own_log, "named")
    assert whole(VIEW, own_log) == went_on

    forget(own_log, "named")

    assert tables_of(own_log) == {"named__lookup"}
    discard(own_log)
    assert whole(VIEW, own_log) == went_on


def test_it_goes_with_a_view_that_nobody_defines_any_more(own_log: EventReader) -> None:
    made_by(VIEW, own_log)

    drop_now(own_log)

    with closing(open_views(own_log)) as store:
        left = store.db.execute("SELECT name FROM sqlite_schema WHERE name GLOB 'named*'")
        assert left.fetchall() == []


def without_one(rows: Rows[Any], event: RecordedEvent, _links: tuple[str, ...]) -> None:
    """The older code: it knows nothing of others."""
    rows.put(NAMED.row(event.stream, 1, "older code", {}))


def content(view: View, log: EventReader) -> str:
    """The tables as they stand, with nothing folded in."""
    with closing(open_views(log)) as store:
        rows = [
            store.db.execute(
                f'SELECT * FROM "named{it.suffix}" ORDER BY {", ".join(it.key)}'
            ).fetchall()
            for it in view.tables
        ]
    return repr(rows)


OLDER = view_of(replace(NAMED, version=0, keeps_lookup=False, apply=without_one))


@pytest.mark.parametrize(("first", "then"), [(OLDER, VIEW), (VIEW, OLDER)])
def test_a_view_serves_on_while_code_that_keeps_one_or_no_more_is_folded_beside_it(
    own_log: EventReader, monkeypatch: pytest.MonkeyPatch, first: View, then: View
) -> None:
    before = whole(first, own_log)

    store, runner = open_runner(own_log, (then,))
    rows = store.db.execute("SELECT count(*) FROM named").fetchone()[0]
    catch_up(runner)
    store.close()
    after = whole(then, own_log)
    made_known(monkeypatch, then)
    go_back(own_log, "named")
    append(own_log.place.path, 10)
    store, runner = open_runner(own_log, (then, view_of(event_types.PROJECTION)))
    catch_up(runner)
    come_to = {it.name: it.checkpoint for it in runner.checkpoints().values()}
    assert come_to == {"named": 200, "event_types": 210}  # nothing is folded into older code
    store.close()
    assert tables_of(own_log) == ({"named__before__lookup"} if then is VIEW else {"named__lookup"})

    assert rows > 0
    assert content(first, own_log) == before
    go_back(own_log, "named")
    assert content(then, own_log) == after
    forget(own_log, "named")
    assert tables_of(own_log) == ({"named__lookup"} if then is VIEW else set())


def test_a_lookup_table_that_somebody_dropped_is_made_again_with_its_view(
    own_log: EventReader,
) -> None:
    undisturbed = whole(VIEW, own_log)
    with closing(open_views(own_log)) as store:
        store.db.execute("DROP TABLE named__lookup")

    assert whole(VIEW, own_log) == undisturbed
