"""Strictness for every test: an own home, a screen in memory, nothing left behind, no noise.

Warnings, exceptions in threads and in destructors fail through pytest's own settings (see
pyproject.toml); what is here adds threads, processes, log records and Qt's last words.
tests/test_strictness.py proves that each of these bites.
"""

import logging
import os
import select
import shutil
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QMessageLogContext, QSettings, QtMsgType, qInstallMessageHandler

ROOT: Final = Path(__file__).parents[1]
PATIENCE_S: Final = 60.0  # for what a test has told to end
HOMES: Final = (
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "XDG_RUNTIME_DIR",
    "APPDATA",
    "LOCALAPPDATA",
)
MEMORY: Final = Path("/dev/shm")  # where Linux keeps files in memory
ROOM: Final = 4 * 2**30  # bytes that the files of all tests fit into
SHORT: Final = 16  # bytes that can be a test's name
SCREEN: Final = Path(__file__).with_name("offscreen.json")  # 1920x1080; Qt's own is 800x800

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.differing_executors,  # contracts are inherited: one test, several classes
    ],
)
settings.register_profile(
    "thorough", parent=settings.get_profile("ci"), derandomize=False, max_examples=2_000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# Hundreds of processes are started: each would compile all modules again, half of its start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A third of the tests' time was spent waiting for a disk. It is asked to keep each commit still.
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# With RUN_LINES=.coverage each process of pytest records which lines of the program it runs.
RUN_LINES: Final = os.environ.get("RUN_LINES", "")
if RUN_LINES:
    from tests.run_lines import RunLines

    RECORDED: Final = RunLines()

# Another platform can be asked for (xcb); a colon in the path would end Qt's option early.
if os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
    with_screen = f"offscreen:configfile={SCREEN}"
    os.environ["QT_QPA_PLATFORM"] = "offscreen" if ":" in str(SCREEN) else with_screen


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """What is packed holds the time at which it was, so its bytes are no name: workers that
    collect in different seconds would not agree on what there is."""
    return argname if isinstance(val, bytes) and len(val) > SHORT else None


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings of whoever runs it, or those of another test."""
    home = tmp_path_factory.mktemp("home")
    for name in HOMES:
        monkeypatch.setenv(name, str(home))
    for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(home))


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test ends the threads that it began, daemons too."""
    before = set(threading.enumerate())
    yield
    for thread in _threads() - before:
        thread.join(PATIENCE_S)
    left = [thread.name for thread in _threads() - before]
    assert not left, f"threads left behind: {left}"


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    """A test ends the processes that it began."""
    before = _children()
    yield
    left = [name for pid, name in _children().items() if pid not in before and not ends(pid)]
    assert not left, f"processes left behind: {left}"


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Warnings that nobody asked for fail; a test that uses caplog looks for itself."""
    heard = _Warnings()
    logging.getLogger().addHandler(heard)
    yield
    logging.getLogger().removeHandler(heard)
    assert "caplog" in request.fixturenames or not heard.said, f"logged: {heard.said}"


# Of any window with a layout; see qt_log_ignore in pyproject.toml.
OFFSCREEN_SAYS = "This plugin does not support propagateSizeHints()"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """Qt's complaints while widgets and fixtures go; pytest-qt listens until the test ends."""
    said: list[str] = []

    def listen(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg) and text != OFFSCREEN_SAYS:
            said.append(text)

    previous = qInstallMessageHandler(listen)
    try:
        yield
    finally:
        qInstallMessageHandler(previous)
    assert not said, f"Qt complained after the test: {said}"


class _Warnings(logging.Handler):
    """Keeps what was logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.name}: {record.getMessage()}")


def _threads() -> set[threading.Thread]:
    """Threads that Python began; those of Qt's own are known under a dummy that never ends."""
    return {it for it in threading.enumerate() if not isinstance(it, threading._DummyThread)}


def _children() -> dict[int, str]:
    """Living child processes of this one, where the system tells (Linux)."""
    pids: set[int] = set()
    for children in Path("/proc/self/task").glob("*/children"):
        try:
            pids.update(map(int, children.read_text().split()))
        except OSError:
            continue  # the thread ended meanwhile: its children are listed under another
    return {pid: name for pid in pids if (name := _name(pid))}


def _name(pid: int) -> str:
    """What a process is called; empty once it has ended."""
    try:
        before, name, after = Path(f"/proc/{pid}/stat").read_text().replace(")", "(").split("(", 2)
    except OSError:
        return ""
    return "" if after.split()[0] == "Z" else f"{before.strip()} {name}"


def ends(pid: int) -> bool:
    """Whether a process that was told to end does so in time."""
    if sys.platform != "linux":
        return False
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], PATIENCE_S)[0])
    finally:
        os.close(process)


def pytest_collection_finish() -> None:
    """Workers are started before this; a pytest that a test starts records nothing."""
    os.environ.pop("RUN_LINES", None)


def pytest_sessionfinish() -> None:
    if RUN_LINES:
        RECORDED.save(ROOT / RUN_LINES, os.environ.get("PYTEST_XDIST_WORKER", "alone"))


# An account has 128 sets of notices of files; windows that wait to be deleted still hold some.
NEEDS_NOTICES = frozenset({"test_commits.py", "test_wake_event.py"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need the system's notices come before those that leave windows behind."""
    items.sort(key=lambda it: it.path.name not in NEEDS_NOTICES)
