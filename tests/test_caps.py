"""Every number that may take only a part of something is written down, with where that is told.

A cap is found by where it stands, not by its name: in a slice, as an argument, in a comparison, as
a usual value, or behind LIMIT. What is found and not listed in `known_caps` fails.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.known_caps import OTHER, SILENT, TEXT, TOLD
from tests.known_paces import PACES
from tests.known_refusals import REFUSED

ROOT: Final = Path(__file__).parents[1]
FOLDERS: Final = ("gui", "replay", "store")
LIMITS: Final = frozenset({"limit", "within", "newest", "most", "findings", "maxlen", "longest"})
TAKERS: Final = frozenset(
    {"islice", "fetchmany", "most_common", "nlargest", "nsmallest", "deque", "get_close_matches"}
)
UNITS: Final = re.compile(r"_(PX|MS|US|S|BYTES|KIB|VERSION|ID|LETTERS)$")
IN_SQL: Final = re.compile(r"\bLIMIT\s+(\d+)")
A_PACE: Final = re.compile(  # work goes on behind it: such names are no caps but in a slice
    r"(^|_)(KEPT|CACHED|PAGE|PAGE_SIZE|BATCH|CHUNK|TRIES|ATTEMPTS|STEPS|SPAN|GROUP|AT_ONCE|INTERVAL"
    r"|PER_[A-Z]+|LENGTH|SINCE|COLUMNS|ALLOWED|DEEPEST)$"
)
DRAWING: Final = ("gui/widgets/", "gui/look/")  # numbers there are pixels, but for slices
PICTURES: Final = "gui/pictures/"  # of the documentation; no part of the window


def caps(source: str, *, known: Mapping[str, int], is_drawing: bool = False) -> Iterator[str]:
    """The names, or figures, by which a file may take a part. `known`: constants of other files
    that are whole numbers."""
    tree = ast.parse(source)
    numbers = {**known, **constants(tree)}
    for node in ast.walk(tree):
        for bound in _strict_places(node):
            yield from _figure(bound, numbers)
        for bound in () if is_drawing else _loose_places(node):
            yield from (it for it in _name(bound, numbers) if not A_PACE.search(it))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (f"LIMIT {it}" for it in IN_SQL.findall(node.value) if int(it) > 1)


def constants(tree: ast.Module) -> dict[str, int]:
    """The constants of a file that are whole numbers above 1 and have no unit in their name."""
    found: dict[str, int] = {}
    for node in tree.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case _:
                continue
        if name.strip("_").isupper() and not UNITS.search(name) and (number := _number(value)) > 1:
            found[name] = number
    return found


def _number(value: ast.expr) -> int:
    match value:
        case ast.Constant(value=int() as number) if not isinstance(number, bool):
            return number
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _number(left), _number(right)
            return max(one, other) if isinstance(op, ast.Mult | ast.Pow | ast.LShift) else 0
    return 0


def _strict_places(node: ast.AST) -> list[ast.expr | None]:
    """Where a bare figure is a cap too."""
    match node:
        case ast.Slice(lower=lower, upper=upper):
            return [lower, upper]
        case ast.Call(func=function, args=arguments, keywords=keywords):
            name = _callee(function)
            limits = {*LIMITS, "default"} if name == "add_argument" else LIMITS
            bounds: list[ast.expr | None] = [it.value for it in keywords if it.arg in limits]
            return [*bounds, *(arguments[1:] if name in TAKERS else ())]
        case ast.arguments():
            return [default for name, default in _defaults(node) if name in LIMITS]
    return []


def _loose_places(node: ast.AST) -> list[ast.expr | None]:
    """Where a constant with a name may be a cap."""
    match node:
        case ast.Call(args=arguments):
            inner = [it.elts for it in arguments if isinstance(it, ast.List | ast.Tuple)]
            return [*arguments, *(it for elements in inner for it in elements)]
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.arguments():
            return [default for _, default in _defaults(node)]
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if not name.isupper():
            return [value]
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if not name.isupper():
            return [value]
        case ast.FormattedValue(value=value):
            return [value] if isinstance(value, ast.Name) else []
    return []


def _callee(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _defaults(node: ast.arguments) -> Iterator[tuple[str, ast.expr | None]]:
    plain = [*node.posonlyargs, *node.args]
    yield from zip(
        (it.arg for it in plain[len(plain) - len(node.defaults) :]), node.defaults, strict=True
    )
    yield from zip((it.arg for it in node.kwonlyargs), node.kw_defaults, strict=True)


def _figure(bound: ast.expr | None, numbers: Mapping[str, int]) -> Iterator[str]:
    """`12` for a bare figure above 1, else as `_name`."""
    if isinstance(bound, ast.UnaryOp):
        bound = bound.operand
    if isinstance(bound, ast.Constant) and _number(bound) > 1:
        yield str(bound.value)
    else:
        yield from _name(bound, numbers)


def _name(bound: ast.expr | None, numbers: Mapping[str, int]) -> Iterator[str]:
    """`N` in N, -N, N + 1, 2 * N and module.N, where it is a whole number."""
    match bound:
        case ast.UnaryOp(operand=inner):
            yield from _name(inner, numbers)
        case ast.BinOp(left=left, right=right):
            yield from _name(left, numbers)
            yield from _name(right, numbers)
        case ast.BoolOp(values=choices):
            for it in choices:
                yield from _name(it, numbers)
        case ast.IfExp(body=one, orelse=other):
            yield from _name(one, numbers)
            yield from _name(other, numbers)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in numbers:
            yield name


@cache
def found_caps() -> frozenset[str]:
    """`file:NAME`, or `file:12`, of every cap of the program."""
    texts = {
        it.relative_to(ROOT).as_posix(): it.read_text("utf-8")
        for folder in FOLDERS
        for it in sorted((ROOT / folder).rglob("*.py"))
    }
    numbers = {_module(path): constants(ast.parse(text)) for path, text in texts.items()}
    return frozenset(
        f"{path}:{name}"
        for path, text in texts.items()
        if not path.startswith(PICTURES)
        for name in caps(
            text, known=_imported(ast.parse(text), numbers), is_drawing=path.startswith(DRAWING)
        )
    )


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _imported(tree: ast.Module, numbers: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The constants that a file takes from others, by name or by their module."""
    modules: dict[str, Mapping[str, int]] = {}
    found: dict[str, int] = {}
    for node in (it for it in ast.walk(tree) if isinstance(it, ast.ImportFrom)):
        for it in node.names:
            its = numbers.get(f"{node.module}.{it.name}")
            here = numbers.get(str(node.module), {})
            if its is not None:
                modules[it.asname or it.name] = its
            elif it.name in here:
                found[it.asname or it.name] = here[it.name]
    for place in ast.walk(tree):
        match place:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                found |= {name: modules[module][name]} if name in modules[module] else {}
    return found


def test_every_cap_is_written_down_with_where_it_is_told() -> None:
    listed = [*TOLD, *TEXT, *PACES, *REFUSED, *OTHER, *SILENT]

    assert sorted(found_caps() - {*listed}) == []  # a new one: tell it where its result is shown
    assert sorted({*listed} - found_caps()) == []  # gone: take it off the list
    assert len(listed) == len({*listed})


def test_nothing_is_cut_silently() -> None:
    assert not SILENT


@pytest.mark.parametrize(
    "source",
    [
        "a[:SHOWN]",
        "a[-SHOWN:]",
        "a[at : at + SHOWN]",
        "log.read(limit=SHOWN + 1)",
        "islice(it, desk.SHOWN)",
        "if len(rows) >= SHOWN: rows.pop()",
        "for _ in range(min(n, SHOWN)): pass",
        "db.execute(SQL, [name, SHOWN])",
        "def f(limit: int = SHOWN): pass",
        "def f(*, rows: int = SHOWN): pass",
        "class A:\n    rows: int = SHOWN",
        "limit = asked or SHOWN",
        "limit = SHOWN if asked is None else asked",
        "SQL = f'SELECT * FROM t LIMIT {SHOWN}'",
        "parser.add_argument('--limit', default=SHOWN)",
        "deque([], SHOWN)",
        "deque(maxlen=SHOWN)",
    ],
)
def test_a_new_cap_is_noticed_wherever_it_stands(source: str) -> None:
    assert set(caps(f"SHOWN: Final = 5_00\n{source}", known={})) == {"SHOWN"}


@pytest.mark.parametrize(
    ("source", "figure"),
    [
        ("a[:50]", "50"),
        ("a[-50:]", "50"),
        ("islice(it, 50)", "50"),
        ("log.read(limit=50)", "50"),
        ("def f(limit: int = 50): pass", "50"),
        ("parser.add_argument('--limit', default=50)", "50"),
        ("cursor.fetchmany(1, 50)", "50"),
        ("'SELECT * FROM t LIMIT 50'", "LIMIT 50"),
    ],
)
def test_a_bare_figure_is_a_cap_too(source: str, figure: str) -> None:
    assert list(caps(source, known={})) == [figure]


def test_what_takes_no_part_is_none() -> None:
    places = ("f(WAIT_MS, PAGE)", "a[:n]", "a[1:]", "'SELECT 1 LIMIT 1'", "x = 500 + y", "g(500)")
    source = "\n".join(("WAIT_MS = 500", "PAGE = 9", *places))

    assert list(caps(source, known={})) == []
