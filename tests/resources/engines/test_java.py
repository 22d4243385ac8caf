"""Which Java a server is started with."""

from pathlib import Path

import pytest

from replay.local_engine import EngineNotInstalled
from resources.engines.java import java_home, of


def home(folder: Path, release: str | None, *, says: str = "") -> Path:
    """A folder as a Java is installed in; `says` is what its program prints of itself."""
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n", "utf-8")
    program.chmod(0o755)
    if release is not None:
        (folder / "release").write_text(release, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("release", "says", "version"),
    [
        ('IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\n', "", 17),
        ('JAVA_VERSION="1.8.0_402"\n', "", 8),
        ('JAVA_RUNTIME_VERSION="25.0.3+9-LTS"\nJAVA_VERSION="25"\n', "", 25),
        (None, 'openjdk version "21.0.2" 2024-01-16', 21),
        (None, "no Java at all", 0),
    ],
)
def test_a_folder_says_which_version_it_is(
    tmp_path: Path, release: str | None, says: str, version: int
) -> None:
    assert of(home(tmp_path / "jdk", release, says=says)) == version


def test_a_folder_without_the_program_is_no_java(tmp_path: Path) -> None:
    assert of(tmp_path) == 0


def test_the_oldest_that_fits_is_taken(tmp_path: Path) -> None:
    places = [home(tmp_path / f"{it}", f'JAVA_VERSION="{it}.0.1"') for it in (25, 11, 21, 17)]

    assert java_home(range(17, 26), packages=["jre"], places=places).name == "17"
    assert java_home(range(18, 26), packages=["jre"], places=places).name == "21"


def test_a_java_that_does_not_fit_is_none(tmp_path: Path) -> None:
    places = [home(tmp_path / "old", 'JAVA_VERSION="11.0.1"')]

    with pytest.raises(EngineNotInstalled, match="Java 17 to 25 is not installed") as missing:
        java_home(range(17, 26), packages=["default-jre-headless", "maven"], places=places)
    assert missing.value.line.endswith("default-jre-headless maven")
    with pytest.raises(EngineNotInstalled, match="Java 17 is not"):
        java_home(range(17, 18), packages=["openjdk-17-jre-headless"], places=places)
