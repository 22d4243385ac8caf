"""Folding one long stream, against a hand-written loop over the same rows."""

import tempfile
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.event_source import new_events
from benchmarks.measure import Result, Size, in_turns, seconds
from replay.states.generic_model import GENERIC
from replay.states.state_at import StateReader
from store import json_text
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAM = "order-1"
SAME_ROWS = """
SELECT e.type_id, e.data FROM events e
WHERE e.stream_id = (SELECT id FROM streams WHERE name = ?) ORDER BY e.version
"""


def run(size: Size) -> list[Result]:
    """The whole way of `main.py state`, without keyframes or snapshots."""
    count = size.of(100_000, quick=10_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, count)
        if _ours(path) != _by_hand(path):
            raise AssertionError("the two sides fold to different states")
        ratio, our_s, hand_s = in_turns(
            lambda: seconds(partial(_ours, path)),
            lambda: seconds(partial(_by_hand, path)),
            rounds=size.rounds(),
        )
    detail = f"{count / our_s:,.0f}/s against {count / hand_s:,.0f}/s"
    return [
        Result(
            name=f"fold one stream of {count:,}",
            figure=ratio,
            unit="× by hand",
            target=0.7,
            better="higher",
            detail=detail,
        )
    ]


def _fill(path: Path, count: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    events = iter(new_events(count))
    while batch := list(islice(events, 5_000)):
        writer.append(STREAM, batch, expected=None)
    db.close()


def _ours(path: Path) -> Any:
    with reading(path) as reader:
        return StateReader(GENERIC).at(reader, STREAM, reader.head()).state


def _by_hand(path: Path) -> Any:
    db = open_log(path)
    state: Any = {}
    for _type, data in db.execute(SAME_ROWS, [STREAM]):
        state = merge(state, json_text.decode(data))
    db.close()
    return state


def merge(target: Any, patch: Any) -> Any:
    """RFC 7396 as its pseudocode has it."""
    if not isinstance(patch, dict):
        return patch
    if not isinstance(target, dict):
        target = {}
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = merge(target.get(key), value)
    return target
