"""Rows of a real OpenSearch in panes: side by side with those here, killed, rebuilt, spoiled."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from replay.command_line import run
from replay.query_store.errors import NotAnswered
from replay.query_store.interface import RowReader, StoredView
from replay.query_store.opensearch.connection import Connection
from replay.query_store.parting import HereHistory, ThereHistory, first_parting
from replay.query_store.stored_rows import rows_at, shown_view
from replay.query_store.there_side import ThereSide
from replay.query_store.trace_there import trace_there
from replay.questions.pane_compare import HereSide, Pane
from replay.questions.pane_groups import group_sides
from replay.questions.row_trace import trace
from replay.views.read_store import reading_views
from replay.workers.query_process import QueryProcess, QueryReader
from resources.engines.opensearch import OpenSearchServer
from store.interface import EventReader
from store.opening import reading
from store.remote.address import address_of
from tests.replay.logs import append, make_log

EVENTS_MADE = 200
VIEWS = ["latest_states", "event_types"]


@pytest.fixture
def url(opensearch: OpenSearchServer) -> str:
    """Of an empty query store."""
    return f"{opensearch.address}/p{uuid4().hex[:8]}"


@pytest.fixture
def store(tmp_path: Path, url: str) -> Path:
    """A log whose rows are there."""
    store = make_log(tmp_path / "shop.foldline", EVENTS_MADE)
    assert run(["sink", str(store), *VIEWS, "--to", url]) == 0
    return store


@pytest.fixture
def log(store: Path) -> Iterator[EventReader]:
    with reading(store) as log:
        yield log


@pytest.fixture
def there(store: Path, url: str) -> Iterator[RowReader]:
    """Asked through a process, as the window does."""
    with closing(QueryProcess(address_of(url), patience_s=60)) as process:
        yield QueryReader(process)


def differing(log: EventReader, there: RowReader, view: str, at: int | None) -> int:
    """How many rows of a pane here and one there are not the same."""
    with reading_views(log) as db:
        here = HereSide(db, log, Pane(view=view, at=at))
        found = group_sides([here, ThereSide(there, log, view, at=at)])
        assert {it.as_of for it in found.pages} == {log.head() if at is None else at}
        return found.counts[0].differing


def test_panes_are_equal_at_every_moment_and_tell_the_same_of_a_row(
    log: EventReader, there: RowReader
) -> None:
    for view in VIEWS:
        assert [differing(log, there, view, at) for at in (None, 0, 17, 90, 199)] == [0] * 5
        with reading_views(log) as db:
            pane = Pane(view=view)
            here, far = HereHistory(db, log, pane), ThereHistory(there, log, view)
            assert first_parting(here, far) is None
            row, _ = next(here.rows(EVENTS_MADE))
            told = trace(db, log, view, row.key, until=150, limit=5)
            stored = shown_view(there, view)
            found = trace_there(there, stored, log, row.key, until=150, limit=5)
            assert [it.event for it in found.writes] == [it.event for it in told.writes]


def test_a_server_that_was_killed_is_told_and_answers_again_when_it_is_back(
    log: EventReader, there: RowReader, opensearch: OpenSearchServer
) -> None:
    assert differing(log, there, "event_types", None) == 0

    opensearch.kill()
    with pytest.raises(NotAnswered, match="cannot be reached"):
        there.views()
    opensearch.start()

    while True:  # it loads its indexes while it answers already: nothing is told of half of them
        with suppress(NotAnswered):
            assert differing(log, there, "event_types", None) == 0
            return


def test_a_rebuild_fills_another_index_and_disturbs_nobody_who_reads(
    store: Path, url: str, log: EventReader, there: RowReader
) -> None:
    before = shown_view(there, "event_types")
    rows = list(rows_at(there, before, EVENTS_MADE))
    append(store, 40)
    assert run(["rebuild", str(store), "event_types"]) == 0

    assert run(["sink", str(store), "event_types", "--to", url]) == 0

    after = shown_view(there, "event_types")
    assert (after.position, after.id != before.id) == (EVENTS_MADE + 40, True)
    assert list(rows_at(there, before, EVENTS_MADE)) == rows
    assert led_to(url, "event_types") == {index_of(url, after)}
    assert differing(log, there, "event_types", None) == 0


def test_a_document_of_somebody_else_is_told_as_spoiled(
    store: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Connection(address_of(url))) as raw:
        (index,) = led_to(url, "event_types-history")
        odd = {"id": "odd", "sort": "00", "write": 9, "until": 2**62, "is_deleted": False}
        raw.ask("PUT", f"/{index}/_doc/odd", odd, refresh="true")

    for words in (["view", url, "event_types"], ["certify", str(store), "--against", url]):
        assert run(words) == 1
        told = capsys.readouterr()
        assert "the document odd is spoiled there" in told.err


def led_to(url: str, name: str) -> set[str]:
    """The indexes behind an alias."""
    with closing(Connection(address_of(url))) as raw:
        return set(raw.ask("GET", f"/_alias/{raw.place.prefix}-{name}"))


def index_of(url: str, stored: StoredView) -> str:
    with closing(Connection(address_of(url))) as raw:
        return f"{raw.place.prefix}-{stored.id}"
