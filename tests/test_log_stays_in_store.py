"""Only store/ sees a connection to the log, and proof that each rule of this bites.

Everything else asks a reader (store.interface), which need not be a file at all. The views are
another file, and their connection is opened in one place.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import PRODUCT, ROOT, imports

DOORS = frozenset(  # what of SQLite is not about the log, or takes its path and gives a report
    {
        "store.sqlite.connect.connect_memory",
        "store.sqlite.connect.write_transaction",
        "store.sqlite.connect.remove_files",
        "store.sqlite.asked_log.attach_events",
        "store.sqlite.connect.temporary_objects",
        "store.sqlite.integrity.verify",
        "store.sqlite.integrity.VerifyReport",
    }
)
VIEWS_ARE_OPENED_IN = Path("replay/views/read_store.py")
KEEPERS = tuple(  # for store/ alone
    Path("store") / it
    for it in ("sqlite/connect.py", "sqlite/asking.py", "sqlite/bulk_log.py", "transfer/target.py")
)
# What is imported may be a SQLite file too, and a server is connected to.
OTHERS = (Path("store/reading"), Path("store/remote"))


def back_doors(path: Path, source: str) -> list[str]:
    """Imports by which a file outside store/ would come by a connection to the log."""
    opening = {"store.sqlite.connect.connect", "store.sqlite.connect.attach_log"}
    doors = DOORS | (opening if path == VIEWS_ARE_OPENED_IN else set())
    inner = re.compile(
        r"store\.(sqlite|backends|beside\.sqlite\w*|transfer\.(target|lookup|known|bulk_known))\b"
    )
    return [name for name in imports(source) if inner.match(name) and name not in doors]


def attached(source: str) -> list[str]:
    """SQL that opens a file through a connection to another."""
    return re.findall(r"\bATTACH\s+(?:DATABASE\b|'|\?)", source, re.IGNORECASE)


def handed_out(source: str) -> list[str]:
    """Public functions, methods and attributes by which a connection leaves its module."""
    return [*_returned(ast.parse(source)), *re.findall(r"\bself\.(?!_)\w+(?=.*= db\b)", source)]


def _returned(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            gives = ast.unparse(node.returns) if node.returns else ""
            if "Connection" in gives:
                yield node.name


def test_no_file_outside_store_comes_by_a_connection_to_the_log() -> None:
    outside = [it for it in PRODUCT if not it.is_relative_to("store")]
    found = {it: _source(it) for it in outside}

    bad = {str(it): back_doors(it, text) + attached(text) for it, text in found.items()}

    assert outside
    assert {path: what for path, what in bad.items() if what} == {}


def test_store_hands_no_connection_to_the_log_out() -> None:
    inside = [it for it in PRODUCT if it.is_relative_to("store") and it not in KEEPERS]
    asked = [it for it in inside if not any(map(it.is_relative_to, OTHERS))]

    bad = {str(it): handed_out(_source(it)) for it in asked}

    assert {path: what for path, what in bad.items() if what} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from store.sqlite.reader import LogReader",
        "from store.sqlite.connect import open_log",
        "from store.sqlite.connect import connect",
        "from store.sqlite import connect",
        "import store.sqlite.connect",
        "from store.sqlite.writer import Writer",
        "from store.sqlite.store import SqliteStore",
        "from store.beside.sqlite_beside import SqliteBeside",
        "from store.transfer.target import open_target",
        "importlib.import_module('store.sqlite.reader')",
    ],
)
def test_a_back_door_is_noticed(source: str) -> None:
    assert back_doors(Path("gui/work/reads.py"), source)


@pytest.mark.parametrize(
    "source",
    [
        "from store.opening import reading",
        "from store.interface import EventReader",
        "from store.beside.commands import IssuedCommand",
        "from store.sqlite.connect import remove_files, write_transaction",
    ],
)
def test_a_front_door_is_left_alone(source: str) -> None:
    assert back_doors(Path("gui/work/reads.py"), source) == []


def test_the_views_are_opened_in_one_place() -> None:
    opening = "from store.sqlite.connect import connect"

    assert back_doors(VIEWS_ARE_OPENED_IN, opening) == []
    assert back_doors(Path("replay/views/rebuild.py"), opening)


@pytest.mark.parametrize(
    "source",
    [
        "class Reader:\n    @property\n    def db(self) -> sqlite3.Connection:\n        ...",
        "class Reader:\n    def asked(self) -> 'sqlite3.Connection | None':\n        ...",
        "class Reader:\n    def __init__(self, db):\n        self.db = db",
        "class Reader:\n    def __init__(self, db):\n        self.db: Connection = db",
        "def opened(path: Path) -> Iterator[Connection]:\n    ...",
    ],
)
def test_a_connection_that_is_handed_out_is_noticed(source: str) -> None:
    assert handed_out(source)


def test_a_connection_that_is_kept_is_left_alone() -> None:
    assert handed_out("class Reader:\n    def __init__(self, db):\n        self._db = db") == []
    assert handed_out("class Writer:\n    def __init__(self, db):\n        self.head = 1") == []


def test_an_attached_file_is_noticed() -> None:
    assert attached('db.execute("ATTACH DATABASE ? AS log", [path])')
    assert attached("db.execute(\"attach 'a.foldline' as log\")")
    assert not attached("sqlite3.SQLITE_ATTACH")


def _source(path: Path) -> str:
    return (ROOT / path).read_text("utf-8")
