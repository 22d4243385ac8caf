"""Who comes second: two programs, two asks for the same seats, two hundred at one hot stream."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from replay.commands.answered import Answered
from replay.commands.decide import CommandHandler
from replay.models.conference.seats import Availability
from replay.states.model_set import bundled_models
from store.beside.commands import IssuedCommand
from store.sqlite.store import SqliteStore, open_store
from store.times import now_us
from tests.replay.issued import issued

ROOT = Path(__file__).parents[3]
REPEATS = 1_000
OTHER_OWNER = """
import sys
from pathlib import Path
from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.sqlite.store import open_store
from tests.replay.issued import issued
name = sys.argv[2]
store = open_store(Path(sys.argv[1]))
handler = CommandHandler(store, bundled_models())
print("ready", flush=True)
for line in sys.stdin:
    owner = {"accountId": "1", "newOwner": name}
    command = issued("ChangeOwner", owner, id_=f"{name}{line.strip()}", expected=int(line))
    print(handler.issue(command).status, flush=True)
store.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "race.foldline"
    open_store(path, create=True).close()
    return path


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[[], SqliteStore]]:
    """Opens the store as often as it is called, as several programs would."""
    with ExitStack() as stack:

        def open_it() -> SqliteStore:
            store = open_store(path)
            stack.callback(store.close)
            return store

        yield open_it


def seats(handler: CommandHandler, quantity: int) -> None:
    data = {"conferenceId": "conf", "seatType": "workshop", "quantity": quantity}
    assert handler.issue(issued("AddSeats", data)).status == "done"


def ask(order: str, quantity: int) -> IssuedCommand:
    lines = [{"seatType": "workshop", "quantity": quantity}]
    data = {"conferenceId": "conf", "reservationId": order, "seats": lines}
    return issued("MakeSeatReservation", data)


def availability(handler: CommandHandler) -> Availability:
    found: Availability = handler.state_of("seats-conf")[0]
    return found


def test_of_two_programs_with_one_version_exactly_one_wins_a_thousand_times(
    path: Path, opened: Callable[[], SqliteStore]
) -> None:
    store = opened()
    CommandHandler(store, bundled_models()).issue(issued("OpenAccount", {"id": "1", "owner": "J"}))
    told: Counter[tuple[str, ...]] = Counter()

    with ExitStack() as stack:
        programs = [stack.enter_context(_program(path, name)) for name in ("a", "b")]
        for version in range(1, REPEATS + 1):
            for it in programs:
                _say(it, f"{version}\n")
            told[tuple(sorted(_hear(it) for it in programs))] += 1

    assert told == {("conflict", "done"): REPEATS}
    assert store.stream_version("account-1") == 1 + REPEATS
    assert store.beside.commands.counts() == {"done": 1 + REPEATS, "conflict": REPEATS}


def _program(path: Path, name: str) -> "subprocess.Popen[str]":
    program = subprocess.Popen(
        [sys.executable, "-c", OTHER_OWNER, str(path), name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert _hear(program) == "ready"
    return program


def _say(program: "subprocess.Popen[str]", text: str) -> None:
    assert program.stdin is not None
    program.stdin.write(text)
    program.stdin.flush()


def _hear(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def test_of_five_seats_one_who_asks_for_three_gets_them_and_the_other_is_judged_again(
    opened: Callable[[], SqliteStore],
) -> None:
    """Both have seen five before either of them is recorded."""
    both_have_looked = threading.Barrier(2)
    handlers = [
        CommandHandler(opened(), bundled_models(), clock_us=_waits_once(both_have_looked))
        for _ in range(2)
    ]
    seats(CommandHandler(opened(), bundled_models()), 5)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(CommandHandler.issue, handlers, [ask("o1", 3), ask("o2", 3)]))

    assert sorted(it.attempts for it in answers) == [1, 2]
    assert sum(it.conflicts for it in handlers) == 1
    found = availability(CommandHandler(opened(), bundled_models()))
    second = next(it.command for it in answers if it.attempts == 2)
    held = {order: seats["workshop"] for order, seats in found.pending.items()}
    assert held.pop(second.data["reservationId"]) == 2
    assert list(held.values()) == [3]
    assert found.remaining == {"workshop": 0}


def _waits_once(barrier: threading.Barrier) -> Callable[[], int]:
    """A clock: it is looked at between loading the state and deciding."""
    has_waited = threading.Event()

    def clock() -> int:
        if not has_waited.is_set():
            has_waited.set()
            barrier.wait(60)
        return now_us()

    return clock


@pytest.mark.parametrize("has_lanes", [True, False])
def test_two_hundred_reservations_at_once_meet_no_conflict_in_their_lane(
    opened: Callable[[], SqliteStore], has_lanes: bool
) -> None:
    handler = CommandHandler(opened(), bundled_models(), has_lanes=has_lanes)
    seats(handler, 250)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(handler.issue, [ask(f"o{n}", 2) for n in range(200)]))

    _check_the_seats_are_shared_out(handler, answers)
    met = sum(it.attempts - 1 for it in answers)
    assert handler.conflicts == met
    assert (met == 0) is has_lanes


def _check_the_seats_are_shared_out(handler: CommandHandler, answers: list[Answered]) -> None:
    """The same whoever came first, and with how many attempts."""
    found = availability(handler)
    assert {it.status for it in answers} == {"done"}
    assert Counter(it["workshop"] for it in found.pending.values()) == {2: 125}
    assert found.remaining == {"workshop": 0}
