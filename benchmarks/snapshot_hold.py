"""How long the GUI thread is held while all of a log's streams are saved from the window, and
another process appends a hundred events a second: none of its appends may fail."""

from benchmarks.hold import held
from benchmarks.measure import Result


def run(*, quick: bool) -> list[Result]:
    """One window; the job and the appends are processes of their own."""
    longest, found = held("snapshot_hold_process", "snapshots", count=10_000 if quick else 100_000)
    failed = Result(
        name="appends that failed meanwhile", figure=float(found["failed"]), unit="appends",
        target=0.0, better="lower", detail=f"{found['appended']:,} went through",
    )  # fmt: skip
    return [longest, failed]
