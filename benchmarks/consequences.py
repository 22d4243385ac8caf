"""What follows from one changed event with many behind it, against a hand-written loop that folds
the same streams twice: as they are, and as they would be.

Without rows the loop reads what the stream's events say, decodes them as the model's types and
folds the state, on each line. With rows it reads whole events and keeps four rows beside the state
in the same pass: the account, the stream, its latest state, and those of the event types. It knows
this one stream and its types, compares once at the end, and looks at no command and no message.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.measure import Result, Size, cpu_seconds, in_turns
from replay.consequences.consequences import consequences
from replay.consequences.found import KINDS
from replay.consequences.lines import of_branch
from replay.models.bank_account import MODEL
from replay.states.stream_states import StreamStates
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.opening import reading_branch
from store.events import NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

ACCOUNT = "account-1"
TYPES = {it.__name__: it for it in MODEL.events}


def run(size: Size) -> list[Result]:
    """States, commands and messages; and with the rows of every view."""
    count = size.of(100_000, quick=20_000, tiny=200)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bank.foldline")
        fill(path, count)
        branch = create_branch(path, "fix", fork=1)
        amount = '{"accountId":"1","amount":99,"reference":""}'
        BranchEditor(branch).replace(2, Content(data_json=amount))
        without_rows = tuple(it for it in KINDS if it not in {"row", "view"})
        return [
            _measured(path, branch, size, f"{count:,} behind it", without_rows, _state),
            _measured(path, branch, size, f"{count:,} behind it, with rows", KINDS, _rows),
        ]


def _measured(
    path: Path,
    branch: Path,
    size: Size,
    what: str,
    kinds: Sequence[str],
    by_hand: Callable[[EventReader], object],
) -> Result:
    with reading(path) as log, reading_branch(branch) as edited:
        ratio, our_s, their_s = in_turns(
            lambda: cpu_seconds(partial(_listed, path, branch, kinds)),
            lambda: cpu_seconds(partial(_twice, by_hand, log, edited)),
            rounds=size.rounds(),
        )
    return Result(
        name=f"consequences of one event with {what}",
        figure=ratio,
        unit="× folding twice by hand",
        target=0.5,
        better="higher",
        detail=f"{our_s * 1_000:,.0f} ms against {their_s * 1_000:,.0f} ms, of a core",
    )


def fill(path: Path, count: int) -> None:
    """One account with so many bookings behind the first one."""
    create_log(path)
    with closing(open_log(path, writable=True)) as db:
        writer, events = Writer(db), _events(count)
        db.execute("BEGIN")
        while batch := list(islice(events, 1_000)):
            writer.append_inside(ACCOUNT, batch, expected=None)
        db.execute("COMMIT")


def _events(count: int) -> Iterator[NewEvent]:
    yield NewEvent.of("BankAccountCreated", {"id": "1", "owner": "Ada"})
    for n in range(count + 1):
        kind = "WithdrawalPerformed" if n % 3 == 2 else "DepositPerformed"
        yield NewEvent.of(kind, {"accountId": "1", "amount": n % 50 + 1, "reference": f"r{n}"})


def _listed(path: Path, branch: Path, kinds: Sequence[str]) -> int:
    """Opened anew each time, so that nothing is kept from the turn before."""
    with reading(path) as log, reading_branch(branch) as edited:
        lines = of_branch(log, edited)
        found = consequences(lines, StreamStates(), StreamStates(), kinds=kinds)
        return sum(1 for _ in found)


def _twice(by_hand: Callable[[EventReader], object], log: EventReader, edited: EventReader) -> bool:
    return by_hand(log) == by_hand(edited)


def _state(log: EventReader) -> object:
    decoders, state, evolve = _decoders(), MODEL.initial(), MODEL.evolve
    for event in log.stream_payloads(ACCOUNT):
        state = evolve(state, decoders[event.type](event.data_json))
    return state


def _rows(log: EventReader) -> object:
    """The state, and all that the rows of the views say."""
    decoders, state, evolve = _decoders(), MODEL.initial(), MODEL.evolve
    accounts: dict[str, tuple[str, Decimal, bool]] = {}
    types: dict[str, tuple[int, int, int, int, int]] = {}
    streams: dict[str, tuple[int, int, int, int, int, int, str]] = {}
    latest: dict[str, tuple[int, int, int, int, str, object]] = {}
    for event in log.read_stream(ACCOUNT):
        kind, at, at_us = event.type, event.position, event.recorded_at_us
        said = decoders[kind](event.data_json)
        state = evolve(state, said)
        owner, balance, is_closed = accounts.get("1", ("", Decimal("0.00"), False))
        if kind == "DepositPerformed":
            balance += said.amount
        elif kind == "WithdrawalPerformed":
            balance -= said.amount
        elif kind == "BankAccountCreated":
            owner = said.owner
        accounts["1"] = owner, balance, is_closed
        count, first, first_us, *_ = types.get(kind, (0, at, at_us))
        types[kind] = count + 1, first, first_us, at, at_us
        number, begun, begun_us, *_ = streams.get(ACCOUNT, (0, at, at_us))
        streams[ACCOUNT] = number + 1, begun, begun_us, event.version, at, at_us, kind
        latest[ACCOUNT] = event.version, number + 1, at, at_us, kind, state
    return accounts, types, streams, latest


def _decoders() -> dict[str, Callable[[str], Any]]:
    return {name: msgspec.json.Decoder(it, float_hook=Decimal).decode for name, it in TYPES.items()}
