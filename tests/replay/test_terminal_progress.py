"""A long job tells on a terminal how far it has come; a short one, or a pipe, gets nothing."""

import io

import pytest

from replay import terminal_progress
from replay.terminal_progress import BACK, TerminalProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_progress, "PATIENCE_S", 0.0)
    monkeypatch.setattr(terminal_progress, "PAUSE_S", 0.0)


@pytest.mark.usefixtures("impatient")
def test_a_terminal_is_told_how_far_it_has_come_and_the_line_is_cleared() -> None:
    out = Terminal()

    with TerminalProgress("checking events", out=out) as progress:
        progress.tell(1_000, 20_000)

    _, line, rest = out.getvalue().split(BACK)
    assert line.startswith("checking events: 1,000 of 20,000 events, ")
    assert rest == ""


@pytest.mark.usefixtures("impatient")
def test_the_line_is_cleared_after_ctrl_c_too() -> None:
    out = Terminal()

    def interrupted(progress: TerminalProgress) -> None:
        with progress:
            progress.tell(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted(TerminalProgress("folding", out=out))

    assert out.getvalue().endswith(BACK)


@pytest.mark.usefixtures("impatient")
def test_what_is_no_terminal_gets_nothing() -> None:
    out = io.StringIO()

    with TerminalProgress("checking", out=out) as progress:
        progress.tell(1_000)

    assert out.getvalue() == ""


def test_a_job_that_takes_no_time_says_nothing() -> None:
    out = Terminal()

    with TerminalProgress("checking", out=out) as progress:
        progress.tell(1_000)

    assert out.getvalue() == ""


@pytest.mark.usefixtures("impatient")
def test_what_is_counted_changes_with_the_phase() -> None:
    out = Terminal()

    with TerminalProgress("checking events", out=out) as progress:
        progress.begin("checking links")
        progress.tell(5)

    assert "checking links: 5 events" in out.getvalue()
