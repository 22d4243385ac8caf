"""No text of an error that the window shows speaks of a terminal."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.action_table import ACTIONS
from gui.panel import TabPanel
from gui.panels import panels
from gui.window_words import NOWHERE, PLACES, error_words, in_window, names_terminal
from replay.command_name import IN_A_CLONE, INSTALLED
from replay.errors import NoPast, UnknownColumn, ViewBehind
from replay.view_version import version_named
from store.errors import StoreDamaged, UnknownFormat

ROOT = Path(__file__).parents[2]
WRITES_FILES = {"replay/own/projection_template.py", "replay/own/model_template.py"}


def texts_for_a_terminal() -> Iterator[tuple[str, str]]:
    """(file, text): every text of store and replay that names a command. What verbs print
    themselves, and what is written into files, is none of an error."""
    for path in (*ROOT.glob("store/**/*.py"), *ROOT.glob("replay/**/*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in WRITES_FILES:
            continue
        tree = ast.parse(path.read_text())
        inner = {id(it) for node in ast.walk(tree) for it in _inside(node)}
        for node in ast.walk(tree):
            if id(node) not in inner and (text := _text(node)) and f"{IN_A_CLONE} " in text:
                yield name, text


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """What is no text of its own: docstrings, and the parts of an f-string."""
    if isinstance(node, ast.Expr):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from node.values


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(it) or "NAME" for it in values)
    return ""


@pytest.mark.parametrize("named", [IN_A_CLONE, INSTALLED])
def test_every_hint_that_names_a_command_names_a_place_in_the_window(named: str) -> None:
    found = list(texts_for_a_terminal())

    assert len(found) > 25
    for file, text in found:
        said = in_window(text.replace(IN_A_CLONE, named))
        assert said, (file, text)
        assert not names_terminal(said), (file, said)
        assert named not in said, (file, said)


def test_every_verb_has_a_place_or_none() -> None:
    verbs = {it.stem.rstrip("_") for it in (ROOT / "replay" / "verbs").glob("[!_]*.py")}

    assert verbs == {*PLACES, *NOWHERE}
    assert not {*PLACES} & {*NOWHERE}


def test_every_place_is_there() -> None:
    actions = {f"{it.menu} ▸ {it.text}" for it in ACTIONS}
    titles = {it.id: it.title for it in panels()}
    pages = {f"{titles[it.parent]} ▸ {it.title}" for it in panels() if isinstance(it, TabPanel)}

    assert set(PLACES.values()) <= actions | pages | set(titles.values())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            UnknownColumn("totl", "orders"),
            "the view orders has no column 'totl'. List the columns with: Views ▸ Projector",
        ),
        (
            NoPast(version_named("orders__before")),
            "Read it as it is now, or delete it: File ▸ Rebuild views",
        ),
        (
            ViewBehind(version_named("orders__before"), shown=12, wanted=20),
            "Read it as it is now, or as of position 12.",
        ),
        (
            UnknownFormat("no format", Path("x")),
            "Name the format yourself in the dialog, or convert the file to JSON Lines.",
        ),
        (
            StoreDamaged("it is damaged", Path("x")),
            "Work on a copy. File ▸ Verify store lists the damage, and "
            "File ▸ Salvage a damaged store… reads what it can.",
        ),
    ],
)
def test_a_step_is_the_same_one_in_the_window(error: Exception, said: str) -> None:
    assert said in error_words(error)  # type: ignore[arg-type]


def test_what_the_window_has_nothing_for_is_left_out_and_other_texts_stay() -> None:
    assert in_window("Leave out --view to list the views that are. Or wait.") == "Or wait."
    assert in_window("Ask with main.py nowhere STORE.") == ""
    for text in ("Make room, and try again.", "a -- b", "/home/x/main.py is no file"):
        assert in_window(text) == text


def test_the_window_takes_hints_from_nowhere_else() -> None:
    other = re.compile(r"\bas_typed\b|\berror\.hint\b|\{error\}\. ")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("gui/**/*.py")
        if other.search(path.read_text())
    }

    assert found == {"gui/window_words.py"}
