"""The page of exhibits is run, so that every fault it shows can be seen."""

import re
import shutil
from pathlib import Path

import pytest

from tests.replay.verbs.conftest import Run, run

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "exhibits.md").read_text("utf-8")
EXITS_WITH_1 = "  # exits with 1"

__all__ = ["run"]  # a fixture


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a reader would be: the sample at hand, and the page's files saved."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "resources" / "samples" / "conference.jsonl.gz", tmp_path)
    for name, text in re.findall(r"`(\w+\.py)`:\n\n```python\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def steps() -> list[tuple[str, int, list[str]]]:
    """Each command of the page, its exit code, and the lines that it is said to print."""
    found: list[tuple[str, int, list[str]]] = []
    for block in re.findall(r"```\n(\$.*?)```", PAGE, re.DOTALL):
        for line in block.splitlines():
            if not line.startswith("$ main.py "):
                found[-1][2].append(line)
                continue
            command = line.removeprefix("$ main.py ")
            code = int(command.endswith(EXITS_WITH_1))
            found.append((command.removesuffix(EXITS_WITH_1), code, []))
    return found


def words(command: str) -> list[str]:
    """As a shell would take it apart."""
    return ["".join(it) for it in re.findall(r"'([^']*)'|\"([^\"]*)\"|(\S+)", command)]


def test_every_command_of_the_page_does_what_it_says(run: Run, folder: Path) -> None:
    assert len(list(folder.glob("*.py"))) == 3
    for command, code, promised in steps():
        found, out, err = run(*words(command))

        assert found == code, (command, out, err)
        told = [it.strip() for it in out.splitlines()]
        for line in promised:
            start, is_cut, _ = line.partition("…")
            if is_cut:
                assert any(it.startswith(start) for it in told), (command, line, out)
            else:
                assert line.strip() in told, (command, line, out)


def test_there_is_an_exhibit_for_each_of_the_eight_faults() -> None:
    assert len(re.findall(r"^## ", PAGE, re.MULTILINE)) == 8
    assert len(steps()) > 15
