"""Running a log to a breakpoint, against a loop by hand that looks at the same rows.

The breakpoint holds of the very last event alone, so everything is looked through: of an event by
its payload, and of the states of every stream of a category.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks.fold import merge
from benchmarks.measure import Result, Size, in_turns, seconds
from replay.questions.breakpoint import Breakpoint, CategoryBreakpoint, EventBreakpoint
from replay.questions.log_order import Recorded
from replay.questions.next_hit import next_hit
from replay.states.stream_states import StreamStates
from store import json_text
from store.events import NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAMS: Final = 1_000
BATCH: Final = 5_000
ROWS: Final = """
SELECT e.position, s.name, e.data FROM events e JOIN streams s ON s.id = e.stream_id
ORDER BY e.position
"""


def run(size: Size) -> list[Result]:
    """Over a log of many streams."""
    count = size.of(1_000_000, quick=100_000, tiny=2_000)
    event = EventBreakpoint(where=f"balance >= {count}")
    state = CategoryBreakpoint(where=f"balance >= {count}", category="account")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, count)
        return [
            _result("on a field of an event", path, event, _event_by_hand, count, size),
            _result("on states of a category", path, state, _state_by_hand, count, size),
        ]


def _result(
    name: str,
    path: Path,
    breakpoint: Breakpoint,
    by_hand: Callable[[Path, int], int],
    count: int,
    size: Size,
) -> Result:
    if not _ours(path, breakpoint) == by_hand(path, count) == count:
        raise AssertionError("the two sides stop at different events")
    ratio, our_s, hand_s = in_turns(
        partial(seconds, partial(_ours, path, breakpoint)),
        partial(seconds, partial(by_hand, path, count)),
        rounds=size.rounds(),
    )
    return Result(
        name=f"run to a breakpoint {name}, {count:,} events",
        figure=ratio,
        unit="× by hand",
        target=0.5,
        better="higher",
        detail=f"{count / our_s:,.0f}/s against {count / hand_s:,.0f}/s",
    )


def _ours(path: Path, breakpoint: Breakpoint) -> int:
    with reading(path) as log:
        order = Recorded(log.head())
        hit = next_hit(log, StreamStates(), [breakpoint], position=0, order=order)
    return hit.position if hit is not None else 0


def _event_by_hand(path: Path, least: int) -> int:
    db = open_log(path)
    rows = db.execute(ROWS)
    found = next(it for it, _, data in rows if json_text.decode(data)["balance"] >= least)
    db.close()
    return int(found)


def _state_by_hand(path: Path, least: int) -> int:
    db, states, found = open_log(path), dict[str, Any](), 0
    for position, stream, data in db.execute(ROWS):
        states[stream] = state = merge(states.get(stream, {}), json_text.decode(data))
        if state["balance"] >= least:
            found = int(position)
            break
    db.close()
    return found


def _fill(path: Path, count: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    db.execute("PRAGMA synchronous = OFF")
    writer = Writer(db)
    waiting = ((f"account-{at % STREAMS}", _changed(at)) for at in range(1, count + 1))
    while batch := list(islice(waiting, BATCH)):
        with writer.transaction():
            for stream, event in batch:
                writer.append_inside(stream, [event], expected=None)
    db.close()


def _changed(at: int) -> NewEvent:
    data = {"balance": at, "owner": {"name": "ada", "visits": at}, "note": "rent of the month"}
    return NewEvent.of("Changed", data)
