"""Views: the projector, and a rebuild. They catch up and say what a fresh fold says."""

import os
from contextlib import closing
from pathlib import Path
from typing import Final

from replay.projector import projector
from replay.projector.projector_report import from_line
from replay.snapshots import snapshot_policy
from replay.views import read_store, runner
from store.opening import open_reader
from store.place import Place
from tests.crash.campaign.kind import Kind
from tests.crash.campaign.sound import nothing_left, views_agree, whole
from tests.crash.campaign.victim import run_verb
from tests.replay.logs import make_log

LOG: Final = "a.foldline"
OWN: Final = {
    *(LOG, "a.foldline-views"),
    *("a.foldline-snapshots.json", "a.foldline-definitions.jsonl"),
}
EVENTS: Final = 250
BATCH: Final = 60  # small, so that there is a lot to be torn apart
NEXT: Final = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '*__next*'"


def prepare(folder: Path) -> None:
    """A log that no view was made of, and states that are to be saved."""
    make_log(folder / LOG, EVENTS)
    snapshot_policy.save(Place(folder / LOG), "generic", 20)


def prepare_built(folder: Path) -> None:
    """One whose views stand."""
    prepare(folder)
    views_agree(folder / LOG)


def keep(folder: Path, _time: int) -> int:
    """The projector, until it has nothing more to do."""
    small = {(runner, "FIRST_BATCH"): BATCH, (runner, "EVENTS_PER_BATCH"): BATCH}
    for (module, name), value in {**small, (projector, "REPORT_S"): 0.0}.items():
        setattr(module, name, value)
    ours, theirs = os.pipe()
    commands = projector.Commands(os.fdopen(ours, encoding="utf-8"))

    def hear(line: bytes) -> None:
        report = from_line(line)
        if report is None or report.phase == "watching":
            return
        if report.phase == "blocked":  # it would try again for as long as there is no room
            print("blocked", flush=True)
        elif not report.views or any(it.lag for it in report.views.values()):
            return
        os.write(theirs, b"stop\n")

    return projector.run(Place(folder / LOG), commands, projector.Reporter(hear))


def rebuild(folder: Path, _time: int) -> int:
    """Every view, folded beside what stands, which it takes the place of."""
    return run_verb("rebuild", folder / LOG)


def holds(folder: Path, _time: int, _said: str, _has_ended: bool) -> None:
    """The log is what it was; what the views say is true, and they can be brought up."""
    assert len(whole(folder / LOG)) == EVENTS
    views_agree(folder / LOG)


def holds_log(folder: Path, _time: int, _said: str, _has_ended: bool) -> None:
    """The log alone: the views are left as the kill has left them, for the next one."""
    assert len(whole(folder / LOG)) == EVENTS


def ends(folder: Path) -> None:
    """Nothing lies beside, also not a version that was half made."""
    views_agree(folder / LOG)
    with closing(open_reader(folder / LOG)) as log, closing(read_store.open_views(log)) as views:
        assert views.db.execute(NEXT).fetchall() == []
    nothing_left(folder, but=OWN)


PROJECT: Final = Kind(name="project", prepare=prepare, work=keep, holds=holds_log, ends=ends)
REBUILD: Final = Kind(name="rebuild", prepare=prepare_built, work=rebuild, holds=holds, ends=ends)
