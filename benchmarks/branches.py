"""A branch against its log: making one, reading through it, and the state of a stream in it."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.measure import Result, Size, cpu_seconds, in_turns, seconds
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from store.branches.create import create_branch, drop_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

LONG = "order-long"  # a stream that every tenth event is of
EDITS = 100
MADE = 9  # branches made at each place


def run(size: Size) -> list[Result]:
    """Nothing of a branch depends on the size of the log but the figures of the log itself."""
    count = size.of(1_000_000, quick=100_000, tiny=2_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.foldline")
        fill(path, count)
        return [*_making(path, count), *_reading(path, count), _state(path, count)]


def fill(path: Path, count: int) -> None:
    """A log with many streams, and a long one among them."""
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        writer, events = Writer(db), (_event(n) for n in range(count))
        db.execute("BEGIN")
        while batch := list(islice(events, 1_000)):
            for stream, event in batch:
                writer.append_inside(stream, [event], expected=None)
        db.execute("COMMIT")


def _event(n: int) -> tuple[str, NewEvent]:
    stream = LONG if n % 10 == 0 else f"order-{n // 20}"
    return stream, NewEvent.of("Changed", {"n": n, "field": f"value {n % 7}"})


def _making(path: Path, count: int) -> list[Result]:
    """Waiting for the disk included."""
    found = []
    for where, fork in (("nine tenths", count * 9 // 10), ("the end", count)):
        spent = [seconds(partial(create_branch, path, f"b{n}", fork=fork)) for n in range(MADE)]
        for n in range(MADE):
            drop_branch(path, f"b{n}")
        found.append(
            Result(
                name=f"make a branch at {where} of {count:,} events",
                figure=median(spent) * 1_000,
                unit="ms",
                target=50,
                better="lower",
                detail=f"from {min(spent) * 1_000:.1f} to {max(spent) * 1_000:.1f} ms",
            )
        )
    return found


def _reading(path: Path, count: int) -> list[Result]:
    """Both with the edits in the first tenth, so that everything behind them has moved."""
    branch = _edited(path, "read", fork=count // 10, first=count // 10 + 1)
    ways: tuple[tuple[str, Callable[[EventReader], int]], ...] = (
        ("events in pages", _pages),
        ("events one by one", _events),
        ("payloads as text", _texts),
    )
    found = []
    with reading(path) as log, reading(branch) as edited:
        for name, way in ways:
            ratio, our_s, their_s = in_turns(
                lambda way=way: cpu_seconds(partial(way, edited)),  # type: ignore[misc]
                lambda way=way: cpu_seconds(partial(way, log)),  # type: ignore[misc]
                rounds=5,
            )
            found.append(
                Result(
                    name=f"read a branch, {name}",
                    figure=ratio,
                    unit="× the log",
                    target=0.8,
                    better="higher",
                    detail=f"{count / our_s:,.0f}/s against {count / their_s:,.0f}/s, of a core",
                )
            )
    return found


def _state(path: Path, count: int) -> Result:
    """Every edit is in the stream itself."""
    branch = _edited(path, "state", fork=0, first=1, step=10)
    with reading(path) as log, reading(branch) as edited:
        ratio, our_s, their_s = in_turns(
            lambda: cpu_seconds(partial(_folded, edited)),
            lambda: cpu_seconds(partial(_folded, log)),
            rounds=5,
        )
    return Result(
        name=f"state of a stream of {count // 10:,} with {EDITS} edits",
        figure=1 / ratio,
        unit="× the log",
        target=2,
        better="lower",
        detail=f"{our_s * 1_000:,.1f} ms against {their_s * 1_000:,.1f} ms, of a core",
    )


def _edited(path: Path, name: str, *, fork: int, first: int, step: int = 1) -> Path:
    """A branch with edits of all kinds from a position on."""
    branch = create_branch(path, name, fork=fork)
    editor = BranchEditor(branch)
    for n in range(EDITS):
        at = first + 2 * step * n
        if n % 4 == 0:
            editor.leave_out(at)
        elif n % 4 == 1:
            editor.replace(at, Content(data_json='{"n":1}'))
        elif n % 4 == 2:
            editor.insert(at, Content(stream=LONG, type="Changed", data_json='{"n":2}'))
        else:
            editor.swap(at, at + step)
    return branch


def _pages(log: EventReader) -> int:
    return sum(len(log.page(at, at + 4_999)) for at in range(1, log.head() + 1, 5_000))


def _events(log: EventReader) -> int:
    return sum(1 for _ in log.read())


def _texts(log: EventReader) -> int:
    found = (log.log_texts(at, at + 999) for at in range(1, log.head() + 1, 1_000))
    return sum(len(it.positions) for it in found if it is not None)


def _folded(log: EventReader) -> int:
    return StreamStates(models=ModelSet(())).at(log, LONG, log.head()).events
