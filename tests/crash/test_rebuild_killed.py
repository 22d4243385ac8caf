"""Kill −9 in the middle of a rebuild: the live view is as it was, and the next rebuild works."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.catalog.rebuild import rebuild
from replay.projector.catch_up import catch_up
from replay.views.read_store import open_views_to_read
from store.opening import open_reader
from tests.contracts.projection import whole
from tests.replay.logs import make_log

EVENTS = 1_000
REBUILD = """
import os, signal, sys
from pathlib import Path
from store.opening import open_reader
from replay.catalog import rebuild
rebuild.EVENTS_PER_BATCH = 100
def die(progress):
    if progress.events == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
rebuild.rebuild(open_reader(Path(sys.argv[1])), ["streams"], on_progress=die)
"""


@pytest.mark.parametrize("events", [100, 400, 500, EVENTS])
def test_a_killed_rebuild_changes_nothing_and_goes_on(events: int, tmp_path: Path) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    view = next(view for view in all_views() if view.name == "streams")
    catch_up(log)
    before = whole(view, log)

    killed = subprocess.run(
        [sys.executable, "-c", REBUILD, log.place.text, str(events)],
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


INSIDE = """
import os, random, signal, sys
from pathlib import Path
from store.opening import open_reader
from replay.catalog import rebuild
rebuild.EVENTS_PER_BATCH = 100
store, chance = [], random.Random(int(sys.argv[2]))
opened = rebuild.open_views
rebuild.open_views = lambda log: store.append(opened(log)) or store[0]
left = [0]
def traced(statement):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
def die_soon(progress):
    if progress.events == progress.resumed_at + 400:
        left[0] = chance.randrange(2, 60)
        store[0].db.set_trace_callback(traced)
rebuild.rebuild(open_reader(Path(sys.argv[1])), ["streams"], on_progress=die_soon)
"""


@pytest.mark.parametrize("seed", range(5))
def test_killed_inside_a_batch_at_any_moment_it_goes_on_behind_the_batch_before(
    seed: int, tmp_path: Path
) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    view = next(view for view in all_views() if view.name == "streams")
    catch_up(log)
    before = whole(view, log)

    for _ in range(2):  # at 40 %, and at 80 % of what the first one left
        killed = subprocess.run(
            [sys.executable, "-c", INSIDE, log.place.text, str(seed)],
            cwd=Path(__file__).parents[2],
            check=False,
        )
        assert killed.returncode == -9
        assert whole(view, log) == before
    (report,) = rebuild(log, ["streams"])

    assert report.resumed_at in (800, 900)  # the batch under way was committed, or not at all
    assert report.comparison is not None
    assert report.comparison.digest_folded == report.comparison.digest_stored == report.digest
    assert (report.is_switched, report.was_different) == (True, False)
    assert whole(view, log) == before
    log.close()


BESIDE = """
import os, random, signal, sys
from dataclasses import replace
from pathlib import Path
from replay.views import runner
from replay.views.read_store import open_views
from store.opening import open_reader
from replay.catalog.all_views import all_views
runner.FIRST_BATCH = runner.EVENTS_PER_BATCH = 100
log = open_reader(Path(sys.argv[1]))
view = next(it for it in all_views() if it.name == "streams")
changed = replace(view, definition="changed")
store = open_views(log)
keeper = runner.Runner(store.db, log, (changed,))
left = [random.Random(int(sys.argv[2])).randrange(20, 900)]
def traced(statement):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
store.db.set_trace_callback(traced)
while keeper.advance():
    pass
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_successor_whose_projector_is_killed_goes_on_and_the_old_view_serves(
    seed: int, tmp_path: Path
) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    view = next(view for view in all_views() if view.name == "streams")
    before = whole(view, log)
    changed = replace(view, definition="changed")
    rows = "SELECT * FROM streams ORDER BY stream"

    codes: list[int] = []
    while not codes or codes[-1] == -9:
        killed = subprocess.run(
            [sys.executable, "-c", BESIDE, log.place.text, str(seed + len(codes))],
            cwd=Path(__file__).parents[2],
            check=False,
        )
        codes.append(killed.returncode)
        db = open_views_to_read(log)
        assert db is not None
        assert len(db.execute(rows).fetchall()) > 10
        db.close()

    assert codes[-1] == 0
    assert -9 in codes
    assert whole(changed, log) == before
    log.close()


SWITCH = """
import os, signal, sys
from pathlib import Path
from store.opening import open_reader
from replay.catalog import rebuild
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
rebuild.rebuild(open_reader(Path(sys.argv[1])), ["streams"])
"""


@pytest.mark.parametrize("statement", [1, 3, 6, 9, 12, 14])
def test_a_switch_that_is_killed_at_any_statement_has_happened_or_not(
    statement: int, tmp_path: Path
) -> None:
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    view = next(view for view in all_views() if view.name == "streams")
    catch_up(log)
    before = whole(view, log)

    killed = subprocess.run(
        [sys.executable, "-c", SWITCH, log.place.text, str(statement)],
        cwd=Path(__file__).parents[2],
        check=False,
    )

    assert killed.returncode == -9
    assert whole(view, log) == before
    (report,) = rebuild(log, ["streams"])
    assert (report.is_switched, report.was_different) == (True, False)
    assert whole(view, log) == before
    log.close()
