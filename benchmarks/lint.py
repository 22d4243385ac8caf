"""Judging every event of a log, against a hand-written loop over the same rows with msgspec."""

import tempfile
from collections import defaultdict
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from benchmarks.measure import Result, Size, cpu_seconds, in_turns
from replay.history.lint import lint
from replay.models.bank_account import (
    MODEL,
    Account,
    BankAccountCreated,
    DepositPerformed,
    WithdrawalPerformed,
    evolve,
)
from replay.states.model_set import ModelSet
from store.events import NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

PER_STREAM = 20 / 3  # events; many short streams are what a log of orders has
NOTHING = 10  # every tenth deposit is of nothing
SAME_ROWS = """
SELECT e.position, s.name, t.name, e.data
FROM events e CROSS JOIN streams s ON s.id = e.stream_id CROSS JOIN types t ON t.id = e.type_id
ORDER BY e.position
"""


def run(size: Size) -> list[Result]:
    """The no-ops of many accounts."""
    count = size.of(100_000, quick=20_000, tiny=500)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "accounts.foldline")
        fill(path, count)
        if _ours(path) != _by_hand(path):
            raise AssertionError("the two sides find different no-ops")
        ratio, our_s, hand_s = in_turns(
            lambda: cpu_seconds(partial(_ours, path)),
            lambda: cpu_seconds(partial(_by_hand, path)),
            rounds=size.rounds(),
        )
    return [
        Result(
            name=f"lint of {count:,} in {round(count / PER_STREAM):,} streams",
            figure=ratio,
            unit="× by hand",
            target=0.5,
            better="higher",
            detail=f"{count / our_s:,.0f}/s against {count / hand_s:,.0f}/s, of a core",
        )
    ]


def fill(path: Path, count: int) -> None:
    """A log with many accounts side by side, so that their events come mixed."""
    create_log(path)
    db, streams = open_log(path, writable=True), round(count / PER_STREAM)
    writer, events = Writer(db), (_event(n, streams) for n in range(count))
    db.execute("BEGIN")
    while batch := list(islice(events, 1_000)):
        for stream, event in batch:
            writer.append_inside(stream, [event], expected=None)
    db.execute("COMMIT")
    db.close()


def _event(n: int, streams: int) -> tuple[str, NewEvent]:
    metadata = {"correlation_id": "c-1", "user": "ada", "schema_version": 1}
    account = str(n % streams)
    if n < streams:
        opened = {"id": account, "owner": "Ada"}
        return f"account-{account}", NewEvent.of("BankAccountCreated", opened, metadata)
    booked = {"accountId": account, "amount": 0 if n % NOTHING == 0 else 2.5}
    type_ = "DepositPerformed" if n % 3 else "WithdrawalPerformed"
    return f"account-{account}", NewEvent.of(type_, booked, metadata)


def _ours(path: Path) -> dict[str, int]:
    with reading(path) as log:
        found = lint(log, ModelSet([MODEL]))
        return {it.type: it.count for it in found if it.fault == "no-op"}


def _by_hand(path: Path) -> dict[str, int]:
    decoders = {
        it.__name__: msgspec.json.Decoder(it).decode
        for it in (BankAccountCreated, DepositPerformed, WithdrawalPerformed)
    }
    db, states = open_log(path), dict[str, Account]()
    found = defaultdict[str, int](int)
    for _position, stream, type_, data in db.execute(SAME_ROWS):
        before = states.get(stream) or Account()
        after = evolve(before, decoders[type_](data))
        if after == before:
            found[type_] += 1
        states[stream] = after
    db.close()
    return dict(found)
