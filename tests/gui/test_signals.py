"""Every signal that the window declares is listened to somewhere: one that nobody hears promises
what does not happen."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

GUI: Final = Path(__file__).parents[2] / "gui"
HEARD_BY_NAME: Final = {
    "failed",  # gui/session.py listens to each part that has one
}
# What is being built: no other may be here.
AWAITED: Final = {"arrange_wanted", "where_changed"}


def declared(source: str) -> Iterator[str]:
    """The names of the signals that classes of a file declare."""
    for node in ast.walk(ast.parse(source)):
        for it in node.body if isinstance(node, ast.ClassDef) else ():
            match it:
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="Signal"))
                ):
                    yield name


def heard(source: str) -> Iterator[str]:
    """The names of what a file connects to something, or hands on to be connected."""
    for name, listener in re.findall(r"\.(\w+)\.connect\(\s*([\w.]*)", source):
        if not listener.endswith(f".{name}"):  # else it is only told on, under the same name
            yield name
    yield from re.findall(r"lambda it: it\.(\w+)[,)]", source)  # what a panel's title is told by
    for moved in re.findall(r"in \(([^)]*)\):\s+\w+\.connect\(", source):
        yield from re.findall(r"\.(\w+)", moved)


def unheard(sources: list[str]) -> list[str]:
    listened = {name for it in sources for name in heard(it)} | HEARD_BY_NAME
    return sorted({name for it in sources for name in declared(it)} - listened)


def test_every_signal_has_a_listener() -> None:
    sources = [it.read_text("utf-8") for it in GUI.rglob("*.py")]

    assert set(unheard(sources)) - AWAITED == set()


def test_a_signal_without_a_listener_is_noticed() -> None:
    source = "class A:\n    told = Signal(int)\n    heard = Signal()\n\nit.heard.connect(print)\n"

    assert unheard([source]) == ["told"]
    assert unheard([source, "it.told.connect(print)"]) == []
    assert unheard([source, "it.told.connect(self.told)"]) == ["told"]
