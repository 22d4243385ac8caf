"""What is chosen in the snapshots dialog is what is made or deleted, however much it is."""

from pathlib import Path

import pytest

from gui.viewmodels.snapshot_work import SnapshotWorkViewModel
from gui.viewmodels.snapshots import SnapshotList, SnapshotsViewModel
from gui.work.jobs import Job, Jobs
from gui.work.snapshot_wishes import DeleteSnapshots, MakeSnapshots
from gui.work.tasks import Tasks
from replay.snapshots.snapshot_desk import SnapshotInfo
from store.place import Place

CHOSEN = 2_000  # as many as the dialog lists


class Noted(Jobs):
    """Jobs that are noted, and not begun."""

    def start(self, job: Job, *, is_aside: bool = False) -> Job:
        del is_aside  # all are noted
        self.running.append(job)
        return job


@pytest.fixture
def jobs() -> Noted:
    return Noted()


@pytest.fixture
def work(tasks: Tasks, jobs: Noted) -> SnapshotWorkViewModel:
    snapshots = SnapshotsViewModel(tasks)
    infos = tuple(map(saved, range(CHOSEN)))
    snapshots.found = SnapshotList(infos=infos, count=CHOSEN)
    return SnapshotWorkViewModel(jobs, Place(Path("unused.foldline")), snapshots)


def saved(n: int) -> SnapshotInfo:
    return SnapshotInfo(
        stream=f"order-{n}",
        model="generic",
        model_version=1,
        position=n + 1,
        version=1,
        skips=1,
        bytes=2,
        made_at_us=0,
        standing="usable",
    )


def test_every_chosen_stream_gets_its_snapshot(work: SnapshotWorkViewModel, jobs: Noted) -> None:
    work.make_of([f"order-{n}" for n in range(CHOSEN)])

    (wish,) = [it.wish for it in jobs.running]
    assert isinstance(wish, MakeSnapshots)
    assert len(wish.streams) == CHOSEN


def test_every_chosen_snapshot_is_deleted(work: SnapshotWorkViewModel, jobs: Noted) -> None:
    work.delete(range(CHOSEN))

    (wish,) = [it.wish for it in jobs.running]
    assert isinstance(wish, DeleteSnapshots)
    assert len(wish.chosen) == CHOSEN
