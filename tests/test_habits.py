"""How tests look at the product, and how values are made; and proof that each law bites."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from tests.test_architecture import PRODUCT, ROOT

FOREIGN: Final[Mapping[str, str]] = {  # private names that tests may use
    "os._exit": "a process dies without a word; the name is public in the standard library",
    "threading._DummyThread": "tells threads that Python began from those of Qt's own",
}
OWN: Final = frozenset({"self", "cls"})
PATCHES: Final = frozenset({"setattr", "getattr", "delattr", "patch", "object"})
PRIVATE: Final = re.compile(r"_(?!_)\w*")

FEW: Final = 6  # fields; so many are told apart by their names
POSITIONAL: Final[Mapping[str, str]] = {
    "RecordedEvent": "made of a log's rows, by the hundred thousand",
    "StatedTimes": "a tuple, made for each record of a file",
    # Rows of views. The buffer makes them of the columns of their tables, which have this order.
    "Conference": "a row",
    "DraftOrder": "a row",
    "EventType": "a row",
    "LatestState": "a row",
    "ManagedOrder": "a row",
    "OrderLine": "a row",
    "OrderSeat": "a row",
    "PricedOrder": "a row",
    "SeatType": "a row",
    "Stream": "a row",
}

BY_ORDER: Final[Mapping[str, str]] = {
    "RecordedEvent": POSITIONAL["RecordedEvent"],
    "StatedTimes": POSITIONAL["StatedTimes"],
    "WrappingRow": "widgets from left to right",
}
CLASS: Final = re.compile(r"_?[A-Z]")


def private_uses(source: str) -> Iterator[str]:
    """Private names of something else: attributes, imports, and those that are patched by name.

    What an object's own methods use of `self` and `cls` is theirs.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            is_own = isinstance(node.value, ast.Name) and node.value.id in OWN
            if PRIVATE.fullmatch(node.attr) and not is_own:
                yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield from (it.name for it in node.names if PRIVATE.fullmatch(it.name))
        elif isinstance(node, ast.Call):
            yield from _patched(node)


def _patched(call: ast.Call) -> Iterator[str]:
    """Private names that a call of setattr and the like is given as text."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    if name not in PATCHES:
        return
    for it in call.args[:2]:
        if isinstance(it, ast.Constant) and isinstance(it.value, str):
            yield from (part for part in it.value.split(".") if PRIVATE.fullmatch(part))


def test_tests_ask_public_doors() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    found = {str(it.relative_to(ROOT)): set(private_uses(it.read_text("utf-8"))) for it in tests}

    bad = {path: what - FOREIGN.keys() for path, what in found.items()}

    assert tests
    assert {path: what for path, what in bad.items() if what} == {}
    assert FOREIGN.keys() <= set().union(*found.values()), "nobody uses it any more"


@pytest.mark.parametrize(
    "source",
    [
        "window._show()",
        "assert session.worker._process is None",
        "form._parts()[0].label",
        "self.form._parts()",
        "from tests.conftest import _ends",
        "monkeypatch.setattr(peers, '_theirs', told)",
        "monkeypatch.setattr('replay.own.own_process._spawn', refuse)",
        "getattr(window, '_show')",
    ],
)
def test_a_private_door_is_noticed(source: str) -> None:
    assert list(private_uses(source))


@pytest.mark.parametrize(
    "source",
    [
        "self._seen = 1",
        "cls._made()",
        "window.__class__.__name__",
        "def _helper(): ...\n_helper()",
        "monkeypatch.setattr(sys, 'stdin', source)",
        "for _ in range(3): ...",
    ],
)
def test_a_public_door_is_left_alone(source: str) -> None:
    assert list(private_uses(source)) == []


def positional(source: str) -> Iterator[str]:
    """Data of so many fields that may be made by their order alone."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and _is_data(node) and not _is_kw_only(node):
            fields = [it for it in node.body if isinstance(it, ast.AnnAssign)]
            fields = [it for it in fields if "ClassVar" not in ast.unparse(it.annotation)]
            if len(fields) >= FEW:
                yield node.name


def _is_data(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(it).rpartition(".")[2] for it in node.bases}
    return bool(bases & {"Struct", "NamedTuple"}) or "dataclass" in _decorators(node)


def _is_kw_only(node: ast.ClassDef) -> bool:
    words = [*node.keywords, *(it for call in _calls(node) for it in call.keywords)]
    return any(it.arg == "kw_only" and ast.unparse(it.value) == "True" for it in words)


def _decorators(node: ast.ClassDef) -> set[str]:
    named = [it.func if isinstance(it, ast.Call) else it for it in node.decorator_list]
    return {ast.unparse(it).rpartition(".")[2] for it in named}


def _calls(node: ast.ClassDef) -> list[ast.Call]:
    return [it for it in node.decorator_list if isinstance(it, ast.Call)]


def test_data_of_many_fields_is_made_by_their_names() -> None:
    found = {str(it): set(positional((ROOT / it).read_text("utf-8"))) for it in PRODUCT}

    bad = {path: what - POSITIONAL.keys() for path, what in found.items()}

    assert {path: what for path, what in bad.items() if what} == {}
    assert POSITIONAL.keys() <= set().union(*found.values()), "it is not positional any more"


def long_rows_of_values(source: str) -> Iterator[str]:
    """Classes that are called with many values by their order alone."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            values = [it for it in node.args if not isinstance(it, ast.Starred)]
            if CLASS.match(name) and len(values) >= FEW:
                yield name


def test_many_values_are_given_by_their_names() -> None:
    runs = [it for it in PRODUCT if it.parts[0] != "resources"]
    found = {str(it): set(long_rows_of_values((ROOT / it).read_text("utf-8"))) for it in runs}

    bad = {path: what - BY_ORDER.keys() for path, what in found.items()}

    assert {path: what for path, what in bad.items() if what} == {}
    assert BY_ORDER.keys() == set().union(*found.values()) & BY_ORDER.keys(), "nobody does now"


def test_many_values_by_their_order_are_noticed() -> None:
    assert list(long_rows_of_values("rows.put(_Row(a, 0, '', None, 1, 2))")) == ["_Row"]
    assert list(long_rows_of_values("Row(a, b, c, d, e, f=1)")) == []
    assert list(long_rows_of_values("Row(*values, a, b)")) == []
    assert list(long_rows_of_values("added(1, 2, 3, 4, 5, 6)")) == []


SIX: Final = "\n".join(f"    f{n}: int" for n in range(6))


@pytest.mark.parametrize(
    "head",
    [
        "class Row(Struct, frozen=True):",
        "class Row(msgspec.Struct):",
        "class Row(NamedTuple):",
        "@dataclass\nclass Row:",
        "@dataclass(frozen=True, slots=True)\nclass Row:",
        "class Row(Struct, kw_only=False):",
    ],
)
def test_data_that_is_made_by_order_is_noticed(head: str) -> None:
    assert list(positional(f"{head}\n{SIX}")) == ["Row"]


@pytest.mark.parametrize(
    "source",
    [
        f"class Row(Struct, kw_only=True):\n{SIX}",
        f"@dataclass(frozen=True, kw_only=True)\nclass Row:\n{SIX}",
        f"class Row:\n{SIX}",
        "class Row(Struct):\n    a: int\n    b: int\n    title: ClassVar[str] = ''",
    ],
)
def test_data_that_is_made_by_names_or_is_short_is_left_alone(source: str) -> None:
    assert list(positional(source)) == []


def handed_cursors(source: str) -> list[str]:
    """Generators that hand on a cursor: let go, they close it, which a closed file refuses."""
    yields = (it.value for it in ast.walk(ast.parse(source)) if isinstance(it, ast.YieldFrom))
    calls = (it for it in yields if isinstance(it, ast.Call))
    return [ast.unparse(it) for it in calls if ast.unparse(it.func).endswith(".execute")]


def test_no_generator_hands_on_a_cursor() -> None:
    found = {str(it): handed_cursors((ROOT / it).read_text("utf-8")) for it in PRODUCT}

    assert {path: what for path, what in found.items() if what} == {}
    assert handed_cursors("def rows(db):\n    yield from db.execute('SELECT 1')")
    assert not handed_cursors("def rows(db):\n    yield from map(tuple, db.execute('SELECT 1'))")
