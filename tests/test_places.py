"""What lies beside a log is found from its place alone (store/place.py); and proof of it."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeGuard

import pytest

from tests.test_architecture import PRODUCT, ROOT

HOME: Final = Path("store/place.py")
OTHERS: Final[Mapping[str, str]] = {  # files that name a neighbour of something else
    "store/commits.py": "the -wal of SQLite",
    "store/sqlite/last_closer.py": "the -wal of SQLite",
    "store/sqlite/connect.py": "a log is removed with what SQLite keeps beside it",
    "store/sqlite/left_wal.py": "the -wal of SQLite",
    "store/sqlite/looking.py": "what SQLite keeps beside a file that is only looked at",
    "store/reading/sqlite_source.py": "a file to be imported, with what SQLite keeps beside it",
    "store/transfer/answer_file.py": "beside an exported file",
    "store/unfinished_names.py": "another name of a file, for a moment",
    "store/whole_file.py": "a file that is not written to its end",
    "replay/definition_journal.py": "a definition on its way to its name",
    "store/sqlite/bulk_log.py": "a log that is not written to its end, with what SQLite keeps",
    "gui/viewmodels/snapshot_work.py": "a name that is offered for a file to export to",
    "store/transfer/new_name.py": "a name that is offered for a new log",
}
BESIDE: Final = re.compile(
    r"(\.foldline)?-(views|((views|rebuild|views-rebuild|dispatch)-)?lock|dispatch-hand)"
)
OF_SQLITE: Final = re.compile(r"-(wal|shm|journal)")
RUNS: Final = [it for it in PRODUCT if it.parts[0] != "resources"]  # scripts see no log there
NEIGHBOURS: Final = frozenset({"with_name", "with_suffix", "with_stem"})


def own_paths(source: str) -> Iterator[str]:
    """Where a file is found by the name of another: a path's methods, and known suffixes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in NEIGHBOURS:
            yield node.attr
        elif isinstance(node, ast.Constant) and _is_suffix(node.value):
            yield node.value


def _is_suffix(value: object) -> TypeGuard[str]:
    if not isinstance(value, str):
        return False
    return bool(BESIDE.fullmatch(value) or OF_SQLITE.fullmatch(value))


def test_only_a_place_knows_what_lies_beside_a_log() -> None:
    found = {str(it): set(own_paths(_source(it))) for it in RUNS if it != HOME}

    assert {path: what for path, what in found.items() if what and path not in OTHERS} == {}
    assert {it for it in OTHERS if not found[it]} == set(), "they name no neighbour any more"


def test_no_file_but_the_place_spells_a_file_of_a_log() -> None:
    found = {str(it): [x for x in own_paths(_source(it)) if BESIDE.fullmatch(x)] for it in RUNS}

    assert [path for path, what in found.items() if what] == [str(HOME)]


@pytest.mark.parametrize(
    "source",
    [
        "log.path.with_name(log.path.name + '.lock')",
        "path.with_suffix('.foldline-views')",
        "open(f'{path}-views')",
        "ProcessLock(Path(str(path) + '-dispatch-lock'))",
        "SUFFIX = '.foldline-views'",
        "VIEWS = '-views-rebuild-lock'",
        "Path(f'{log}-wal')",
    ],
)
def test_path_arithmetic_on_a_log_is_noticed(source: str) -> None:
    assert list(own_paths(source))


@pytest.mark.parametrize(
    "source", ["log.place.views", "place.beside('-cases.json')", "'a-views of it'", "path.name"]
)
def test_what_asks_the_place_is_left_alone(source: str) -> None:
    assert list(own_paths(source)) == []


def _source(path: Path) -> str:
    return (ROOT / path).read_text("utf-8")
