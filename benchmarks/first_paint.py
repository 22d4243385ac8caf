"""From the start of the process to the first useful paint of a small store: the conference sample.

What `main.py STORE` does, on the offscreen platform, with the code compiled and the views ready,
as from the second start on. Useful means: the lanes are counted, the events in sight stand in the
table, and the inspector shows the event and the state of where the cursor is. What is in no sight
may follow. The figure is by the wall clock; CPU time of all threads is told beside it, since it
says the same on a busy machine.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Result, Size
from benchmarks.own_process import told_by
from replay.projector.catch_up import catch_up
from resources.samples.catalog import SAMPLES
from store.opening import open_reader
from store.transfer.ingest import ingest

PAINT_MS: Final = 1_000.0
SAMPLE: Final = "conference"


def run(size: Size) -> list[Result]:
    """One start that compiles what is not compiled yet, then those that count."""
    with tempfile.TemporaryDirectory() as folder:
        store = _sample(Path(folder))
        runs = [_start(Path(folder), store) for _ in range(size.rounds() + 1)][1:]
    took = [float(it["paint_ms"]) for it in runs]
    cpu = statistics.median(float(it["cpu_ms"]) for it in runs)
    return [
        Result(
            name="first useful paint of a small store",
            figure=statistics.median(took),
            unit="ms",
            target=PAINT_MS,
            better="lower",
            detail=f"{min(took):.0f} to {max(took):.0f} ms in {len(took)} starts; {cpu:.0f} ms CPU",
        )
    ]


def _sample(folder: Path) -> Path:
    store = folder / f"{SAMPLE}.foldline"
    ingest(next(it.path for it in SAMPLES if it.name == SAMPLE), into=store)
    log = open_reader(store)
    catch_up(log)
    log.close()
    return store


def _start(folder: Path, store: Path) -> dict[str, Any]:
    environment = {
        "PYTHONDONTWRITEBYTECODE": "",  # a person's start finds the code compiled
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "XDG_CONFIG_HOME": str(folder / "settings"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    return told_by("first_paint_process", store, time.time(), environment=environment)
