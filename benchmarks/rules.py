"""Standing rules folded over a whole log, against the fold of the same streams.

That fold is the view of latest states, which reads and writes as the rules do. A loop that only
keeps a state a stream in memory, of the same pages of the log, is told for information.
"""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Result, Size, in_turns, seconds
from replay.projections import latest_states
from replay.rules.rule import Rule
from replay.rules.rules_view import rules_view
from replay.states.generic_model import GENERIC
from replay.states.model import Model
from replay.states.model_set import bundled_models
from replay.views.read_store import discard, open_views
from replay.views.runner import Runner
from replay.views.view import View, view_of
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAMS: Final = 500
BATCH: Final = 50_000
MERGED: Final = (
    Rule(name="in debt", where="balance < 0", of="cart"),
    Rule(name="often", where="owner.visits > 1000000 and balance > 10", of="cart"),
)
_STATES: Final = view_of(latest_states.PROJECTION)
TYPED: Final = (Rule(name="in debt", where="balance < 0", of="account"),)


def run(size: Size) -> list[Result]:
    """Payloads merged, with two rules; and the streams of a model, with its invariants too."""
    count = size.of(300_000, quick=60_000, tiny=2_000)
    account = bundled_models().named("bank account")
    assert account is not None, "it is bundled"
    merged = _measured("payloads merged", "cart", MERGED, GENERIC, count, size)
    typed = _measured(
        "a typed model", "account", TYPED, bundled_models().fold(account), count, size
    )
    return [*merged, *typed]


def _measured(
    name: str, category: str, rules: Sequence[Rule], model: Model[Any], count: int, size: Size
) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.foldline")
        _fill(path, category, count)
        with reading(path) as log:
            if not _ours(log, rules):
                raise AssertionError("no rule was ever broken")
            ours = partial(seconds, partial(_ours, log, rules))
            view = partial(seconds, partial(_folded, log, _STATES))
            loop = partial(seconds, partial(_by_hand, log, model))
            against_view = in_turns(ours, view, rounds=size.rounds())
            against_loop = in_turns(ours, loop, rounds=size.rounds())
    return [
        _result(f"{name}, against the view of states", count, against_view, target=0.5),
        _result(f"{name}, against a loop in memory", count, against_loop, target=None),
    ]


def _result(
    name: str, count: int, measured: tuple[float, float, float], *, target: float | None
) -> Result:
    ratio, our_s, other_s = measured
    return Result(
        name=f"standing rules, {name}, {count:,} events",
        figure=ratio,
        unit="× the fold",
        target=target,
        better="higher",
        detail=f"{count / our_s:,.0f}/s against {count / other_s:,.0f}/s",
    )


def _ours(log: EventReader, rules: Sequence[Rule]) -> int:
    """From nothing to the head; returns how many violations there are."""
    return _folded(log, rules_view(rules))


def _folded(log: EventReader, view: View) -> int:
    """From nothing to the head; returns how many rows there are."""
    discard(log)
    store = open_views(log)
    try:
        runner = Runner(store.db, log, (view,))
        while runner.advance():
            continue
        return int(store.db.execute(f'SELECT count(*) FROM "{view.name}"').fetchone()[0])
    finally:
        store.close()


def _by_hand(log: EventReader, model: Model[Any]) -> int:
    states: dict[str, Any] = {}
    evolve, initial = model.evolve_owned, model.initial
    for first in range(1, log.head() + 1, BATCH):
        for event in log.page(first, first + BATCH - 1):
            stream = event.stream
            states[stream] = evolve(states[stream] if stream in states else initial(), event)
    return len(states)


def _fill(path: Path, category: str, count: int) -> None:
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    for start in range(0, count, 5_000):
        with writer.transaction():
            for at in range(start, min(start + 5_000, count)):
                event = _booked(at) if category == "account" else _changed(at)
                writer.append_inside(f"{category}-{at % STREAMS}", [event], expected=None)
    db.close()


def _changed(at: int) -> NewEvent:
    data = {
        "balance": at % 1_009 - 4,
        "owner": {"name": "ada", "visits": at},
        f"field{at % 40}": "x" * 20,
    }
    return NewEvent.of("Changed", data)


def _booked(at: int) -> NewEvent:
    number, turn = divmod(at, STREAMS)
    kind = "WithdrawalPerformed" if number % 3 == 2 else "DepositPerformed"
    amount = 90 if number % 3 == 2 else 40
    return NewEvent.of(kind, {"accountId": str(turn), "amount": amount, "reference": "rent"})
