"""How long the GUI thread is held while every view of a long log is rebuilt from the window."""

from benchmarks.hold import held
from benchmarks.measure import Result, Size


def run(size: Size) -> list[Result]:
    """One window; the job is a process of its own, as for a person."""
    count = size.of(1_000_000, quick=100_000, tiny=200)
    longest, _ = held("rebuild_hold_process", "rebuild", count=count, size=size)
    return [longest]
