"""The floor of coverage: each package has one, and to fall below it is noticed."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from resources.setup import coverage_floors

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HALF = "def run(is_so):\n    if is_so:\n        return 1\n    x = 2\n    return x\n\n\nrun(True)\n"


def test_each_package_of_ours_has_a_floor() -> None:
    assert set(PROJECT["tool"]["foldline"]["coverage"]) == {"store", "replay", "gui"}


def test_each_folder_that_speaks_to_a_server_has_a_floor_where_servers_run() -> None:
    folders = [*(ROOT / "store" / "remote").iterdir(), *(ROOT / "replay" / "query_store").iterdir()]
    folders.append(ROOT / "replay" / "spark")
    speaking = {
        it.relative_to(ROOT).as_posix()
        for it in folders
        if (it / "__init__.py").exists() and it.name != "presets"
    }

    assert set(PROJECT["tool"]["foldline"]["coverage-engines"]) == speaking


def test_a_package_below_its_floor_is_named() -> None:
    assert coverage_floors.below({"a": 89.9, "b": 90.0}, {"a": 90, "b": 90}) == ["a"]


def test_the_share_is_that_of_the_lines_which_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "program.py").write_text(HALF)
    measure = [sys.executable, "-m", "coverage", "run", str(tmp_path / "half" / "program.py")]
    subprocess.run(measure, cwd=tmp_path, check=True)
    monkeypatch.setattr(coverage_floors, "ROOT", tmp_path)

    share = coverage_floors.share(tmp_path / ".coverage", "half")

    assert share == pytest.approx(100 * 4 / 6)


def test_what_is_held_elsewhere_counts_for_no_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").touch()
    for folder, text in (("all", "x = 1\n"), ("all/server", HALF)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "program.py").write_text(text)
    program = tmp_path / "all" / "run.py"
    program.write_text("import runpy\nrunpy.run_path('all/program.py')\n")
    program.write_text(program.read_text() + "runpy.run_path('all/server/program.py')\n")
    measure = [sys.executable, "-m", "coverage", "run", str(program)]
    subprocess.run(measure, cwd=tmp_path, check=True)
    monkeypatch.setattr(coverage_floors, "ROOT", tmp_path)
    measured = tmp_path / ".coverage"

    assert coverage_floors.share(measured, "all/server") == pytest.approx(100 * 4 / 6)
    assert coverage_floors.share(measured, "all") == pytest.approx(100 * 8 / 10)
    assert coverage_floors.share(measured, "all", without=["all/server"]) == 100
