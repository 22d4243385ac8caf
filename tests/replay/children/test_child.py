"""A process that we start is asked, waited for and ended in one way, whatever it does."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from textwrap import dedent

import pytest

from replay.children.child import Child, Deadline, Gone, TooLate
from store.errors import Cancelled

PATIENCE_S = 60.0
ECHO = """
    import sys
    for line in sys.stdin:
        print("heard", line, end="", flush=True)
"""
HANGS = "import time\nprint('here', flush=True)\ntime.sleep(600)"
HAS_A_CHILD = """
    import subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(child.pid, flush=True)
    time.sleep(600)
"""
ORPHAN = """
    import time
    from replay.children.parent import end_with_parent
    end_with_parent()
    print("here", flush=True)
    time.sleep(600)
"""


@contextmanager
def running(text: str, *, errors: int = subprocess.DEVNULL) -> Iterator[Child]:
    with closing(Child([sys.executable, "-c", dedent(text)], errors=errors)) as child:
        yield child


def soon() -> Deadline:
    return Deadline(PATIENCE_S)


def is_alive(pid: int) -> bool:
    """Whether it runs; one that has ended and that nobody waited for does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    left_s = soon()
    while not is_so():
        assert left_s() > 0


def test_it_is_told_something_and_answers_by_the_line() -> None:
    with running(ECHO) as child:
        child.write(b"one\ntwo\n", soon())

        assert child.read_line(soon()) == b"heard one"
        assert child.read_line(soon()) == b"heard two"
        assert not child.has_unread


def test_one_that_says_nothing_is_too_late_and_runs_on() -> None:
    with running(HANGS) as child:
        child.read_line(soon())

        with pytest.raises(TooLate):
            child.read_line(Deadline(0.05))

        assert child.is_running


def test_one_that_does_not_listen_holds_up_nobody() -> None:
    with running(HANGS) as child:
        child.read_line(soon())
        for _ in range(1_000):
            child.offer(b"." * 4_096)

        with pytest.raises(TooLate):
            child.write(b"." * 2**20, Deadline(0.05))


def test_an_answer_that_is_no_longer_wanted_is_not_waited_for() -> None:
    def cancelled() -> float:
        raise Cancelled

    with running(HANGS) as child, pytest.raises(Cancelled):
        child.read_line(cancelled)


def test_one_that_ends_is_gone_with_its_exit_code() -> None:
    with running("raise SystemExit(3)") as child:
        with pytest.raises(Gone):
            child.read_line(soon())

        assert child.wait(PATIENCE_S) == 3
        child.offer(b"more")
        with pytest.raises(Gone):
            child.write(b"more", soon())


def test_what_it_has_started_ends_with_it() -> None:
    with running(HAS_A_CHILD) as child:
        grandchild = int(child.read_line(soon()))
        assert is_alive(grandchild)

    assert not is_alive(child.pid)
    wait_until(lambda: not is_alive(grandchild))


def test_all_that_it_says_is_there_when_it_has_ended() -> None:
    text = "import sys; print('out' * 50_000); print('wrong' * 50_000, file=sys.stderr)"
    with running(text, errors=subprocess.PIPE) as child:
        output, errors = child.finish(PATIENCE_S)

    assert (len(output), len(errors)) == (150_001, 250_001)


def test_one_that_never_ends_is_ended_when_it_was_to_finish() -> None:
    with running(HANGS, errors=subprocess.PIPE) as child:
        with pytest.raises(TooLate):
            child.finish(0.05)

        assert child.wait(PATIENCE_S) < 0


def test_a_worker_ends_when_its_input_does() -> None:
    with running(ORPHAN) as child:
        child.read_line(soon())

        child.end_input()

        assert child.wait(PATIENCE_S) == 1


def test_closing_it_twice_is_once_and_leaves_no_file_open() -> None:
    before = len(os.listdir("/dev/fd"))
    child = Child([sys.executable, "-c", dedent(ECHO)])

    child.close()
    child.close()

    assert len(os.listdir("/dev/fd")) == before
    with pytest.raises(Gone):
        child.read_some(soon())


def test_what_the_system_cannot_start_is_an_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        Child(["/nowhere/python"])
