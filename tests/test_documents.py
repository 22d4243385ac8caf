"""What the pages of the documents print is typed, and every verb and option is told of."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from replay import command_line
from replay.children.environment import environment
from tests.printed_commands import blocks, follow, steps
from tests.replay.verbs.conftest import Run, run

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "models.md").read_text("utf-8")
COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text("utf-8")
SAMPLES = ROOT / "resources" / "samples"
CONFERENCE, SHIPS = SAMPLES / "conference.jsonl.gz", SAMPLES / "ships.jsonl.gz"

GROUPS = frozenset(
    {"definitions", "engines", "model", "projection", "snapshots"}
)  # verbs of verbs: each has its own help

__all__ = ["run"]  # a fixture


def test_the_guides_test_of_its_model_passes(tmp_path: Path) -> None:
    for name in ("parking.py", "test_parking.py"):
        text = "\n\n".join(text for _, file, text in blocks(GUIDE) if file == name)
        (tmp_path / name).write_text(text, "utf-8")

    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_parking.py"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout


PAGES = (
    "README.md",
    "docs/command-line.md",
    "docs/exhibits.md",
    "docs/importing.md",
    "docs/models.md",
)
BY_THEMSELVES = ("docs/importing.md", "docs/models.md")  # they write the files that they use


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_prints_is_so(page: str, tmp_path: Path) -> None:
    """Typed as it stands there, in the page's order, in an empty folder."""
    text = (ROOT / page).read_text("utf-8")
    there = [] if page in BY_THEMSELVES else [CONFERENCE, SHIPS]

    assert follow(text, tmp_path, there=there) == []


def test_every_page_with_a_command_is_followed() -> None:
    found = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    pages = {str(it.relative_to(ROOT)) for it in found if steps(it.read_text("utf-8"))}
    by_another = {it for it in pages if "how-to-add-a-" in it}  # tests/test_how_to_add.py
    by_another.add("docs/engines.md")  # tests/engines/test_offline_side.py, with a real broker

    assert pages - by_another == set(PAGES)
    assert len(steps(COMMAND_LINE)) == COMMAND_LINE.count("$ main.py ") > 20


def test_every_verb_is_told_of() -> None:
    told = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [
        it for it in command_line.verb_names() if f"`{it}" not in told and f" {it} " not in told
    ] == []
    assert [it for it in command_line.verb_names() if f"main.py {it} " not in readme] == []


def test_every_option_of_the_synopsis_is_one_of_its_verb(run: Run) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    lines = re.findall(r"^    main\.py ([a-z]+) (.*)$", readme, re.MULTILINE)
    known = {verb: set(re.findall(r"--[a-z][a-z-]*", run(verb, "--help")[1])) for verb, _ in lines}

    wrong = {(verb, it) for verb, rest in lines for it in re.findall(r"--[a-z][a-z-]*", rest)}

    assert len(lines) > 30
    assert sorted(it for it in wrong if it[1] not in known[it[0]] and it[0] not in GROUPS) == []


def test_every_option_is_told_of(run: Run) -> None:
    options = {
        (verb, option)
        for verb in command_line.verb_names()
        for option in re.findall(r"--[a-z][a-z-]*", run(verb, "--help")[1])
    }
    told = {*re.findall(r"--[a-z][a-z-]*", COMMAND_LINE), "--help"}

    assert sorted(it for it in options if it[1] not in told) == []
