"""States and views of a branch are those of a store that was really written with its history.

Whatever is edited, in a branch or in a branch of it, with links, on both time axes; the log's own
views were folded before, so that those of the branch begin with what they hold.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from replay.catalog.all_views import views_of
from replay.states.stream_states import StreamStates
from replay.views.row_buffer import LONGEST_KEPT
from store.branches.create import create_branch
from store.branches.opening import open_branch
from store.interface import EventReader
from store.opening import reading
from tests.contracts.given_events import events
from tests.contracts.plain_log import Given
from tests.replay.logs import catch_up, open_runner
from tests.store.branches.lines import IN_MEMORY, written
from tests.store.branches.plain_edits import Plain, edited, places, steps_of_edits

HOMES = ("order-1", "account-1", "cart-1")
TYPES = ("Placed", "DepositPerformed", "WithdrawalPerformed", "BankAccountCreated")
LONG = "x" * (LONGEST_KEPT + 1)  # the history leaves values of this length out
TIMES = range(-4, 10, 3)


def data(type_: str, n: int) -> object:
    """What the model of accounts reads, and what it does not."""
    if type_ == "BankAccountCreated":
        return {"id": "1", "owner": f"owner {n}"}
    if type_ == "Placed":
        return {f"f{n % 3}": n, "text": LONG if n % 4 == 0 else ""}
    return {"accountId": "1", "amount": n + 1, "reference": ""}


def lines(name: str, most: int) -> st.SearchStrategy[list[Given]]:
    return events(name, most=most, homes=HOMES, types=TYPES, data=data)


@settings(max_examples=25)
@given(
    log=lines("l", 9),
    new=st.tuples(lines("e", 4), lines("f", 4)),
    own=st.tuples(lines("o", 2), lines("p", 2)),
    steps=steps_of_edits,
    more=steps_of_edits,
    fork=places,
    is_folded=st.booleans(),
)
def test_states_and_views_are_those_of_a_store_with_that_history(
    log: list[Given],
    new: tuple[list[Given], list[Given]],
    own: tuple[list[Given], list[Given]],
    steps: list[tuple[str, int, int]],
    more: list[tuple[str, int, int]],
    fork: int,
    is_folded: bool,
) -> None:
    plain = Plain(log, fork % (len(log) + 1))
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = written(Path(folder) / "log.foldline", log)
        if is_folded:
            with reading(path) as reader:
                rows_of(reader)
        branch = create_branch(path, "b", fork=plain.fork)
        edited(branch, plain, steps, new[0], own[0])
        of_it = create_branch(branch, "of-it", fork=plain.fork)
        again = Plain(plain.now, plain.fork)
        edited(of_it, again, more, new[1], own[1])
        for name, line, history in (("b", branch, plain.now), ("of", of_it, again.now)):
            naive = written(Path(folder) / f"{name}.foldline", history)
            with closing(open_branch(line)) as found, reading(naive) as as_written:
                assert found.layout.unfit == ()
                assert_same_states(found, as_written)
                assert rows_of(found) == rows_of(as_written)


def assert_same_states(branch: EventReader, written_log: EventReader) -> None:
    states, theirs, head = StreamStates(), StreamStates(), written_log.head()
    for stream in HOMES:
        for at in range(head + 1):
            one, other = states.at(branch, stream, at), theirs.at(written_log, stream, at)
            assert one == other, (stream, at)
        for occurred_us in TIMES:
            for known in (None, *range(0, head + 1, 2)):
                one = states.as_occurred(branch, stream, occurred_us, known=known)
                other = theirs.as_occurred(written_log, stream, occurred_us, known=known)
                assert one == other, (stream, occurred_us, known)


def rows_of(log: EventReader) -> dict[str, Sequence[Any]]:
    """All that the tables of its views hold."""
    store, runner = open_runner(log, tuple(views_of(log)))
    catch_up(runner)
    found: dict[str, Sequence[Any]] = {}
    for it in views_of(log):
        if it.projection is not None:
            found[it.name] = store.db.execute(f'SELECT * FROM "{it.name}" ORDER BY 1, 2').fetchall()
            writes = f'SELECT * FROM "{it.name}_writes" ORDER BY _write'
            found[f"{it.name}_writes"] = store.db.execute(writes).fetchall()
    store.close()
    return found
