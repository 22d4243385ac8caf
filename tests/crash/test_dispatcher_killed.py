"""Kill −9 of the dispatcher at random moments, its lanes busy: nothing is lost or done twice."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from store.locks import ProcessLock
from store.place import Place
from store.times import now_us
from tests.replay.conference_office import Office

MAIN = Path(__file__).parents[2] / "main.py"
ORDERS = 30
KILLS = 4
PATIENCE_S = 60.0
PLACED = ["OrderPlaced", "OrderTotalsCalculated", "OrderReservationCompleted"]
STARTED = ["RegistrationStarted", "ReservationConfirmationReceived"]


def dispatch(path: Path, *more: str) -> "subprocess.Popen[bytes]":
    arguments = [sys.executable, str(MAIN), "dispatch", str(path), "--from-start", *more]
    return subprocess.Popen(arguments, stdout=subprocess.DEVNULL)


def kill_at(office: Office, moments: list[int]) -> None:
    """Run the dispatcher again and again, until the log has come so far each time."""
    subscription = office.store.subscribe()
    for moment in moments:
        process = dispatch(office.path, "--follow")
        try:
            while subscription.position < moment:
                assert subscription.batch(limit=1, timeout_s=PATIENCE_S)
        finally:
            process.kill()
            process.wait(PATIENCE_S)


@pytest.mark.parametrize("seed", range(3))
def test_orders_of_a_killed_dispatcher_are_each_reserved_once(seed: int, tmp_path: Path) -> None:
    office = Office(tmp_path / "conference.foldline")
    office.now_us = now_us()  # the dispatcher's clock is the real one
    try:
        for number in range(ORDERS):
            office.register(f"o{number}", general=1)
        head = office.store.head()
        kill_at(office, sorted(random.Random(seed).sample(range(head + 1, head + 100), KILLS)))

        assert dispatch(office.path).wait(PATIENCE_S) == 0

        for start, wanted in (("order", PLACED), ("registration", STARTED)):
            found = [office.types(f"{start}-o{number}") for number in range(ORDERS)]
            assert found == [wanted] * ORDERS
        assert office.types("seats-conf").count("SeatsReserved") == ORDERS
        assert office.counts() == {"done": office.counts()["done"], "pending": ORDERS}
    finally:
        office.close()


PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.PIPE)
print("started", flush=True)
child.wait()
"""


def test_the_dispatcher_of_a_window_that_is_killed_ends_with_it(tmp_path: Path) -> None:
    office = Office(tmp_path / "conference.foldline")
    office.now_us = now_us()
    office.register("o1", general=1)
    subscription = office.store.subscribe(after=office.store.head())
    command = [
        sys.executable,
        "-c",
        PARENT,
        str(MAIN),
        "dispatch",
        str(office.path),
        "--from-start",
        "--follow",
        "--progress",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as window:
        assert window.stdout is not None
        assert window.stderr is not None
        assert window.stdout.readline() == b"started\n"
        assert subscription.batch(limit=1, timeout_s=PATIENCE_S)  # it works

        window.kill()

        # Read to its end: the last process that could write to it has ended.
        assert window.stderr.read() == b""
    office.close()
    lock = ProcessLock(Place(office.path).dispatch_lock)
    assert lock.acquire()
    lock.release()
