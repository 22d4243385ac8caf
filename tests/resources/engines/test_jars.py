"""What a pom leads to is fetched once, whole or not at all."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from replay.local_engine import EngineNotFetched, EngineNotInstalled
from resources.engines import jars
from resources.engines.jars import provided_jars, require_fetchable

Maven = Callable[[str], Path]
MAKE = """
for it in "$@"; do case "$it" in -DoutputDirectory=*) to="${it#*=}";; esac; done
mkdir -p "$to" && touch "$to/server.jar"
"""


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maven:
    """Puts a program of that name on the path; returns the file that counts its calls."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")

    def write(body: str) -> Path:
        calls = tmp_path / "calls"
        program = programs / "mvn"
        program.write_text(f"#!/bin/sh\necho call >> {calls}\n{body}\n", "utf-8")
        program.chmod(0o755)
        return calls

    return write


def test_they_are_fetched_once(maven: Maven, tmp_path: Path) -> None:
    calls = maven(MAKE)

    found = [provided_jars("kafka", title="Kafka", folder=tmp_path / "cache") for _ in range(2)]

    assert found[0] == found[1]
    assert [it.name for it in found[0].iterdir()] == ["server.jar"]
    assert calls.read_text("utf-8") == "call\n"


def test_of_two_that_want_them_at_once_one_fetches(maven: Maven, tmp_path: Path) -> None:
    calls = maven(f"sleep 0.3\n{MAKE}")
    threads = [
        threading.Thread(
            target=provided_jars,
            args=["kafka"],
            kwargs={"title": "Kafka", "folder": tmp_path / "cache"},
        )
        for _ in range(2)
    ]

    for it in threads:
        it.start()
    for it in threads:
        it.join()

    assert calls.read_text("utf-8") == "call\n"


def test_a_changed_pom_is_fetched_anew(
    maven: Maven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven(MAKE)
    monkeypatch.setattr(jars, "POMS", tmp_path)
    (tmp_path / "tea.xml").write_text("<project/>", "utf-8")
    first = provided_jars("tea", title="Tea", folder=tmp_path / "cache")
    (tmp_path / "tea.xml").write_text("<project></project>", "utf-8")

    assert provided_jars("tea", title="Tea", folder=tmp_path / "cache") != first


def test_what_fails_leaves_nothing_and_names_no_place_of_a_repository(
    maven: Maven, tmp_path: Path
) -> None:
    calls = maven(
        "echo 'no answer from https://me:secret@registry.example/maven (refused)'\nexit 1"
    )

    with pytest.raises(EngineNotFetched, match="of Kafka could not be fetched") as failed:
        provided_jars("kafka", title="Kafka", folder=tmp_path / "cache")

    assert failed.value.told == "no answer from … (refused)"
    assert len(calls.read_text("utf-8").split()) == jars.TRIES
    assert [it.name for it in (tmp_path / "cache").iterdir()] in ([], ["kafka.lock"])


def test_without_maven_the_line_to_type_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EngineNotInstalled, match="Maven is not installed") as missing:
        provided_jars("kafka", title="Kafka", folder=tmp_path / "cache")
    assert missing.value.line == "apt-get install --no-install-recommends maven"
    with pytest.raises(EngineNotInstalled, match="Maven is not installed"):
        require_fetchable("kafka", folder=tmp_path / "cache")


def test_what_was_fetched_needs_no_maven_any_more(
    maven: Maven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven(MAKE)
    provided_jars("kafka", title="Kafka", folder=tmp_path / "cache")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    require_fetchable("kafka", folder=tmp_path / "cache")
