"""The installed command: one package, whose folder comes before packages of the same names."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from replay.command_line import VERSION

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OURS = ("gui", "store", "replay", "resources", "main.py")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An environment's packages: ours as the wheel lays it, and a stranger's `replay`."""
    site = tmp_path / "site"
    shutil.copytree(ROOT / "resources" / "packaging" / "launcher", site / "foldline")
    for name in OURS:
        (site / "foldline" / name).symlink_to(ROOT / name)
    (site / "replay").mkdir()
    (site / "replay" / "__init__.py").write_text("raise RuntimeError('a stranger')\n")
    return site


def test_the_command_finds_its_own_modules_before_packages_of_their_names(
    site: Path, tmp_path: Path
) -> None:
    done = _run(site, tmp_path, "--version")

    assert (done.stdout, done.stderr) == (f"Foldline {VERSION}\n", "")


def test_its_exit_code_is_that_of_the_verb(site: Path, tmp_path: Path) -> None:
    done = _run(site, tmp_path, "info", "nowhere.foldline")

    assert done.returncode == 1
    assert "nowhere.foldline" in done.stderr


def test_it_calls_itself_by_its_own_name(site: Path, tmp_path: Path) -> None:
    usage, wrong = _run(site, tmp_path, "--help"), _run(site, tmp_path, "walk", "home")

    assert usage.stdout.startswith("usage: foldline ")
    assert "main.py" not in usage.stdout
    assert wrong.stderr == ("foldline: unknown verb 'walk'\nfoldline --help lists the verbs.\n")


def test_the_command_is_the_function_of_the_launcher() -> None:
    assert PROJECT["project"]["scripts"] == {"foldline": "foldline:main"}
    assert PROJECT["project"]["version"] == VERSION


def test_the_wheel_holds_all_of_ours_in_one_package() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]

    laid = wheel["sources"] | wheel["force-include"]
    assert laid == {it: f"foldline/{it}" for it in OURS} | {
        "resources/packaging/launcher": "foldline"
    }
    assert sorted(wheel["only-include"]) == sorted(it for it in OURS if it != "main.py")


def _run(site: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "foldline", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
