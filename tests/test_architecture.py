"""The rules of the house, and proof that each of them bites.

ARCHITECTURE.md draws the picture; this file reads every import and every line against it.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
CODE: Final = tuple(
    sorted(
        path.relative_to(ROOT)
        for path in ROOT.rglob("*.py")
        if not any(it.startswith(".") or it == "dist" for it in path.relative_to(ROOT).parts)
    )
)
TEXTS: Final = frozenset({".py", ".md", ".toml", ".lock", ".json", ".sql", ".sh", ".qss", ""})
LONGEST_FILE: Final = 400
LONGEST_FUNCTION: Final = 50
VAGUE: Final = frozenset({"utils", "util", "common", "helpers", "helper", "core", "manager"})

# -- imports --------------------------------------------------------------------------------

QT: Final = frozenset({"PySide6", "PySide6QtAds", "shiboken6", "pyqtgraph"})
DRIVERS: Final = frozenset({"main", "tests", "benchmarks"})
DRAWING: Final = frozenset({"gui.views", "gui.dialogs", "gui.widgets", "gui.main_window"})
DRAWN: Final = frozenset({"gui.look.theme", "gui.look.tokens", "gui.look.icons"})
LOOKS: Final = DRAWN | {"gui.look.style", "gui.look.docking"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the files of a folder may not import, and what of it they may after all."""

    banned: frozenset[str]
    allowed: frozenset[str] = frozenset()


DOMAIN: Final = frozenset({"store", "replay", "sqlite3"})
MODELS: Final = Rule(banned=QT | DRAWING | LOOKS, allowed=frozenset({"PySide6.QtCore"}))
RUNNING: Final = frozenset({"gui.work.jobs.Job", "gui.work.long_work"})  # view models hold it
DOOR: Final = "gui.words"  # the door of every text of the window
PLAIN: Final = frozenset({"store.visible_text", "store.number_text", DOOR})  # how things are shown
BEYOND: Final = DOMAIN | RUNNING | {"pyqtgraph", "gui.views", "gui.dialogs"}
VIEWS: Final = Rule(banned=BEYOND, allowed=PLAIN)
RULES: Final = {
    "store": Rule(banned=QT | DRIVERS | {"replay", "gui", "resources"}),
    "replay": Rule(banned=QT | DRIVERS | {"gui", "resources"}),
    # An installed command is started by resources/packaging/launcher: it alone calls main.
    "resources": Rule(banned=QT | DRIVERS | {"gui"}, allowed=frozenset({"main.main"})),
    "gui": Rule(banned=DRIVERS),
    "gui/widgets": Rule(
        banned=DOMAIN | {"gui"},
        allowed=DRAWN | {"gui.widgets"} | PLAIN,
    ),
    "gui/viewmodels": MODELS,
    "gui/itemmodels": MODELS,
    "gui/views": VIEWS,
    "gui/dialogs": VIEWS,
    "main.py": Rule(banned=QT | {"tests", "benchmarks"}),
}

# The folders of replay/, in an order: each may import those before it, and its own line.
ORDER: Final = (
    {"children"},
    {"models"},
    {"states", "taught"},
    {"snapshots"},
    {"projections"},
    {"views"},
    {"timeline", "rules"},
    {"own"},
    {"catalog"},
    {"projector", "lab"},
    {"questions", "query_store", "query_stores", "parts", "spark"},
    {"commands", "engines"},
    {"history"},
    {"processes", "definitions", "correcting", "deciding", "branching", "consequences"},
    {"workers"},
    {"verbs"},
)
PLACE: Final = {name: at for at, names in enumerate(ORDER) for name in names}


def imports(source: str) -> Iterator[str]:
    """The full name of everything that is imported, however deep and in whichever way."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                start = "." * level + (module or "")
                yield from (f"{start}.{name.name}" for name in names)
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]) if _called(
                function
            ) in ("import_module", "__import__"):
                yield name


def forbidden_imports(folder: str, source: str) -> list[str]:
    """What a file in the folder imports although it must not."""
    rule = RULES[folder]
    return [
        name
        for name in imports(source)
        if _is_within(name, rule.banned) and not _is_within(name, rule.allowed)
    ]


@pytest.mark.parametrize("folder", RULES)
def test_imports_point_one_way(folder: str) -> None:
    assert _found(lambda source: forbidden_imports(folder, source), _under(folder)) == {}


def too_high(folder: str, source: str) -> list[str]:
    """What a file in a folder of replay/ imports although it stands further up."""
    parts = [(name, name.split(".")) for name in imports(source) if name.startswith("replay.")]
    return [name for name, it in parts if PLACE.get(it[1], -1) > PLACE[folder]]


@pytest.mark.parametrize("folder", sorted(PLACE))
def test_the_folders_of_replay_stand_in_an_order(folder: str) -> None:
    files = _under(f"replay/{folder}")

    assert files
    assert _found(lambda source: too_high(folder, source), files) == {}


def test_every_folder_of_replay_has_its_place_and_a_wrong_import_is_noticed() -> None:
    folders = {it.name for it in (ROOT / "replay").iterdir() if (it / "__init__.py").is_file()}

    assert folders == set(PLACE)
    assert too_high("states", "from replay.views.view import View")
    assert too_high("views", "import replay.questions.sql_query")
    assert too_high("projections", "from replay.views.view import View")
    assert too_high("views", "from replay.own.own_writer import OwnWriter")
    assert too_high("views", "from replay.timeline.timeline_view import TIMELINE")
    assert too_high("timeline", "from replay.own import own_process")
    assert too_high("own", "from replay.catalog.all_views import all_views")
    assert not too_high("questions", "from replay.views.view import View")


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("store", "import replay.states.fold"),
        ("store", "from resources import samples"),
        ("store", "if TYPE_CHECKING:\n    from PySide6.QtCore import QObject"),
        ("replay", "def late():\n    from PySide6.QtCore import QObject"),
        ("replay", "import store.events, gui.work.tasks"),
        ("replay", "importlib.import_module('gui.work.tasks')"),
        ("resources", "import gui.look.icons"),
        ("gui", "from tests.gui.conftest import fill"),
        ("gui", "import main"),
        ("gui/widgets", "from store import events"),
        ("gui/widgets", "import replay"),
        ("gui/widgets", "from gui.viewmodels.timeline import TimelineViewModel"),
        ("gui/widgets", "from gui import views"),
        ("gui/viewmodels", "from PySide6.QtWidgets import QWidget"),
        ("gui/viewmodels", "from PySide6 import QtGui"),
        ("gui/viewmodels", "import PySide6"),
        ("gui/viewmodels", "import pyqtgraph as pg"),
        ("gui/viewmodels", "from gui.views import timeline"),
        ("gui/itemmodels", "from PySide6.QtGui import QColor"),
        ("gui/itemmodels", "from gui.widgets.chip import Chip"),
        ("gui/views", "from store import events"),
        ("gui/views", "from replay.states.fold import fold"),
        ("gui/views", "import sqlite3"),
        ("gui/views", "from gui.views.inspector import Inspector"),
        ("gui/dialogs", "import store.ingest"),
        ("gui/dialogs", "from gui.views import event_table"),
        ("gui/dialogs", "from gui.work.jobs import Job, Progress"),
        ("gui/views", "from gui.work.long_work import LongWork"),
        ("main.py", "from PySide6.QtWidgets import QApplication"),
    ],
)
def test_a_wrong_import_is_noticed(folder: str, source: str) -> None:
    assert forbidden_imports(folder, source)


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("replay", "from store.events import RecordedEvent"),
        ("gui/widgets", "from PySide6.QtWidgets import QWidget\nfrom gui.look.tokens import Theme"),
        ("gui/viewmodels", "from PySide6.QtCore import QObject\nfrom store import query"),
        ("gui/itemmodels", "from gui.viewmodels.event_list import EventListViewModel"),
        ("gui/views", "from gui.widgets.chip import Chip\nimport storefront"),
        ("gui/views", "from gui.work.jobs import Jobs, Progress"),
        ("main.py", "import gui.app"),
    ],
)
def test_a_right_import_is_left_alone(folder: str, source: str) -> None:
    assert forbidden_imports(folder, source) == []


# -- what a file may say --------------------------------------------------------------------


def relative_or_star(source: str) -> list[str]:
    """Imports that do not say in full what they bring."""
    return [name for name in imports(source) if name.startswith(".") or name.endswith(".*")]


def evaluations(source: str) -> list[str]:
    """Calls that run text as code; a dialog's own `exec()` is something else."""
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    names = (ast.unparse(function) for function in calls)
    return [name for name in names if re.fullmatch(r"(builtins\.)?(eval|exec)", name)]


def connections(source: str) -> list[str]:
    """Where SQLite is opened, under whichever name."""
    tree = ast.parse(source)
    sqlite = {"sqlite3"} | {
        name.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
        if name.name == "sqlite3" and name.asname
    }
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    opened = [call for call in calls if call in {f"{name}.connect" for name in sqlite}]
    return opened + [name for name in imports(source) if name == "sqlite3.connect"]


def event_inserts(source: str) -> list[str]:
    """SQL that writes events."""
    return re.findall(
        r"(?:INSERT(?:\s+OR\s+\w+)?|REPLACE)\s+INTO\s+events\b", source, re.IGNORECASE
    )


def version_names(source: str) -> list[str]:
    """Where the name of a version that stands beside a view is made or read back."""
    texts = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [
        it
        for it in texts
        if re.search(r"^__$|^__(next|before|check|aside)\b|__(next|before|check|aside)$", it)
    ]


def long_functions(source: str) -> list[str]:
    """Functions that no longer fit on a screen."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]


def too_long(source: str) -> list[str]:
    """The file's length, when it is more than one thing's worth."""
    length = len(source.splitlines())
    return [f"{length} lines"] if length > LONGEST_FILE else []


def neighbours(source: str) -> list[str]:
    """Paths that leave the repository: a fresh clone has nothing beside it."""
    return re.findall(r"\.\./shared\b", source)


def vague_names(path: Path) -> list[str]:
    """Modules and folders whose name says nothing."""
    return [part for part in path.with_suffix("").parts if part in VAGUE]


def _outside(*places: str) -> list[Path]:
    return [path for path in CODE if not any(path.is_relative_to(place) for place in places)]


PRODUCT: Final = _outside("tests", "benchmarks")
LAWS: Final[dict[str, tuple[Callable[[str], list[str]], Iterable[Path]]]] = {
    "imports are absolute and named": (relative_or_star, CODE),
    "no text is run as code": (evaluations, CODE),
    "one file opens SQLite": (
        connections,
        [p for p in PRODUCT if p != Path("store/sqlite/connect.py")],
    ),
    "one file writes events": (
        event_inserts,
        [p for p in PRODUCT if p != Path("store/sqlite/writer.py")],
    ),
    "one file names the versions of a view": (
        version_names,
        [p for p in PRODUCT if p != Path("replay/view_version.py")],
    ),
    "functions fit on a screen": (long_functions, CODE),
    "files do one thing": (too_long, CODE),
}


@pytest.mark.parametrize("law", LAWS)
def test_the_code_keeps_the_law(law: str) -> None:
    broken_by, files = LAWS[law]

    assert _found(broken_by, files) == {}


@pytest.mark.parametrize(
    ("law", "source"),
    [
        ("imports are absolute and named", "from . import events"),
        ("imports are absolute and named", "from ..store.events import NewEvent"),
        ("imports are absolute and named", "from store.events import *"),
        ("no text is run as code", "eval('1 + 1')"),
        ("no text is run as code", "import builtins\nbuiltins.exec('pass')"),
        ("one file opens SQLite", "import sqlite3\nsqlite3.connect('a')"),
        ("one file opens SQLite", "import sqlite3 as db\ndb.connect('a')"),
        ("one file opens SQLite", "from sqlite3 import connect\nconnect('a')"),
        ("one file writes events", "ADD = 'INSERT INTO events VALUES (1)'"),
        ("one file writes events", "ADD = '''insert or replace\n  into events (id) VALUES (1)'''"),
        ("one file names the versions of a view", "name + '__next'"),
        ("one file names the versions of a view", "f'{view}__before'"),
        ("one file names the versions of a view", "chosen.partition('__')[0]"),
        ("functions fit on a screen", "def long():\n" + "    pass\n" * LONGEST_FUNCTION),
        ("functions fit on a screen", "async def long():\n" + "    pass\n" * LONGEST_FUNCTION),
        ("files do one thing", "pass\n" * (LONGEST_FILE + 1)),
    ],
)
def test_a_broken_law_is_noticed(law: str, source: str) -> None:
    broken_by, _ = LAWS[law]

    assert broken_by(source)


@pytest.mark.parametrize(
    ("law", "source"),
    [
        ("imports are absolute and named", "from store.events import NewEvent"),
        ("no text is run as code", "dialog.exec()\nmodel.eval()"),
        ("one file opens SQLite", "button.clicked.connect(save)"),
        ("one file writes events", "ADD = 'INSERT INTO events_seen VALUES (1)'"),
        ("one file names the versions of a view", "getattr(model, '__code__', None)"),
        ("functions fit on a screen", "def fits():\n" + "    pass\n" * (LONGEST_FUNCTION - 1)),
        ("files do one thing", "pass\n" * LONGEST_FILE),
    ],
)
def test_what_the_law_allows_is_left_alone(law: str, source: str) -> None:
    broken_by, _ = LAWS[law]

    assert broken_by(source) == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert [str(path) for path in CODE if vague_names(path)] == []
    assert vague_names(Path("gui/utils/colors.py")) == ["utils"]
    assert vague_names(Path("store/helpers.py")) == ["helpers"]
    assert vague_names(Path("store/common_words.py")) == []


def test_nothing_reads_what_lies_beside_the_repository() -> None:
    beside = "/".join(["..", "shared"])

    assert _found(neighbours, _texts_outside_tests()) == {}
    assert neighbours(f"open('{beside}/data/log.jsonl')")


# -- reading --------------------------------------------------------------------------------


def _found(broken_by: Callable[[str], list[str]], files: Iterable[Path]) -> dict[str, list[str]]:
    """Each file with what is wrong in it."""
    sources = ((path, (ROOT / path).read_text("utf-8")) for path in files)
    return {str(path): bad for path, source in sources if (bad := broken_by(source))}


def _under(folder: str) -> list[Path]:
    return [path for path in CODE if path.is_relative_to(folder)]


def _texts_outside_tests() -> list[Path]:
    inside = [it for it in ROOT.rglob("*") if it.suffix in TEXTS and it.is_file()]
    paths = [path.relative_to(ROOT) for path in inside]
    return [path for path in paths if path.parts[0] != "tests" and not _is_made(path.parts[0])]


def _is_made(top: str) -> bool:
    """Whether git does not keep what stands under this name."""
    return re.match(r"dist$|\.(git$|venv|coverage|hypothesis)|.*cache", top) is not None


def _is_within(name: str, packages: Iterable[str]) -> bool:
    return any(f"{name}.".startswith(f"{package}.") for package in packages)


def _called(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]
