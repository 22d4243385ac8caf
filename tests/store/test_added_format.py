"""A format is added by a file: what docs/how-to-add-a-format.md says, done to a copy."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "how-to-add-a-format.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"^```(?:python)?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COPIED: Final = ("store", "replay", "tests/contracts", "tests/store/formats")
ADDED: Final = (
    "tests/fixtures/shop.books",
    "store/formats/books.py",
    "tests/store/formats/test_books.py",
)
PYTEST: Final = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
TIMEOUT_S: Final = 120


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with the files of the page, and nothing else changed."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "main.py", folder)
    for name in ("tests/__init__.py", "tests/store/__init__.py", "tests/store/event_files.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "tests" / "fixtures").mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    for name, text in zip(ADDED, BLOCKS, strict=True):
        (folder / name).write_text(text, "utf-8")
    return folder


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=copy, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


def answer(copy: Path, *arguments: str) -> dict[str, Any]:
    done = run(copy, "main.py", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_file_of_the_page_is_named_on_it() -> None:
    assert [name for name in ADDED if f"`{name}`" not in PAGE] == []


def test_it_is_found_previewed_and_offers_its_choices(copy: Path) -> None:
    found = answer(copy, "preview", "tests/fixtures/shop.books", "--choice", "prefix=book-")

    assert (found["format"], found["records"][0]["stream"]) == ("books", "book-cash")
    assert found["choices"][0]["values"] == ["account-", "book-"]


def test_it_is_imported_and_a_second_time_adds_nothing(copy: Path, tmp_path: Path) -> None:
    into = str(tmp_path / "log.foldline")

    first = answer(copy, "import", "tests/fixtures/shop.books", "--into", into)
    again = answer(copy, "import", "tests/fixtures/shop.books", "--into", into)

    assert (first["format"], first["stored"], first["rejected"]) == ("books", 3, 0)
    assert (again["stored"], again["duplicates"]) == (0, 3)


def test_it_is_held_to_the_contract(copy: Path) -> None:
    tests = ("tests/store/formats/test_books.py", "tests/store/formats/test_formats.py")

    done = run(copy, *PYTEST, *tests)

    assert done.returncode == 0, done.stdout
    assert re.search(r"\b[7-9] passed", done.stdout)


def test_without_its_contract_it_is_missed(copy: Path) -> None:
    (copy / ADDED[2]).rename(copy / "put_aside")
    try:
        done = run(
            copy,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/store/formats/test_formats.py",
        )
    finally:
        (copy / "put_aside").rename(copy / ADDED[2])

    assert done.returncode == 1
    assert "test_every_format_has_its_contract" in done.stdout
