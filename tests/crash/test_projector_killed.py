"""Kill −9 of the projector at random moments: the views end as if nothing had happened."""

import os
import random
import signal
import sys
import threading
from pathlib import Path

import pytest

from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report
from replay.views.read_store import discard
from store.opening import open_reader
from tests.contracts.projection import whole
from tests.replay.logs import make_log, views_of_any_log

EVENTS = 3_000
PATIENCE_S = 60.0
# The real process, but with batches so small that there is a lot to be torn apart.
SMALL_BATCHES = """
import sys
from replay.projector import projector
from replay.views import runner
runner.FIRST_BATCH = runner.EVENTS_PER_BATCH = 60
projector.REPORT_S = 0.0
sys.exit(projector.main())
"""


class Killer:
    """Kills the process at some of its reports, which come in the middle of its work."""

    def __init__(self, seed: int, kills: int) -> None:
        self.killed_at: list[int] = []
        self.is_done = threading.Event()
        self.projector: Projector | None = None
        chance = random.Random(seed)
        self._moments = sorted(chance.sample(range(1, EVENTS - 60), kills))

    def __call__(self, report: Report) -> None:
        if report.checkpoint == EVENTS:
            self.is_done.set()
        elif self._moments and report.checkpoint >= self._moments[0]:
            self._moments.pop(0)
            assert self.projector is not None
            assert self.projector.pid is not None
            os.kill(self.projector.pid, signal.SIGKILL)
            self.killed_at.append(report.checkpoint)


@pytest.mark.parametrize("seed", range(3))
def test_views_of_a_killed_projector_equal_those_of_one_that_was_never_killed(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replay.projector.projector_process.FIRST_DELAY_S", 0.001)
    log = open_reader(make_log(tmp_path / "a.foldline", EVENTS))
    killer = Killer(seed, kills=4)
    killer.projector = Projector(
        log.place, on_report=killer, command=(sys.executable, "-P", "-c", SMALL_BATCHES)
    )

    killer.projector.start()
    assert killer.is_done.wait(PATIENCE_S)
    killer.projector.close()

    after_kills = [whole(view, log) for view in views_of_any_log()]
    discard(log)
    assert len(killer.killed_at) >= 3
    assert after_kills == [whole(view, log) for view in views_of_any_log()]
    log.close()
