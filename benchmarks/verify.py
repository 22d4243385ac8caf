"""Checking a whole log, against a loop that only reads every event and hashes it.

The loop asks for the same columns with plain SQLite, and takes the chain of each row. What is told
is time of a core, on both sides: whoever else is at work is left out.
"""

import tempfile
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.event_source import placed
from benchmarks.measure import Result, Size, cpu_seconds, in_turns
from store.sqlite.chain import BEGINNING, pack
from store.sqlite.connect import create_log, open_log
from store.sqlite.integrity import verify
from store.sqlite.writer import Writer

BATCH: Final = 5_000
NO_LINKS: Final = ((),)
PER_CORE: Final = 300_000  # events a second; half of the loop's rate is enough where that is less
ROWS: Final = """
SELECT e.chain, e.position, s.name, e.version, t.name, e.id, e.recorded_at_us,
       e.recorded_offset_min, e.recorded_max_us, e.occurred_at_us, e.occurred_offset_min, e.data,
       e.metadata, e.source
FROM events e JOIN streams s ON s.id = e.stream_id JOIN types t ON t.id = e.type_id
ORDER BY e.position
"""


def run(size: Size) -> list[Result]:
    """One log of many streams, checked by turns."""
    count = size.of(300_000, quick=60_000, tiny=1_000)
    with tempfile.TemporaryDirectory() as folder:
        path = _log(Path(folder, "log.foldline"), count)
        ratio, our_s, loop_s = in_turns(
            partial(cpu_seconds, partial(_verify, path)),
            partial(cpu_seconds, partial(_read_and_hash, path)),
            rounds=size.rounds(),
        )
    rate, loop_rate = count / our_s, count / loop_s
    detail = f"{rate:,.0f}/s a core against {loop_rate:,.0f}/s, {ratio:.2f} × the loop"
    return [
        Result(
            name="verify, or half of reading and hashing",
            figure=rate / min(PER_CORE, loop_rate / 2),
            unit="× asked",
            target=1.0,
            better="higher",
            detail=detail,
        )
    ]


def _log(path: Path, count: int) -> Path:
    create_log(path)
    db = open_log(path, writable=True)
    writer, events = Writer(db), placed(count, streams=max(count // 15, 1))
    while batch := list(islice(events, BATCH)):
        with writer.transaction():
            writer.record(batch)
    db.close()
    return path


def _verify(path: Path) -> None:
    report = verify(path)
    if not report.is_sound:
        raise AssertionError(f"{report.problem_count:,} problems: {report.problems[:3]}")


def _read_and_hash(path: Path) -> None:
    db = open_log(path)
    chain = BEGINNING
    for row in db.execute(ROWS):
        chain = sha256(chain + pack(row[1:] + NO_LINKS)).digest()
        if chain != row[0]:
            raise AssertionError(f"position {row[1]:,} has another chain")
    db.close()
