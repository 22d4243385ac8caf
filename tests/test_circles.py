"""No two files of the product import each other, directly or round a corner; and proof of it."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.test_architecture import PRODUCT, ROOT, imports


def imported_files(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Of modules by name: which of them each imports, at once, late, or only for its types."""
    found = {}
    for module, source in sources.items():
        names = {name if name in sources else name.rpartition(".")[0] for name in imports(source)}
        found[module] = (names & sources.keys()) - {module}
    return found


def circle(sources: Mapping[str, str]) -> list[str]:
    """Modules that import one another, the first such circle; empty when there is none."""
    try:
        TopologicalSorter(imported_files(sources)).prepare()
    except CycleError as error:
        return sorted(set(error.args[1]))
    return []


def test_no_two_files_import_each_other() -> None:
    sources = {_module(path): (ROOT / path).read_text("utf-8") for path in PRODUCT}

    assert circle(sources) == []


@pytest.mark.parametrize(
    "sources",
    [
        {"gui.a": "from gui.b import B", "gui.b": "import gui.a"},
        {"gui.a": "from gui import b", "gui.b": "def late():\n    from gui.a import A"},
        {
            "gui.a": "from gui.b import B",
            "gui.b": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import gui.a",
        },
        {"a": "import b", "b": "from c import C", "c": "from a import A"},
    ],
)
def test_a_circle_is_noticed(sources: dict[str, str]) -> None:
    assert circle(sources) == sorted(sources)


def test_files_that_import_one_way_are_no_circle() -> None:
    assert circle({"a": "import b, c", "b": "from c import C", "c": "import json"}) == []


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")
