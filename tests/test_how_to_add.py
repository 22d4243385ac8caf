"""Each page docs/how-to-add-a-….md is followed to the letter, in a copy of the program.

A fenced block with a path is a file that the page adds; one marked `diff` and a path changes a
file that is there: unmarked lines say where. What follows `$ ` in a `console` block is typed, in
the order of the page, and has to say what stands below it; `…` is any text. Nothing else is done.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = sorted((ROOT / "docs").glob("how-to-add-a-*.md"))
INDEX: Final = (ROOT / "docs" / "how-to-add.md").read_text("utf-8")
BLOCK: Final = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED: Final = re.compile(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
COPIED: Final = ("store", "replay", "gui", "resources", "tests", "docs", "main.py", "README.md")
LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "screenshots")
REFUSED: Final = re.compile(r"^main\.py: ", re.MULTILINE)  # said with an exit code other than 0
TIMEOUT_S: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of a page, and what its first line says of it."""

    language: str
    path: str
    text: str


def blocks(page: str) -> list[Block]:
    return [Block(language=it[1], path=it[2], text=it[3]) for it in BLOCK.finditer(page)]


def copy_of_the_program(folder: Path) -> Path:
    """As a clone has it, with its environment."""
    folder.mkdir()
    for name in (*COPIED, "pyproject.toml"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, folder)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def follow(page: str, copy: Path) -> Iterator[str]:
    """Do what a page says. Yields what did not come out as it stands there."""
    for block in blocks(page):
        if block.language == "console":
            yield from typed(block.text, copy)
        else:
            add(block, copy)


def add(block: Block, copy: Path) -> None:
    """The file of a block, or its change to one; a log to try things with is the same each time."""
    if block.language == "console":
        return
    path = copy / block.path
    assert block.path, f"nothing says where this belongs:\n{block.text}"
    if block.language == "diff":
        change(path, block.text)
        return
    assert not path.exists() or path.read_text("utf-8") == block.text, f"{path} is there already"
    path.write_text(block.text, "utf-8")


def change(path: Path, diff: str) -> None:
    """Put the lines marked + where the unmarked ones say, and take those marked - away."""
    lines = diff.splitlines(keepends=True)
    before = "".join(it[1:] for it in lines if it[0] != "+")
    after = "".join(it[1:] for it in lines if it[0] != "-")
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{path.name} has these lines {text.count(before)} times:{diff}"
    path.write_text(text.replace(before, after), "utf-8")


def typed(console: str, copy: Path) -> Iterator[str]:
    for command, shown in TYPED.findall(console):
        done = run(command, copy)
        if not says(shown, done.stdout):
            yield f"$ {command}\n{done.stdout}"
        if (done.returncode != 0) != (REFUSED.search(shown) is not None):
            yield f"$ {command}\nended with {done.returncode}"


def run(command: str, copy: Path) -> "subprocess.CompletedProcess[str]":
    """What it says on both channels. Nothing of this process's own modules is in its way."""
    environment = {it: text for it, text in os.environ.items() if it != "PYTHONPATH"}
    return subprocess.run(
        ["sh", "-c", f"{command} 2>&1"],
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def says(shown: str, said: str) -> bool:
    """Whether this is what was shown, but for spaces at the end of a line."""
    pattern = ".*".join(re.escape(it) for it in plain(shown).split("…"))
    return re.fullmatch(pattern, plain(said), re.DOTALL) is not None


def plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.stem)
def test_what_the_page_says_is_so(page: Path, tmp_path: Path) -> None:
    copy = copy_of_the_program(tmp_path / "clone")

    assert list(follow(page.read_text("utf-8"), copy)) == []


def test_what_the_pages_add_passes_ruff_and_mypy(tmp_path: Path) -> None:
    copy = copy_of_the_program(tmp_path / "clone")
    steps = [it for page in PAGES for it in blocks(page.read_text("utf-8"))]
    for it in steps:
        add(it, copy)
    python = " ".join(sorted({it.path for it in steps if it.path.endswith(".py")}))

    for check in ("ruff check", "ruff format --check", "mypy"):
        done = run(f".venv/bin/python -m {check} {python}", copy)

        assert done.returncode == 0, done.stdout


def test_every_page_is_named_by_the_first_one() -> None:
    assert [it.name for it in PAGES if f"({it.name})" not in INDEX] == []


def test_a_format_without_its_contract_is_missed(tmp_path: Path) -> None:
    copy = copy_of_the_program(tmp_path / "clone")
    page = (ROOT / "docs" / "how-to-add-a-format.md").read_text("utf-8")
    (added,) = (it for it in blocks(page) if it.path.startswith("store/"))
    (copy / added.path).write_text(added.text, "utf-8")

    done = run(".venv/bin/python -m pytest -q tests/store/formats/test_formats.py", copy)

    assert done.returncode == 1
    assert "test_every_format_has_its_contract" in done.stdout


@pytest.mark.parametrize(
    ("shown", "said", "is_true"),
    [
        ("4 of 4 events, in … s\n", "4 of 4 events, in 0.0 s\n", True),
        ("…\n5 passed in …s\n", "..... [100%]\n5 passed in 1s\n", True),
        ("a  b\nc\n", "a  b  \nc\n", True),
        ("4 events\n", "5 events\n", False),
        ("4 events\n", "4 events\nand a warning\n", False),
        ("", "a warning\n", False),
    ],
)
def test_a_command_that_says_something_else_is_noticed(
    shown: str, said: str, is_true: bool
) -> None:
    assert says(shown, said) == is_true


def test_a_change_where_its_lines_are_not_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\nthree\n", "utf-8")

    change(tmp_path / "a.py", " one\n+and a half\n two\n")
    with pytest.raises(AssertionError, match="0 times"):
        change(tmp_path / "a.py", " one\n+and a half\n two\n")

    assert (tmp_path / "a.py").read_text("utf-8") == "one\nand a half\ntwo\nthree\n"
