"""Kill −9 while snapshots are saved: what there is stands, the rest is made again, states agree."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from replay.catalog.all_views import all_views
from replay.snapshots import snapshot_policy
from replay.snapshots.snapshot_desk import SnapshotDesk
from replay.snapshots.snapshot_keeper import SnapshotKeeper
from replay.snapshots.snapshots import folded
from replay.states.stream_states import StreamStates
from replay.views.read_store import open_views
from store.events import NewEvent
from store.opening import open_reader
from store.sqlite.store import open_store
from tests.replay.logs import catch_up, open_runner

ACCOUNT, MODEL = "account-7", "bank account"
DEPOSITS = 999
SAVE = """
import os, signal, sys
from pathlib import Path
from replay.snapshots import snapshot_keeper
from replay.views.read_store import open_views
from store.opening import open_reader
snapshot_keeper.POSITIONS = 150
log = open_reader(Path(sys.argv[1]))
views = open_views(log)
left = int(sys.argv[2])
def traced(statement):
    global left
    left -= "snapshots" in statement
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
views.db.set_trace_callback(traced)
keeper = snapshot_keeper.SnapshotKeeper(views.db, log)
while keeper.advance():
    pass
"""


@pytest.mark.parametrize("statement", [2, 9, 23, 40])
def test_a_killed_saver_goes_on_where_it_was(statement: int, tmp_path: Path) -> None:
    store = open_store(tmp_path / "bank.foldline", create=True)
    data = {"accountId": "7", "amount": 1, "reference": "x"}
    created = NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})
    deposits = [NewEvent.of("DepositPerformed", data) for _ in range(DEPOSITS)]
    store.append(ACCOUNT, [created, *deposits], expected=0)
    snapshot_policy.save(store.place, MODEL, 20)
    path, head = store.place.path, store.head()
    views, runner = open_runner(store.reader(), all_views())
    catch_up(runner)
    views.close()
    store.close()

    killed = subprocess.run(
        [sys.executable, "-c", SAVE, str(path), str(statement)],
        cwd=Path(__file__).parents[2],
        check=False,
    )

    assert killed.returncode == -9
    log = open_reader(path)
    again = open_views(log)
    desk = SnapshotDesk(again.db, log)
    left = [it.version for it in desk.all() if it.model == MODEL]
    assert left == list(range(20, 20 * len(left) + 1, 20))
    assert not [it for it in desk.verify() if it.difference]
    keeper = SnapshotKeeper(again.db, log)
    while keeper.advance():
        continue
    made = [it.version for it in desk.all() if it.model == MODEL]
    assert len(left) < len(made)
    assert made == list(range(20, 1_001, 20))
    found = StreamStates(snapshot_before=partial(folded, again.db)).at(log, ACCOUNT, head)
    assert found.state == StreamStates().at(log, ACCOUNT, head).state
    again.close()
    log.close()
