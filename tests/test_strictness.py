"""Each check of conftest.py bites: a careless test fails, a careful one does not."""

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = Path(__file__).parent
CARELESS = {
    "leaves_a_thread": """
        threading.Thread(target=threading.Event().wait, name="forgotten", daemon=True).start()
    """,
    "leaves_a_process": """
        left.append(subprocess.Popen(["sleep", "60"]))
    """,
    "raises_in_a_thread": """
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    """,
    "raises_in_a_destructor": """
        type("Careless", (), {"__del__": lambda self: 1 / 0})()
    """,
    "warns": """
        warnings.warn("old", DeprecationWarning)
    """,
    "leaves_a_file_open": """
        open(__file__)
    """,
    "logs_a_warning": """
        logging.getLogger("store").warning("disk is slow")
    """,
    "makes_qt_warn": """
        qWarning("nobody listens")
    """,
    "makes_qt_warn_while_it_is_cleared_away": """
        request.addfinalizer(lambda: qWarning("too late"))
    """,
}
CAREFUL = {
    "looks_at_its_own_log": """
        request.getfixturevalue("caplog")
        logging.getLogger("store").warning("disk is slow")
    """,
    "ends_what_it_began": """
        thread = threading.Thread(target=int)
        thread.start()
        subprocess.run(["true"], check=True)
    """,
    "has_a_screen_of_its_own": """
        size = request.getfixturevalue("qapp").primaryScreen().size()
        assert (size.width(), size.height()) == (1920, 1080)
    """,
    "keeps_settings_in_an_empty_home": """
        settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "o", "a")
        assert settings.fileName().startswith(os.environ["HOME"])
        assert not os.listdir(os.environ["HOME"])
        settings.setValue("theme", "dark")
        settings.sync()
        assert os.listdir(os.environ["HOME"])
    """,
    "finds_no_settings_of_the_test_before": """
        settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "o", "a")
        assert settings.value("theme") is None
    """,
}
HEAD = """
import logging, os, subprocess, threading, warnings
from PySide6.QtCore import QSettings, qWarning
left = []
"""


@pytest.fixture
def outcomes(pytester: pytest.Pytester) -> dict[str, str]:
    """How the tests above end under our settings: passed, failed (call) or error (after it)."""
    for name in ("conftest.py", "offscreen.json"):
        shutil.copy(TESTS / name, pytester.path)
    shutil.copy(TESTS.parent / "pyproject.toml", pytester.path)
    conftest = pytester.path / "conftest.py"
    conftest.write_text(
        conftest.read_text().replace("PATIENCE_S: Final = 60.0", "PATIENCE_S = 0.1")
    )
    bodies = CARELESS | CAREFUL
    cases = [f"def test_{name}(request):{body}" for name, body in bodies.items()]
    (pytester.path / "test_cases.py").write_text(HEAD + "\n".join(cases) + "\n" + TAIL)
    done = pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:cacheprovider", "-rA", ".")
    return _outcomes(done.outlines, bodies)


TAIL = """
def teardown_module():
    for process in left:
        process.kill()
        process.wait()
"""


def test_careless_tests_fail_and_careful_ones_pass(outcomes: dict[str, str]) -> None:
    assert outcomes == dict.fromkeys(CARELESS, "bad") | dict.fromkeys(CAREFUL, "good")


def _outcomes(lines: list[str], names: dict[str, str]) -> dict[str, str]:
    """`bad` when a test failed or left an error behind."""
    bad = {
        line.split("::test_")[1].split()[0] for line in lines if line[:6] in ("FAILED", "ERROR ")
    }
    ran = {line.split("::test_")[1].split()[0] for line in lines if "::test_" in line}
    return {name: "bad" if name in bad else "good" for name in names if name in ran}
