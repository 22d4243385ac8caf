"""A hash of the code that gives events their meaning: a state of other code is not to be used.

It is over the source text of the modules that a model's `evolve`, events, state and upcasts come
from, of what these import beside them, and of what decodes and folds. It is the same in every
process that has loaded the same code. Read it as soon as the code is loaded: the files may change
afterwards.
"""

import ast
import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.abc import InspectLoader
from types import ModuleType
from typing import Any, Final

from replay.typed_model import TypedModel

BUNDLED: Final = "replay.models"
# What holds statements: of a statement, of a handler of exceptions, of a case.
_BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
ENGINE: Final = ("replay.states.typed_fold", "store.json_text")  # that all typed models fold with


def definition_of(model: TypedModel[Any]) -> str:
    """Of a typed model. Changes with its version and with any line that a state depends on."""
    return definition_by_code(model, ())


def definition_by_code(
    model: TypedModel[Any],
    further: Sequence[Callable[..., Any]],
    *,
    types: Sequence[type[Any]] = (),
) -> str:
    """Of a typed model, and of further functions and types of it."""
    functions: list[Callable[..., Any]] = [
        model.evolve,
        *(it.change for it in model.upcasts),
        *model.reverses.values(),
        *further,
    ]
    owners = {it.__module__ for it in (model.state, *model.events, *types)}
    owners |= {_innermost(it).__module__ for it in functions}
    facts = [model.name, str(model.version), *map(_place, functions), *_rules(model)]
    return definition_by(facts, sorted(_with_imports(owners)) + list(ENGINE))


def definition_by(facts: Iterable[str], modules: Iterable[str]) -> str:
    """Of some facts, and the source text of loaded modules by name."""
    parts = [*facts, *(_source(it) for it in modules)]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _rules(model: TypedModel[Any]) -> Iterator[str]:
    """What the model's declaration says of how its events are read."""
    for it in model.upcasts:
        yield f"{it.type} {it.version} {it.becomes} {it.becomes_version}"
    yield from sorted(it.__name__ for it in model.events)
    yield from sorted(model.retired)


def _place(function: Callable[..., Any]) -> str:
    """Which of a module's functions it is; its text belongs to the module's."""
    inner = _innermost(function)
    code = getattr(inner, "__code__", None)
    return f"{getattr(inner, '__qualname__', '')}:{code.co_firstlineno if code else 0}"


def _innermost(function: Any) -> Any:
    """What a functools.partial was made of, or a wrapper wraps."""
    for name in ("__wrapped__", "func"):
        if hasattr(function, name):
            return _innermost(getattr(function, name))
    return function


def _with_imports(names: Iterable[str]) -> set[str]:
    """The modules, and those that they import of their own package or folder."""
    found: set[str] = set()
    waiting = [it for it in names if it in sys.modules]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [it for it in _imported(name) if _is_kin(name, it)]
    return found


@cache
def _imported(name: str) -> frozenset[str]:
    """The loaded modules that a module's text names in its imports."""
    package = sys.modules[name].__package__ or ""
    named = set[str]()
    for node in _statements(ast.parse(_source(name))):
        if isinstance(node, ast.Import):
            named |= {it.name for it in node.names}
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level + (node.module or "")
            whole = importlib.util.resolve_name(dots, package) if node.level else dots
            named |= {whole, *(f"{whole}.{it.name}" for it in node.names)}
    return frozenset(named & sys.modules.keys())


def _statements(node: Any) -> Iterator[ast.stmt]:
    """Every statement in a module's tree. No expression holds one, so none is looked into: most
    of a tree is expressions, and a start waits for this."""
    for field in _BLOCKS:
        for inner in getattr(node, field, ()):
            if isinstance(inner, ast.stmt):
                yield inner
            yield from _statements(inner)


def _is_kin(name: str, other: str) -> bool:
    return _family(name) == _family(other) or _folder(name) == _folder(other)


def _family(name: str) -> str:
    return BUNDLED if f"{name}.".startswith(f"{BUNDLED}.") else name.partition(".")[0]


def _folder(name: str) -> str:
    file = getattr(sys.modules[name], "__file__", None)
    return os.path.dirname(file) if file else name


@cache
def _source(name: str) -> str:
    """The module's text; nothing for one that came without (then only its version tells)."""
    module: ModuleType | None = sys.modules.get(name)
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    try:
        text = loader.get_source(name) if isinstance(loader, InspectLoader) else None
    except (OSError, ImportError):
        text = None
    return text or ""
