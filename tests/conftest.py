"""Strictness for every test: an own home, a screen in memory, nothing left behind."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("thorough", parent=settings.get_profile("ci"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

PATIENCE_S = 10.0


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test ends the threads that it began."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE_S)
    left = [thread.name for thread in set(threading.enumerate()) - before]
    assert not left, f"threads left behind: {left}"


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    """A test ends the processes that it began."""
    before = _children()
    yield
    left = {pid: name for pid, name in _children().items() if pid not in before}
    assert not left, f"processes left behind: {left}"


@pytest.fixture(autouse=True)
def no_unexpected_log(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Warnings that nobody asked for fail; a test that names caplog looks for itself."""
    yield
    if "caplog" not in request.function.__code__.co_varnames:
        said = [it.getMessage() for it in caplog.get_records("call") if it.levelno >= logging.WARNING]
        assert not said


def _children() -> dict[int, str]:
    """Living child processes of this one, where the system tells (Linux)."""
    children: dict[int, str] = {}
    for tasks in Path("/proc/self/task").glob("*/children"):
        for pid in tasks.read_text().split():
            status = _state(int(pid))
            if status and not status.startswith("Z"):
                children[int(pid)] = status
    return children


def _state(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return f"{text.rsplit(')', 1)[1].split()[0]} {text.split('(', 1)[1].rsplit(')', 1)[0]}"
