"""Processes that we start are found however the program is installed: in a checkout, inside a
package of a wheel, and frozen, where the program itself is all there is."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

from replay.children.command import WORKERS, verb_command, worker_command
from replay.children.environment import ROOT
from replay.own.model_template import files_for

WHEEL: Final = """
    import sys
    from pathlib import Path
    sys.path.insert(0, str(Path(__file__).parent))
    from main import main
    sys.exit(main(sys.argv[1:]))
"""
FROZEN: Final = """
    #!{python}
    import sys
    sys.path.insert(0, {root!r})
    sys.frozen, sys.executable = True, __file__
    with open({started!r}, "a") as file:
        file.write(" ".join(sys.argv[1:3]) + "\\n")
    from main import main
    sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    for name, text in files_for("Parking").items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / "parking.py"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A current folder whose files are called as our packages are."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("store", "replay", "gui"):
        (folder / f"{name}.py").write_text("raise SystemExit('of somebody else')", "utf-8")
    return folder


def check(program: list[str], model: Path, folder: Path) -> tuple[int, str]:
    """`model check`, which starts a process."""
    done = subprocess.run(
        [*program, "model", "check", str(model)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_worker_starts_from_a_package_of_a_wheel(
    tmp_path: Path, model: Path, elsewhere: Path
) -> None:
    package = tmp_path / "site-packages" / "foldline"
    for name in ("store", "replay"):
        shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("samples", "engines"):
        shutil.copytree(ROOT / "resources" / name, package / "resources" / name)
    for name in ("main.py", "resources/__init__.py"):
        shutil.copy(ROOT / name, package / name)
    (package / "__main__.py").write_text(dedent(WHEEL), "utf-8")

    code, said = check([sys.executable, str(package)], model, elsewhere)

    assert code == 0, said
    assert "no problems found" in said


def test_a_frozen_program_is_its_own_worker(tmp_path: Path, model: Path, elsewhere: Path) -> None:
    program, started = tmp_path / "foldline", tmp_path / "started"
    text = dedent(FROZEN).format(python=sys.executable, root=str(ROOT), started=str(started))
    program.write_text(text.lstrip(), "utf-8")
    program.chmod(0o755)

    code, said = check([str(program)], model, elsewhere)

    assert code == 0, said
    assert "no problems found" in said
    assert started.read_text("utf-8").splitlines() == [
        "model check",
        "--worker replay.workers.model_check",
    ]


def test_a_frozen_program_runs_no_other_module(elsewhere: Path) -> None:
    for module in (["pytest"], ["replay.children.worker_main"], []):
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), "--worker", *module],
            cwd=elsewhere,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert done.returncode == 2
        assert "unknown worker" in done.stderr


def test_a_verb_runs_as_a_worker_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    assert verb_command("info", "a.foldline") == (
        sys.executable,
        "--worker",
        "replay.workers.job_process",
        "info",
        "a.foldline",
    )


def test_every_worker_is_a_module_of_ours() -> None:
    for module in WORKERS:
        assert importlib.util.find_spec(module) is not None
        assert worker_command(module)[-1] == module


def test_what_is_no_worker_is_not_started() -> None:
    with pytest.raises(ValueError, match="unknown worker: 'os'"):
        worker_command("os")
