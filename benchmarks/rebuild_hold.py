"""How long the GUI thread is held while every view of a long log is rebuilt from the window."""

from benchmarks.hold import held
from benchmarks.measure import Result


def run(*, quick: bool) -> list[Result]:
    """One window; the job is a process of its own, as for a person."""
    longest, _ = held("rebuild_hold_process", "rebuild", count=100_000 if quick else 1_000_000)
    return [longest]
