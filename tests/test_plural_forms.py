"""A number and its noun agree: `1 event`, `2 events`. A number that can be one is `counted`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
COUNTED: Final = re.compile(
    r"(?<!of )\{(\w+)(?::,)?\} (?!of |in |for )(?:[a-z]+[^s\W] )?([a-z]+[^s\W]s)\b"
)
NEVER_ONE: Final = frozenset(  # limits, and what is only said of more
    {
        *("limit", "most", "longest", "longest_name", "longest_line", "longest_message"),
        *("most_elements", "deepest", "writes_per_event", "answer_bytes", "every", "end", "all"),
        *("shown", "curve", "looked_at", "own_count", "left_out", "size"),
        *("layers", "losses", "times", "what", "many"),
    }
)
OTHER_WORDS: Final = frozenset(  # what a name does, and what stands behind one
    {
        *("as", "has", "is", "its", "this", "was", "begins", "belongs", "bears", "comes"),
        *("contains", "declares", "defines", "differs", "does", "ends", "exists", "fails"),
        *("follows", "holds", "leads", "leaves", "needs", "produces", "reads", "requests", "says"),
        *("shows", "skips", "starts", "stores", "undoes", "unpacks", "uses", "holds"),
    }
)
TOO_MANY: Final = {  # these say that there are more than there may be
    "store/reading/yaml_text.py",
    "store/reading/zip_members.py",
    "store/shaping/facts.py",
    "store/shaping/field_moves.py",
    "store/tables/cell_row.py",
    "replay/taught/type_samples.py",
}


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """What is said in one form whatever the number, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said" and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield node.lineno, text.value


def plurals(text: str) -> list[str]:
    """The names of numbers that stand before a plural."""
    return [name for name, noun in COUNTED.findall(text) if noun not in OTHER_WORDS]


@pytest.mark.parametrize("layer", ["store", "replay", "gui"])
def test_a_number_that_can_be_one_has_a_form_for_it(layer: str) -> None:
    files = sorted(it for it in (ROOT / layer).rglob("*.py"))
    names = {it: it.relative_to(ROOT).as_posix() for it in files}

    found = [
        f"{names[it]}:{line} {text!r}"
        for it in files
        if names[it] not in TOO_MANY
        for line, text in messages(it)
        for name in plurals(text)
        if name not in NEVER_ONE
    ]

    assert found == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("{events:,} events salvaged", True),
        ("{count:,} recorded answers", True),
        ("{size} ids are repeated", True),
        ("the nearest {count} causes", True),
        ("{count:,} of {total:,} events", False),
        ("{name} holds tables of another program", False),
        ("position {at:,} is missing", False),
    ],
)
def test_the_search_finds_a_plural_behind_a_number(text: str, is_found: bool) -> None:
    assert bool(plurals(text)) == is_found
