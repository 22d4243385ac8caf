"""Standing rules folded over a whole log, against the fold of the same streams.

"The fold of the same streams" can be read in three ways, and all three are told:

* by hand: one loop that reads the payloads of the same log by SQL, decodes them and makes the state
  of each stream of them, as whoever has no rules would write it (as in the benchmark of blame). It
  writes nothing and keeps nothing. This one is the judge.
* the program's own fold, the view of latest states, which reads and writes as the rules do. It is
  held to the same target.
* a loop in memory over what the program's reader gives, by the fastest form of its models: what a
  fold without rules could cost at best. For information.

Figures are what one core spends, whoever else is at work.
"""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.fold import merge
from benchmarks.measure import Result, Size, cpu_seconds, in_turns
from replay.models.bank_account import MODEL as BANK
from replay.projections import latest_states
from replay.rules.rule import Rule
from replay.rules.rules_view import rules_view
from replay.states.generic_model import GENERIC
from replay.states.model import Model
from replay.states.model_set import bundled_models
from replay.views.read_store import discard, open_views
from replay.views.runner import Runner
from replay.views.view import View, view_of
from store import json_text
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

STREAMS: Final = 500
TARGET: Final = 0.5  # × the fold
SAME_ROWS: Final = """
SELECT e.stream_id, t.name, e.data FROM events e JOIN types t ON t.id = e.type_id
ORDER BY e.position
"""
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
            if _by_hand(path, category) != STREAMS:
                raise AssertionError("the loop folds other streams")
            peers: dict[str, tuple[Callable[[], object], float | None]] = {
                "a fold by hand": (partial(_by_hand, path, category), TARGET),
                "the view of states": (partial(_folded, log, _STATES), TARGET),
                "a loop in memory": (partial(_in_memory, log, model), None),
            }
            return [
                _result(f"{name}, against {peer}", count, _turns(log, rules, work, size), target)
                for peer, (work, target) in peers.items()
            ]


def _turns(
    log: EventReader, rules: Sequence[Rule], peer: Callable[[], object], size: Size
) -> tuple[float, float, float]:
    return in_turns(
        lambda: cpu_seconds(partial(_ours, log, rules)),
        lambda: cpu_seconds(peer),
        rounds=size.rounds(),
    )


def _result(
    name: str, count: int, measured: tuple[float, float, float], target: float | None
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


def _by_hand(path: Path, category: str) -> int:
    """Merging as its pseudocode has it, or what the model's own function makes of events that were
    decoded into its types. Returns how many streams there are."""
    decoders = {it.__name__: msgspec.json.Decoder(it).decode for it in BANK.events}
    db, states = open_log(path), dict[int, Any]()
    for stream, type_, data in db.execute(SAME_ROWS):
        if category == "account":
            state = states[stream] if stream in states else BANK.initial()
            states[stream] = BANK.evolve(state, decoders[type_](data))
        else:
            states[stream] = merge(states.get(stream, {}), json_text.decode(data))
    db.close()
    return len(states)


def _in_memory(log: EventReader, model: Model[Any]) -> int:
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
