"""When a condition came true in one long stream: by a scan against a loop written by hand, and by
bisection.

The loop reads the same rows, merges the payloads and looks at the field after each.
"""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.fold import SAME_ROWS, merge
from benchmarks.measure import Result, Size, in_turns, seconds
from replay.questions.moment_bisection import bisect_moment
from replay.states.stream_states import StreamStates
from store import json_text
from store.events import NewEvent
from store.filter.parse import parse_condition
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAM: Final = "account-1"
MOST_STATES: Final = 30


def run(size: Size) -> list[Result]:
    """A balance that grows; the condition comes true at the very last event."""
    count = size.of(1_000_000, quick=100_000, tiny=2_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, count)
        return [_scan(path, count, size.rounds()), _bisection(path, count)]


def _scan(path: Path, count: int, rounds: int) -> Result:
    results = []
    for name, least in (("balance", count), ("owner.visits", count)):
        if _ours(path, f"{name} >= {least}") != count or _by_hand(path, name, least) != count:
            raise AssertionError("the two sides find different events")
        ratio, our_s, hand_s = in_turns(
            partial(seconds, partial(_ours, path, f"{name} >= {least}")),
            partial(seconds, partial(_by_hand, path, name, least)),
            rounds=rounds,
        )
        results.append((ratio, f"{name}: {count / our_s:,.0f}/s against {count / hand_s:,.0f}/s"))
    return Result(
        name=f"find first by scan, {count:,} events",
        figure=min(it for it, _ in results),
        unit="× by hand",
        target=0.5,
        better="higher",
        detail="; ".join(it for _, it in results),
    )


def _bisection(path: Path, count: int) -> Result:
    with reading(path) as log:
        tree = parse_condition(f"balance >= {count}")
        found = bisect_moment(log, StreamStates(), STREAM, tree)
    assert found is not None, "it holds at the end"
    return Result(
        name=f"find first by bisection, {count:,} events",
        figure=found.looked_at,
        unit="states",
        target=MOST_STATES,
        better="lower",
        detail=f"position {found.moments[0].position:,}",
    )


def _ours(path: Path, condition: str) -> int:
    with reading(path) as log:
        found = StreamStates().moments(log, STREAM, condition, which="first")
    return found.moments[0].position


def _by_hand(path: Path, field: str, least: int) -> int:
    first, _, second = field.partition(".")
    db, count = open_log(path), 0
    state: Any = {}
    for _type, data in db.execute(SAME_ROWS, [STREAM]):
        count += 1
        state = merge(state, json_text.decode(data))
        value = state[first][second] if second else state[first]
        if value >= least:
            break
    db.close()
    return count


def _fill(path: Path, count: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    for start in range(1, count + 1, 5_000):
        batch = [_event(it) for it in range(start, min(start + 5_000, count + 1))]
        writer.append(STREAM, batch, expected=None)
    db.close()


def _event(number: int) -> NewEvent:
    data = {
        "balance": number,
        "owner": {"name": "ada", "visits": number},
        f"field{number % 40}": "x" * 20,
    }
    return NewEvent.of("Deposited", data)
