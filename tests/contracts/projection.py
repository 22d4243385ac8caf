"""What every view must do, of a log and of a branch. Subclass it and supply `view`."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.catalog.rebuild import rebuild
from replay.views.read_store import discard, open_views
from replay.views.runner import Runner
from replay.views.view import View
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.interface import EventReader
from store.opening import open_reader, reading
from tests.replay.logs import append, catch_up, made_by, make_log, open_runner

EVENTS = 700
FORK = 400


class ProjectionContract:
    @pytest.fixture
    def view(self) -> View:
        raise NotImplementedError

    @pytest.fixture(params=["log", "branch"])
    def log(
        self, request: pytest.FixtureRequest, tmp_path: Path, view: View
    ) -> Iterator[EventReader]:
        heard = (view.projection and view.projection.listens) or frozenset()
        is_branch = request.param == "branch"
        path = make_log(tmp_path / "a.foldline", EVENTS - 9 * is_branch, heard=heard)
        log = open_reader(branch_of(path, view) if is_branch else path)
        yield log
        log.close()

    def test_it_ends_at_the_head_with_its_rows_counted(self, view: View, log: EventReader) -> None:
        store, runner = open_runner(log, (view,))

        catch_up(runner)

        known = runner.checkpoints()[view.name]
        rows = store.db.execute(f'SELECT count(*) FROM "{view.name}"').fetchone()[0]
        assert (known.checkpoint, known.row_count) == (EVENTS, rows)
        assert rows > 0
        assert known.write_count > 0
        store.close()

    def test_a_rebuild_makes_what_stands_live(
        self, view: View, log: EventReader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("replay.catalog.rebuild.views_named", lambda _log, _names: (view,))
        live = whole(view, log)

        (report,) = rebuild(log, [view.name])

        assert report.comparison is not None
        assert report.comparison.is_equal
        assert report.row_count > 0
        assert report.is_switched
        assert whole(view, log) == live

    def test_after_a_crash_at_any_moment_every_event_counts_once(
        self, view: View, log: EventReader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("replay.views.runner.FIRST_BATCH", 100)
        monkeypatch.setattr("replay.views.runner.EVENTS_PER_BATCH", 100)
        statements: list[str] = []
        undisturbed = whole(view, log, watch=statements.append)
        discard(log)
        chance = random.Random(view.name)

        exits = []
        for _ in range(3):
            moment = chance.randrange(1, len(statements) // 3)
            exits.append(exit_of_one_killed_at(moment, view, log.place.path))

        assert exits[0] == -signal.SIGKILL
        assert whole(view, log) == undisturbed

    def test_replayed_ten_times_it_is_the_same_ten_times(
        self, view: View, log: EventReader
    ) -> None:
        contents = set()
        for _ in range(10):
            contents.add(whole(view, log))
            discard(log)

        assert len(contents) == 1

    def test_after_a_stop_in_the_middle_it_is_as_if_there_had_been_none(
        self, view: View, log: EventReader
    ) -> None:
        undisturbed = whole(view, log)
        discard(log)

        for until in (1, 255, 256, 257, 300, EVENTS):
            store, runner = open_runner(log, (view,))
            first = runner.checkpoints()[view.name].checkpoint + 1
            runner.deliver(log.page(first, until), log.links_between(first, until))
            store.close()

        assert whole(view, log) == undisturbed

    def test_a_batch_that_was_rolled_back_leaves_no_trace(
        self, view: View, log: EventReader
    ) -> None:
        undisturbed = whole(view, log)
        discard(log)
        store, runner = open_runner(log, (view,))
        runner.deliver(log.page(1, 300), log.links_between(1, 300))
        store.db.execute(
            "CREATE TEMP TRIGGER full BEFORE UPDATE ON main.projections BEGIN "
            "SELECT RAISE(ABORT, 'the disk is full'); END"
        )

        with pytest.raises(Exception, match="the disk is full"):
            runner.deliver(log.page(301, 500), log.links_between(301, 500))
        store.db.execute("DROP TRIGGER full")
        catch_up(runner)
        store.close()

        assert whole(view, log) == undisturbed

    @settings(max_examples=15)
    @given(
        runs=st.lists(
            st.tuples(st.integers(0, 200), st.integers(1, 400), st.integers(1, 5)), max_size=6
        )
    )
    def test_events_delivered_one_to_five_times_count_once(
        self, view: View, log: EventReader, runs: list[tuple[int, int, int]]
    ) -> None:
        discard(log)
        store, runner = open_runner(log, (view,))
        reached = runner.checkpoints()[view.name].checkpoint
        for overlap, length, times in runs:
            first, last = max(1, reached + 1 - overlap), min(EVENTS, reached + length)
            for _ in range(times):
                runner.deliver(log.page(first, last), log.links_between(first, last))
            reached = last
        assert runner.checkpoints()[view.name].checkpoint == reached
        store.close()
        delivered_often = whole(view, log)
        discard(log)

        assert whole(view, log) == delivered_often

    def test_what_comes_later_is_added_to_it(self, view: View, log: EventReader) -> None:
        whole(view, log)
        append(log.place.path, 50)
        in_two_parts = whole(view, log)
        discard(log)

        assert whole(view, log) == in_two_parts


def branch_of(path: Path, view: View) -> Path:
    """A branch with so many events whose view begins as that of the log, with edits behind that
    and events of its own."""
    with reading(path) as log:
        made_by(view, log)
    branch = create_branch(path, "edited", fork=FORK)
    editor = BranchEditor(branch)
    editor.swap(FORK + 50, FORK + 51)
    editor.leave_out(FORK + 60)
    append(branch, 10)
    return branch


def exit_of_one_killed_at(moment: int, view: View, path: Path) -> int:
    """Folds the view in a process that is killed at so many statements of SQL, in the middle of
    whatever batch that is; 0 when it was done before."""
    process = os.fork()
    if process == 0:
        try:
            log = open_reader(path)
            store, runner = open_runner(log, (view,))
            store.db.set_trace_callback(Death(moment))
            catch_up(runner)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


class Death:
    """Kills this process when it is called the so-manyth time."""

    def __init__(self, moment: int) -> None:
        self._left = moment

    def __call__(self, _sql: str) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def whole(view: View, log: EventReader, *, watch: Callable[[str], object] | None = None) -> str:
    """Everything in the tables of the view, after it has caught up."""
    store = open_views(log)
    runner = Runner(store.db, log, (view,))
    store.db.set_trace_callback(watch)
    catch_up(runner)
    store.db.set_trace_callback(None)
    rows = [
        store.db.execute(
            f'SELECT * FROM "{view.name}{table.suffix}" ORDER BY {", ".join(table.key)}'
        ).fetchall()
        for table in view.tables
    ]
    store.close()
    return repr(rows)
