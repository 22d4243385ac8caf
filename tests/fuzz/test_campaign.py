"""A short campaign over every reader, and every input that has failed before."""

import subprocess
import sys
from pathlib import Path

import pytest

from store.times import parse_moment
from tests.contracts.format import FIXTURES
from tests.fuzz.campaign import all_readers, failure_of, hunt, kind_of, smaller
from tests.fuzz.limits import GrewTooMuch, TookTooLong, limited
from tests.fuzz.reached_lines import ReachedLines, Step
from tests.fuzz.reader import Broken, Reader, require

ROOT = Path(__file__).parents[2]
FAILED = sorted((FIXTURES / "fuzz").glob("*/*"))


@pytest.mark.timeout(900)  # each seed of each reader is tried, however long that takes
def test_no_reader_is_surprised_within_some_seconds() -> None:
    """In a process of its own: tests that are measured cannot be traced by another."""
    command = [sys.executable, "-m", "tests.fuzz.campaign", "--seconds", "12", "--seed", "7"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=850)

    assert done.stderr == ""
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].endswith("0 faults")


@pytest.mark.parametrize("path", FAILED, ids=lambda it: f"{it.parent.name}/{it.name}")
def test_an_input_that_failed_once_does_not_fail_again(path: Path, tmp_path: Path) -> None:
    (reader,) = (it for it in all_readers(tmp_path) if it.name == path.parent.name)

    assert failure_of(reader, path.read_bytes()) is None


def test_a_reader_with_a_fault_behind_some_lines_is_found_out_and_the_input_is_small() -> None:
    def tries(data: bytes, _folder: Path, _is_close: bool) -> None:
        require(b"\xff" not in data, "no byte is 255")

    fragile = Reader(name="fragile", seeds=lambda: [b"abc" * 9, b"abc\xff" * 9], tries=tries)

    (fault,) = hunt(fragile, seconds=0, seed=1).faults.values()

    assert fault.kind == "Broken: no byte is 255"
    assert fault.data == b"\xff"
    assert "Broken" in fault.story


def test_steps_are_pairs_of_lines_of_the_store() -> None:
    lines = ReachedLines()
    with lines.collecting() as steps:
        parse_moment("2026-03-14")

    assert {it.file for it in steps} == {"times.py"}
    assert all(isinstance(it, Step) and it.line > it.before for it in steps)


def test_what_takes_too_long_or_too_much_is_ended() -> None:
    def goes_on() -> None:
        with limited(seconds=0.05):
            while True:
                pass

    def grows() -> None:
        with limited(growth=16 * 1024 * 1024):
            bytearray(b"x") * (64 * 1024 * 1024)

    with pytest.raises(TookTooLong):
        goes_on()
    with pytest.raises(GrewTooMuch):
        grows()


def test_an_input_is_made_smaller_as_long_as_it_fails_alike() -> None:
    assert smaller(b"....a....b....", lambda it: b"a" in it and b"b" in it) == b"ab"
    assert kind_of(Broken("a promise")) == "Broken: a promise"
    assert kind_of(None) == ""
