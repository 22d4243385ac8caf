"""A branch against its log: making one, editing, reading through it, the state of a stream, views.

Reading is measured in slices over the whole log, of at most 100,000 events each: log and branch
take turns at each slice, now the one first and now the other. Both have read the slice before, so
that neither waits for the disk. The edits begin behind the first tenth, so all behind them has
moved.
"""

import random
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final, TypeAlias

from benchmarks.branch_log import EDITS, LONG, edit, edited, fill, short_stream
from benchmarks.branch_views import view_results
from benchmarks.measure import Result, Size, cpu_seconds, in_turns, median_ratio, seconds
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from store.branches.create import create_branch, drop_branch
from store.branches.editing import BranchEditor
from store.filter.parse import parse
from store.interface import EventReader
from store.opening import reading
from store.query import EventQuery

MADE: Final = 9  # branches made at each place
SLICES: Final = 20
LONGEST: Final = 100_000  # events of a slice
ASKED: Final = 200  # questions as of a moment, in each slice

Way: TypeAlias = Callable[[EventReader, int, int], object]  # positions after < it <= until


def run(size: Size) -> list[Result]:
    """At each size of the log: nothing of a branch depends on it."""
    few, many = size.of(100_000, quick=100_000, tiny=2_000), (1_000_000, 10_000_000)
    found: list[Result] = []
    for count in (few, *(many if size is Size.FULL else ())):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "orders.foldline")
            fill(path, count)
            found += measured(path, count, size)
            if count == few:
                found += view_results(path, count)
    return found


def measured(path: Path, count: int, size: Size = Size.FULL) -> list[Result]:
    """All figures of a log that was filled before. Its branches are thrown away again."""
    made, editing = _making(path, count), _editing(path, count)
    reads = _reading(path, count, size)
    return [*made, editing, *reads, *_states(path, count, size)]


def _making(path: Path, count: int) -> list[Result]:
    """Waiting for the disk included, so others who write to it count too."""
    found = []
    for where, fork in (("the beginning", 1), ("nine tenths", count * 9 // 10), ("the end", count)):
        spent, cpu = list[float](), list[float]()
        for n in range(MADE):
            cpu.append(
                cpu_seconds(
                    partial(_timed, partial(create_branch, path, f"b{n}", fork=fork), spent)
                )
            )
        for n in range(MADE):
            drop_branch(path, f"b{n}")
        found.append(
            Result(
                name=f"make a branch at {where} of {count:,} events",
                figure=median(spent) * 1_000,
                unit="ms",
                target=50,
                better="lower",
                detail=f"from {min(spent) * 1_000:.1f} ms, {median(cpu) * 1_000:.1f} ms of a core",
            )
        )
    return found


def _timed(work: Callable[[], object], spent: list[float]) -> None:
    spent.append(seconds(work))


def _editing(path: Path, count: int) -> Result:
    """One edit is one transaction of the branch's file: what it takes of a core, and what with
    waiting for the disk."""
    editor = BranchEditor(create_branch(path, "edit", fork=0))
    works = [partial(edit, editor, n, 1 + 20 * n, 10) for n in reversed(range(EDITS))]
    waited: list[float] = []
    spent = [cpu_seconds(partial(_timed, it, waited)) for it in works]
    drop_branch(path, "edit")
    return Result(
        name=f"one of {EDITS} edits, {count:,} events",
        figure=median(spent) * 1_000,
        unit="ms CPU",
        target=None,
        better="lower",
        detail=f"{median(waited) * 1_000:.1f} ms with the disk",
    )


def _reading(path: Path, count: int, size: Size) -> list[Result]:
    branch = edited(path, "read", first=count // 10 + 1)
    with reading(path) as log, reading(branch) as other:
        found = [_read(name, way, log, other, count, size) for name, way in WAYS]
    drop_branch(path, "read")
    return found


def _read(
    name: str, way: Way, log: EventReader, branch: EventReader, count: int, size: Size
) -> Result:
    pairs = [
        _turns(partial(way, branch, *it), partial(way, log, *it), is_log_first=n % 2 > 0)
        for n, it in enumerate(_slices(count, size))
    ]
    ratio, our_s, their_s = median_ratio(pairs)
    return Result(
        name=f"read a branch of {count:,}, {name}",
        figure=ratio,
        unit="× the log",
        target=0.8,
        better="higher",
        detail=f"{our_s * 1_000:,.1f} ms against {their_s * 1_000:,.1f} ms a slice, of a core",
    )


def _turns(
    ours: Callable[[], object], theirs: Callable[[], object], *, is_log_first: bool
) -> tuple[float, float]:
    ours()
    theirs()
    if is_log_first:
        their_s = cpu_seconds(theirs)
        return cpu_seconds(ours), their_s
    return cpu_seconds(ours), cpu_seconds(theirs)


def _slices(count: int, size: Size) -> list[tuple[int, int]]:
    """Where they begin and end, spread evenly over the log."""
    slices = size.of(SLICES, quick=SLICES, tiny=2)
    each = min(count // slices, LONGEST)
    return [(first, first + each) for first in range(0, count - each + 1, count // slices)]


def _pages(log: EventReader, after: int, until: int) -> int:
    return sum(len(log.page(at, min(at + 4_999, until))) for at in range(after + 1, until, 5_000))


def _events(log: EventReader, after: int, until: int) -> int:
    return sum(1 for _ in log.read(after=after, until=until))


def _texts(log: EventReader, after: int, until: int) -> int:
    found = (log.log_texts(at, min(at + 999, until)) for at in range(after + 1, until, 1_000))
    return sum(len(it.positions) for it in found if it is not None)


def _stream(log: EventReader, after: int, until: int) -> int:
    return sum(1 for _ in log.read_stream(LONG, after=after, until=until))


def _short_streams(log: EventReader, after: int, until: int) -> int:
    streams = {short_stream(at) for at in _some(after, until)}
    return sum(1 for name in sorted(streams) for _ in log.read_stream(name))


def _as_of(log: EventReader, after: int, until: int) -> int:
    """What stands at a moment: the time of a position and the position of a time, versions, the
    last events of a stream."""
    found = 0
    for at in _some(after, until):
        found += log.position_as_of(log.running_max_us(at))
        found += log.stream_version(short_stream(at), until=at)
        found += sum(1 for _ in log.read_stream(LONG, until=at, limit=10, reverse=True))
    return found


def _some(after: int, until: int) -> Sequence[int]:
    return random.Random(after).sample(range(after + 1, until + 1), min(ASKED, until - after))


def _filter(text: str) -> Way:
    """As the list does: the positions of a span, and the events of the first page of them."""
    query = EventQuery(where=parse(text))

    def found(log: EventReader, after: int, until: int) -> int:
        positions = list(log.positions(query, after=after, until=until))
        return len(positions) + len(log.at_positions(positions[:50]))

    return found


WAYS: Final[Sequence[tuple[str, Way]]] = (
    ("events in pages", _pages),
    ("events one by one", _events),
    ("payloads as text", _texts),
    ("a long stream", _stream),
    ("short streams", _short_streams),
    ("as of moments", _as_of),
    ("filter by type", _filter("type = Added")),
    ("filter by a field", _filter("field = 'value 3' and n > 7")),
    ("filter by text", _filter("anything contains 'value 5'")),
    ("filter by place", _filter("field = 'value 3' and version > 5")),
)


def _states(path: Path, count: int, size: Size) -> list[Result]:
    """Every edit is in the long stream itself."""
    branch = edited(path, "state", first=1, step=10)
    with reading(path) as log, reading(branch) as other:
        found = [
            _state(
                f"state of a stream of {count // 10:,} with {EDITS} edits", way, log, other, size
            )
            for way in (partial(_folded, (LONG,)),)
        ]
        short = [short_stream(at) for at in _some(count // 2, count)]
        found.append(
            _state(
                f"states of short streams of {count:,}", partial(_folded, short), log, other, size
            )
        )
    drop_branch(path, "state")
    return found


def _state(
    name: str,
    way: Callable[[EventReader], object],
    log: EventReader,
    branch: EventReader,
    size: Size,
) -> Result:
    ratio, our_s, their_s = in_turns(
        lambda: cpu_seconds(partial(way, branch)),
        lambda: cpu_seconds(partial(way, log)),
        rounds=size.rounds(),
    )
    return Result(
        name=name,
        figure=1 / ratio,
        unit="× the log",
        target=2,
        better="lower",
        detail=f"{our_s * 1_000:,.1f} ms against {their_s * 1_000:,.1f} ms, of a core",
    )


def _folded(streams: Sequence[str], log: EventReader) -> int:
    states, head = StreamStates(models=ModelSet(())), log.head()
    return sum(states.at(log, it, head).events for it in streams)
