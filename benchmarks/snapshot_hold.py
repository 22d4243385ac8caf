"""How long the GUI thread is held while all of a log's streams are saved from the window, and
another process appends a hundred events a second: none of its appends may fail."""

from benchmarks.hold import held
from benchmarks.measure import Result, Size


def run(size: Size) -> list[Result]:
    """One window; the job and the appends are processes of their own."""
    count = size.of(100_000, quick=10_000, tiny=200)
    longest, found = held("snapshot_hold_process", "snapshots", count=count, size=size)
    failed = Result(
        name="appends that failed meanwhile",
        figure=float(found["failed"]),
        unit="appends",
        target=0.0,
        better="lower",
        detail=f"{found['appended']:,} went through",
    )
    return [longest, failed]
