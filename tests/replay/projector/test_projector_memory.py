"""What the projector process keeps in memory once a long fold is done."""

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from replay.projector.projector_process import Projector
from replay.projector.projector_report import Report
from store import json_text
from store.events import NewEvent
from store.place import Place
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

EVENTS = 25_000
PATIENCE_S = 120.0
LINES = json_text.encode([{"sku": f"a{n}", "count": 1} for n in range(20)])
KEPT_KIB = 60 * 1_024


def test_after_a_catch_up_it_gives_back_what_the_fold_took(tmp_path: Path) -> None:
    path = tmp_path / "a.foldline"
    started, done = threading.Event(), threading.Event()

    def hear(report: Report) -> None:
        started.set()
        if report.views and report.checkpoint == report.head == EVENTS:
            done.set()

    create_log(path)
    projector = Projector(Place(path), on_report=hear)
    projector.start()
    try:
        assert started.wait(PATIENCE_S)
        pid = projector.pid
        assert pid is not None
        before = resident_kib(pid)
        fill(path)
        assert done.wait(PATIENCE_S)
        most = resident_kib(pid)
        until(lambda: resident_kib(pid) < before + KEPT_KIB)
    finally:
        projector.close()

    assert most > before + KEPT_KIB, "the log is too small to show anything"


def fill(path: Path) -> None:
    """As many streams as events, so that each view has all of their rows at hand."""
    db = open_log(path, writable=True)
    writer = Writer(db)
    with writer.transaction():
        writer.record(
            (
                f"order-{n}",
                1,
                NewEvent(type="OrderPlaced", data_json=f'{{"n":{n},"lines":{LINES}}}'),
            )
            for n in range(EVENTS)
        )
    db.close()


def resident_kib(pid: int) -> int:
    """The memory that a process occupies."""
    words = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(words, check=True, capture_output=True, timeout=PATIENCE_S).stdout)


def until(is_so: Callable[[], bool]) -> None:
    """Returns once it is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
