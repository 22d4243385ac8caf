"""A command through the whole path, against the bare durable append of the same events.

The bare side appends the very events that our side recorded, through the same store and writer
thread; ours decodes, checks and decides the command and records it with its outcome as well.
"""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.measure import Result, Size, in_turns, seconds
from replay.commands.decide import CommandHandler
from replay.commands.offers import Offers
from replay.states.model_set import bundled_models
from store import json_text
from store.beside.commands import IssuedCommand
from store.events import NewEvent
from store.sqlite.store import SqliteStore, open_store

CALLERS = 32

_numbers = count()


def run(size: Size) -> list[Result]:
    """One caller, then thirty-two on streams of their own, then a preview."""
    commands, rounds = size.of(1_000, quick=200, tiny=8), size.rounds()
    return [
        _single(commands, rounds),
        _many(commands // 4, rounds),
        _preview(size.of(10_000, quick=1_000, tiny=100), rounds),
    ]


def _single(commands: int, rounds: int) -> Result:
    with _Bench() as bench:
        bench.handler.issue(_opened("0"))
        ratio, our_s, bare_s = in_turns(
            lambda: seconds(partial(bench.deposit, "0", commands)),
            lambda: seconds(partial(bench.append, "0", commands)),
            rounds=rounds,
        )
    return _result("one caller: decide + durable append", ratio, commands, our_s, bare_s, 0.6)


def _many(commands: int, rounds: int) -> Result:
    names = [str(number) for number in range(CALLERS)]
    with _Bench() as bench, ThreadPoolExecutor(CALLERS) as pool:
        for name in names:
            bench.handler.issue(_opened(name))

        def ours() -> None:
            list(pool.map(lambda name: bench.deposit(name, commands), names))

        def bare() -> None:
            list(pool.map(lambda name: bench.append(name, commands), names))

        ratio, our_s, bare_s = in_turns(lambda: seconds(ours), lambda: seconds(bare), rounds=rounds)
    total = commands * CALLERS
    return _result(f"{CALLERS} callers, grouped", ratio, total, our_s, bare_s, 0.5)


def _preview(events: int, rounds: int) -> Result:
    """The first one after opening: nothing is folded yet, and there is no snapshot."""
    with _Bench() as bench:
        bench.handler.issue(_opened("0"))
        for start in range(0, events, 1_000):
            many = [_event("0") for _ in range(min(1_000, events - start))]
            bench.store.append("account-0", many, expected=None)
        took = min(
            seconds(
                lambda: Offers(bench.store, bundled_models()).preview(
                    _deposit("0"), bench.store.head()
                )
            )
            for _ in range(rounds)
        )
    return Result(
        name=f"preview on {events:,} events, no snapshots",
        figure=took * 1_000,
        unit="ms",
        target=100.0,
        better="lower",
        detail="the first one; later ones start at a keyframe",
    )


def _result(
    name: str, ratio: float, count_: int, our_s: float, bare_s: float, target: float
) -> Result:
    return Result(
        name=name,
        figure=ratio,
        unit="× bare",
        target=target,
        better="higher",
        detail=f"{count_ / our_s:,.0f}/s against {count_ / bare_s:,.0f}/s",
    )


class _Bench:
    """A store with bank accounts."""

    store: SqliteStore

    def __enter__(self) -> "_Bench":
        self._folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self._folder.name, "bank.foldline"), create=True)
        self.handler = CommandHandler(self.store, bundled_models())
        return self

    def __exit__(self, *_error: object) -> None:
        self.store.close()
        self._folder.cleanup()

    def deposit(self, account: str, times: int) -> None:
        for _ in range(times):
            answered = self.handler.issue(_deposit(account))
            if answered.status != "done":
                raise AssertionError(answered)

    def append(self, account: str, times: int) -> None:
        stream = f"bare-{account}"
        version = self.store.stream_version(stream)
        for number in range(times):
            self.store.append(stream, [_event(account)], expected=version + number)


def _opened(account: str) -> IssuedCommand:
    return _issued("OpenAccount", {"id": account, "owner": "Ada"})


def _deposit(account: str) -> IssuedCommand:
    return _issued("PerformDeposit", {"accountNumber": account, "amount": Decimal("1.25")})


def _issued(type_: str, data: dict[str, object]) -> IssuedCommand:
    id_ = f"00000000-0000-4000-8000-{next(_numbers):012}"
    return IssuedCommand(
        id=id_,
        type=type_,
        stream="",
        data_json=json_text.encode(data),
        actor="ada",
        roles=(),
        expected=None,
        issued_at_us=1,
        due_at_us=1,
        expires_at_us=None,
        causation_id=None,
        correlation_id=id_,
    )


def _event(account: str) -> NewEvent:
    """What a deposit is recorded as, but for its ids."""
    id_ = f"00000000-0000-4000-8000-{next(_numbers):012}"
    metadata = {
        "correlation_id": id_,
        "causation_id": id_,
        "user": "ada",
        "command": "PerformDeposit",
        "command_id": id_,
        "schema_version": 1,
    }
    return NewEvent.of(
        "DepositPerformed", {"accountId": account, "amount": Decimal("1.25")}, metadata
    )
