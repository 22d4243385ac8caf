"""Folding a bundled model, against a hand-written loop over the same rows with msgspec."""

import tempfile
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.measure import Result, Size, in_turns, seconds
from replay.models.bank_account import (
    MODEL,
    Account,
    BankAccountCreated,
    DepositPerformed,
    WithdrawalPerformed,
    evolve,
)
from replay.states.state_at import StateReader
from replay.states.typed_fold import folding
from store.events import NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAM = "account-1"
SAME_ROWS = """
SELECT e.position, e.version, t.name, e.id, e.recorded_at_us, e.recorded_offset_min,
       e.occurred_at_us, e.occurred_offset_min, e.data, e.metadata, e.source
FROM events e JOIN types t ON t.id = e.type_id
WHERE e.stream_id = (SELECT id FROM streams WHERE name = ?) ORDER BY e.version
"""


def run(size: Size) -> list[Result]:
    """Loading one account from its first event, both from the file."""
    count = size.of(100_000, quick=10_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        fill(path, count)
        if ours(path, count) != _by_hand(path):
            raise AssertionError("the two sides fold to different states")
        ratio, our_s, hand_s = in_turns(
            lambda: seconds(partial(ours, path, count)),
            lambda: seconds(partial(_by_hand, path)),
            rounds=size.rounds(),
        )
    return [
        Result(
            name=f"typed fold of {count:,}",
            figure=ratio,
            unit="× by hand",
            target=0.8,
            better="higher",
            detail=f"{count / our_s:,.0f}/s against {count / hand_s:,.0f}/s",
        )
    ]


def fill(path: Path, count: int) -> None:
    """A log with one account of so many events."""
    create_log(path)
    db = open_log(path, writable=True)
    writer, events = Writer(db), iter(_events(count))
    while batch := list(islice(events, 1_000)):
        writer.append(STREAM, batch, expected=None)
    db.close()


def ours(path: Path, count: int) -> Any:
    """The whole way, without keyframes or snapshots."""
    with reading(path) as reader:
        return StateReader(folding(MODEL)).at(reader, STREAM, count).state


def _by_hand(path: Path) -> Account:
    decoders = {
        it.__name__: msgspec.json.Decoder(it)
        for it in (BankAccountCreated, DepositPerformed, WithdrawalPerformed)
    }
    db, state = open_log(path), Account()
    for row in db.execute(SAME_ROWS, [STREAM]):
        state = evolve(state, decoders[row[2]].decode(row[8]))
    db.close()
    return state


def _events(count: int) -> list[NewEvent]:
    metadata = {"correlation_id": "c-1", "user": "ada", "schema_version": 1}
    opened = NewEvent.of("BankAccountCreated", {"id": "1", "owner": "Ada"}, metadata)
    booked = {"accountId": "1", "amount": Decimal("2.50")}
    return [opened] + [
        NewEvent.of("DepositPerformed" if n % 3 else "WithdrawalPerformed", booked, metadata)
        for n in range(1, count)
    ]
