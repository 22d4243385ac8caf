"""Pins: versions and hashes for every system, no index, and a Qt that lasts on this Python."""

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from resources.setup import bootstrap

ROOT = Path(__file__).parents[1]
LOCKS = sorted(bootstrap.LOCKS.values())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert not [
        mark for mark in ("://", "index", "find-links", "@", ".org", ".com") if mark in text
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_one_version_and_hashes(name: str) -> None:
    pins = _pins(name)

    assert pins
    for requirement, hashes in pins:
        assert [it.operator for it in requirement.specifier] == ["=="], requirement
        assert hashes, requirement


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["dependency-groups"]["dev"]),
        ("requirements-bench.lock", PROJECT["dependency-groups"]["bench"]),
        ("requirements-package.lock", PROJECT["dependency-groups"]["package"]),
        ("requirements-libraries.lock", PROJECT["dependency-groups"]["libraries"]),
        ("requirements-package.lock", PROJECT["build-system"]["requires"]),
        ("requirements-postgresql.lock", PROJECT["project"]["optional-dependencies"]["postgresql"]),
    ],
)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_every_dependency_is_pinned_within_its_bounds(
    name: str, wanted: list[str], python: str
) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.1"}
    pinned = _pinned_for(name, here)

    for text in wanted:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(here):
            assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


def test_the_locks_leave_out_nothing_that_a_pinned_package_needs() -> None:
    """They are installed as they stand, so that only their being whole makes the set-up whole."""
    checked = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("extra", ["", "-postgresql"])
def test_run_extras_and_dev_pin_the_same_versions(python: str, extra: str) -> None:
    here = {"python_version": python, "python_full_version": f"{python}.1"}

    run = _pinned_for(f"requirements{extra}.lock", here)

    assert run.items() <= _pinned_for("requirements-dev.lock", here).items()


def test_calls_into_qt_do_not_wear_none_out(qtbot: QtBot) -> None:
    """PySide6 6.12.0 drops a reference to None a call: fatal before None was immortal (3.12)."""
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)

    for _ in range(1_000):
        widget.update()

    assert sys.getrefcount(None) > before - 500


def test_a_mortal_none_is_counted_and_an_immortal_one_is_not() -> None:
    """What the test above rests on: a fall can be seen, or cannot matter."""
    before = sys.getrefcount(None)
    held = [None] * 1_000

    counted = sys.getrefcount(None) - before
    assert (counted == 0) if sys.version_info >= (3, 12) else (counted > 500)
    assert len(held) == 1_000


def _pins(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each pin of a lock file with its hashes."""
    joined = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    parts = [line.split("--hash=sha256:") for line in lines]
    return [(Requirement(first), [it.strip() for it in rest]) for first, *rest in parts]


def _pinned_for(name: str, here: Mapping[str, str]) -> dict[str, str]:
    """The version that each package gets in an environment."""
    return {
        canonicalize_name(requirement.name): next(iter(requirement.specifier)).version
        for requirement, _ in _pins(name)
        if requirement.marker is None or requirement.marker.evaluate(dict(here))
    }
