"""A process tells the GUI thread what it says; what was stopped says nothing more."""

import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.work.child_signals import ChildSignals

PATIENCE_MS = 60_000
SPEAKS = "import sys; print('one'); print('wrong', file=sys.stderr); print('two'); sys.exit(3)"
ECHO = "import sys\nfor line in sys.stdin: print('heard', line, end='', flush=True)"

# Some are under way when it is stopped; a slow machine has to read no more than these.
MANY = "import sys\nfor _ in range(2_000): print('old', flush=True)\nsys.stdin.read()"


class Heard:
    """What a process has told, in order."""

    def __init__(self, signals: ChildSignals) -> None:
        self.output: list[bytes] = []
        self.errors: list[bytes] = []
        self.codes: list[int] = []
        signals.said.connect(self.output.append)
        signals.complained.connect(self.errors.append)
        signals.ended.connect(self.codes.append)


@pytest.fixture
def process(qtbot: QtBot) -> Iterator[ChildSignals]:
    signals = ChildSignals()
    yield signals
    signals.stop()


def test_lines_errors_and_end_are_told(qtbot: QtBot, process: ChildSignals) -> None:
    heard = Heard(process)

    process.start([sys.executable, "-c", SPEAKS])
    qtbot.waitUntil(lambda: bool(heard.codes), timeout=PATIENCE_MS)

    assert (heard.output, heard.errors, heard.codes) == ([b"one\n", b"two\n"], [b"wrong\n"], [3])
    assert not process.is_running
    assert process.pid is None


def test_it_is_told_words_and_ends_when_its_input_does(qtbot: QtBot, process: ChildSignals) -> None:
    heard = Heard(process)
    process.start([sys.executable, "-c", ECHO])

    process.say("pause")
    qtbot.waitUntil(lambda: heard.output == [b"heard pause\n"], timeout=PATIENCE_MS)
    process.stop(grace_s=PATIENCE_MS / 1_000)

    assert not process.is_running


def test_what_was_stopped_says_nothing_more_and_another_may_begin(
    qtbot: QtBot, process: ChildSignals
) -> None:
    heard = Heard(process)
    process.start([sys.executable, "-c", MANY])
    qtbot.waitUntil(lambda: b"old\n" in heard.output, timeout=PATIENCE_MS)

    process.stop()
    heard.output.clear()
    process.start([sys.executable, "-c", SPEAKS])
    qtbot.waitUntil(lambda: bool(heard.codes), timeout=PATIENCE_MS)

    assert heard.output == [b"one\n", b"two\n"]
    assert heard.codes == [3]


def test_what_cannot_be_started_is_an_error(process: ChildSignals) -> None:
    with pytest.raises(OSError, match="No such file"):
        process.start(["/nowhere/python"])

    assert not process.is_running
