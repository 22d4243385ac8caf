"""Why a value is what it is: the history of a field of one long stream, the first time and again,
against a hand-written loop over the same rows; and the event of a cell of a view. Figures are
what one core spends, whoever else is at work.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.event_source import new_events
from benchmarks.fold import merge
from benchmarks.measure import Result, Size, cpu_seconds, in_turns
from replay.catalog.all_views import all_views
from replay.history.cell_answer import cell_answer
from replay.history.field_changes import field_answer
from replay.models.bank_account import MODEL as BANK
from replay.states.diff import Path as FieldPath
from replay.states.field_history import FieldHistory
from replay.states.stream_states import StreamStates
from replay.views.read_store import open_views, open_views_to_read
from replay.views.runner import Runner
from store import json_text
from store.events import NewEvent
from store.opening import reading
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

ORDER: Final = "order-1"  # no model owns it: its payloads are merged
ACCOUNT: Final = "account-7"
FIRST_MS: Final = 150.0
AGAIN_MS: Final = 20.0
MORE: Final = 20  # events that come in between two questions
ASKED_AGAIN: Final = 20
SAME_ROWS: Final = """
SELECT e.position, t.name, e.data FROM events e JOIN types t ON t.id = e.type_id
WHERE e.stream_id = (SELECT id FROM streams WHERE name = ?) ORDER BY e.version
"""
FIELDS: Final[tuple[tuple[str, str, FieldPath], ...]] = (
    ("one that each event changes", ORDER, ("qty",)),
    ("one of an object", ORDER, ("price", "amount")),
    ("one that few events name", ORDER, ("field_3",)),
    ("one that a model sums up", ACCOUNT, ("balance",)),
    ("one that was set once, at first", ACCOUNT, ("owner",)),
)


def run(size: Size) -> list[Result]:
    """Every field as of the end of its stream."""
    count = size.of(100_000, quick=100_000, tiny=400)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.foldline")
        _fill(path, ORDER, new_events(count))
        _fill(path, ACCOUNT, _booked(count))
        results = [it for field in FIELDS for it in _field(path, *field, size, count)]
        return [*results, _cell(path, size, count)]


def _field(
    path: Path, name: str, stream: str, field: FieldPath, size: Size, count: int
) -> Iterator[Result]:
    ours, by_hand = partial(_ours, path, stream, field), partial(_by_hand, path, stream, field)
    found = ours()
    if list(zip(found.positions, found.values, strict=True)) != by_hand():
        raise AssertionError(f"the two sides tell different histories of {field}")
    ratio, our_s, hand_s = in_turns(
        lambda: cpu_seconds(ours), lambda: cpu_seconds(by_hand), rounds=size.rounds()
    )
    yield Result(
        name=f"history of a field of {count:,}: {name}",
        figure=our_s * 1e3,
        unit="ms",
        target=FIRST_MS,
        better="lower",
        detail=f"{ratio:.2f} × by hand, {hand_s * 1e3:.0f} ms",
    )
    yield Result(
        name=f"again, {MORE} events later: {name}",
        figure=_again_ms(path, stream, field),
        unit="ms",
        target=AGAIN_MS,
        better="lower",
        detail="the answer with who, when, command and rules",
    )


def _ours(path: Path, stream: str, field: FieldPath) -> FieldHistory:
    """With nothing known before."""
    with reading(path) as log:
        return StreamStates().field(log, stream, field, position=log.head()).history


def _by_hand(path: Path, stream: str, field: FieldPath) -> list[tuple[int, Any]]:
    """One loop: merging as its pseudocode has it, or what the model's own function makes of events
    that were decoded into its types."""
    return _merged(path, field) if stream == ORDER else _booked_by_hand(path, field[0])


def _merged(path: Path, field: FieldPath) -> list[tuple[int, Any]]:
    db, changes = open_log(path), []
    state: Any = {}
    value: Any = None
    for position, _type, data in db.execute(SAME_ROWS, [ORDER]):
        state = merge(state, json_text.decode(data))
        if (now := _at(state, field)) != value:
            value = now
            changes.append((position, now))
    db.close()
    return changes


def _booked_by_hand(path: Path, name: str | int) -> list[tuple[int, Any]]:
    decoders = {it.__name__: msgspec.json.Decoder(it).decode for it in BANK.events}
    db, state, changes = open_log(path), BANK.initial(), []
    value = getattr(state, str(name))
    for position, type_, data in db.execute(SAME_ROWS, [ACCOUNT]):
        state = BANK.evolve(state, decoders[type_](data))
        if (now := getattr(state, str(name))) != value:
            value = now
            changes.append((position, now))
    db.close()
    return changes


def _at(state: Any, field: FieldPath) -> Any:
    for key in field:
        if not isinstance(state, dict) or key not in state:
            return None
        state = state[key]
    return state


def _again_ms(path: Path, stream: str, field: FieldPath) -> float:
    """The median of some questions as of places all along the stream."""
    with reading(path) as log:
        states, head = StreamStates(), log.head()
        field_answer(log, states, stream, field, position=head)
        more = new_events(MORE, seed=head) if stream == ORDER else list(_booked(MORE + 1))[1:]
        _fill(path, stream, more)
        places = [head - it * head // ASKED_AGAIN for it in range(ASKED_AGAIN)]
        ask: list[Callable[[], object]] = [
            partial(field_answer, log, states, stream, field, position=max(it, 1)) for it in places
        ]
        return 1e3 * statistics.median(map(cpu_seconds, ask))


def _cell(path: Path, size: Size, count: int) -> Result:
    """Of the row that every event of a stream wrote; the column has its value from the first."""
    with reading(path) as log:
        store = open_views(log)
        runner = Runner(store.db, log, tuple(it for it in all_views() if it.name == "streams"))
        while runner.advance():
            continue
        store.close()
        db = open_views_to_read(log)
        work = partial(cell_answer, db, log, "streams", (ORDER,), "category")
        found = work()
        if found is None or found.event.position != 1:
            raise AssertionError("another event gave the column its value")
        figure = 1e3 * statistics.median(cpu_seconds(work) for _ in range(size.rounds()))
        if db is not None:
            db.close()
    return Result(
        name=f"cell of a row that {count:,} events wrote",
        figure=figure,
        unit="ms",
        target=AGAIN_MS,
        better="lower",
        detail="set by the first of them",
    )


def _booked(count: int) -> Iterator[NewEvent]:
    yield NewEvent.of("BankAccountCreated", {"id": "7", "owner": "Ada"})
    for n in range(count - 1):
        yield NewEvent.of(
            "DepositPerformed", {"accountId": "7", "amount": n % 90 + 1, "reference": "rent"}
        )


def _fill(path: Path, stream: str, events: Iterable[NewEvent]) -> None:
    if not path.exists():
        create_log(path)
    db = open_log(path, writable=True)
    db.execute("PRAGMA synchronous = OFF")
    writer, waiting = Writer(db), iter(events)
    while batch := list(islice(waiting, 5_000)):
        writer.append(stream, batch, expected=None)
    db.close()
