"""Kill −9 in the middle of a rebuild: the live view is as it was, and the next rebuild works."""

import subprocess
import sys
from pathlib import Path

import pytest

from replay.catch_up import catch_up
from replay.rebuild import rebuild
from replay.views import all_views
from store.connect import open_log
from store.reader import LogReader
from tests.contracts.projection import whole
from tests.replay.logs import make_log

EVENTS = 1_000
REBUILD = """
import os, signal, sys
from pathlib import Path
from replay import rebuild
from store.connect import open_log
from store.reader import LogReader
rebuild.EVENTS_PER_BATCH = 100
def die(progress):
    if progress.events == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
rebuild.rebuild(LogReader(open_log(Path(sys.argv[1]))), ["streams"], on_progress=die)
"""


@pytest.mark.parametrize("events", [100, 500, EVENTS])
def test_a_killed_rebuild_changes_nothing_and_goes_on(events: int, tmp_path: Path) -> None:
    log = LogReader(open_log(make_log(tmp_path / "a.foldline", EVENTS)))
    view = next(view for view in all_views() if view.name == "streams")
    catch_up(log, log.path)
    before = whole(view, log)

    killed = subprocess.run(
        [sys.executable, "-c", REBUILD, str(log.path), str(events)],
        cwd=Path(__file__).parents[2],
        check=False,
    )

    assert killed.returncode == -9
    assert whole(view, log) == before
    (report,) = rebuild(log, ["streams"])
    assert report.resumed_at == events
    assert report.is_switched
    assert not report.was_different
    assert whole(view, log) == before
    log.close()


SWITCH = """
import os, signal, sys
from pathlib import Path
from replay import rebuild, way_back
from store.connect import open_log
from store.reader import LogReader
points, wanted = [0], int(sys.argv[2])
def traced(statement):
    points[0] += 1
    if points[0] == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
opened = rebuild.open_views
def open_traced(log):
    store = opened(log)
    put = rebuild.put_in_place
    def watched(db, view, made):
        db.set_trace_callback(traced)
        put(db, view, made)
    rebuild.put_in_place = watched
    return store
rebuild.open_views = open_traced
rebuild.rebuild(LogReader(open_log(Path(sys.argv[1]))), ["streams"])
"""


@pytest.mark.parametrize("statement", [1, 3, 6, 9, 12, 14])
def test_a_switch_that_is_killed_at_any_statement_has_happened_or_not(
    statement: int, tmp_path: Path
) -> None:
    log = LogReader(open_log(make_log(tmp_path / "a.foldline", EVENTS)))
    view = next(view for view in all_views() if view.name == "streams")
    catch_up(log, log.path)
    before = whole(view, log)

    killed = subprocess.run(
        [sys.executable, "-c", SWITCH, str(log.path), str(statement)],
        cwd=Path(__file__).parents[2],
        check=False,
    )

    assert killed.returncode == -9
    assert whole(view, log) == before
    (report,) = rebuild(log, ["streams"])
    assert (report.is_switched, report.was_different) == (True, False)
    assert whole(view, log) == before
    log.close()
