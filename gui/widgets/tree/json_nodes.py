"""The rows of a JSON tree: made when they are asked for, each knowing its path."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Literal, TypeAlias

from gui.widgets.tree.json_words import Path, key_text, short_text

RowKey: TypeAlias = tuple[bool, str | int]  # whether it was removed, and its key

_ids = count(1)


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened to the value at a path. `before` is the old value, or the old place."""

    kind: Literal["added", "removed", "changed", "moved"]
    before: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything a tree shows. A removed path leads to where the value was."""

    title: str
    value: Any = None
    marks: Mapping[Path, Mark] = field(default_factory=dict)
    notes: Mapping[Path, str] = field(default_factory=dict)
    removed: Mapping[Path, tuple[str | int, ...]] = field(default_factory=dict)
    touched: frozenset[Path] = frozenset()  # everything above a mark


NOTHING: Final = Shown(title="")


class Node:
    """One row. Its children are None until somebody looks; `size` counts them all the same."""

    __slots__ = (
        "children",
        "id",
        "is_removed",
        "key",
        "mark",
        "note",
        "parent",
        "path",
        "row",
        "size",
        "value",
    )

    def __init__(self, row_key: RowKey, *, parent: "Node | None", row: int) -> None:
        self.id = next(_ids)
        self.is_removed, self.key = row_key
        self.parent = parent
        self.row = row
        self.path: Path = () if parent is None else (*parent.path, self.key)
        self.value: Any = None
        self.mark: Mark | None = None
        self.note = ""
        self.size = 0
        self.children: list[Node] | None = None

    @property
    def row_key(self) -> RowKey:
        """What tells it from its siblings."""
        return (self.is_removed, self.key)

    @property
    def is_live(self) -> bool:
        """Whether it is part of the value, and not of what was removed from it."""
        node: Node | None = self
        while node is not None:
            if node.is_removed:
                return False
            node = node.parent
        return True


def shown(
    value: Any, *, title: str, marks: Mapping[Path, Mark], notes: Mapping[Path, str]
) -> Shown:
    """A value with its marks, sorted for the tree."""
    removed: dict[Path, tuple[str | int, ...]] = {}
    for path, mark in marks.items():
        if mark.kind == "removed" and path:
            removed[path[:-1]] = (*removed.get(path[:-1], ()), path[-1])
    touched = frozenset(path[:depth] for path in marks for depth in range(len(path)))
    return Shown(
        title=title, value=value, marks=marks, notes=notes, removed=removed, touched=touched
    )


def fill(node: Node, shown: Shown) -> bool:
    """Take value, mark and note from what is shown; whether the row looks different now."""
    before = (node.value, node.mark, node.note)
    node.value = _value_of(node, shown)
    is_own = node.is_live or node.is_removed  # below a removed row, paths are of the past
    node.mark = shown.marks.get(node.path) if is_own else None
    node.note = shown.notes.get(node.path, "") if node.is_live else ""
    if node.mark is not None and (node.mark.kind == "removed") != node.is_removed:
        node.mark = None
    return not (
        _looks_same(before[0], node.value) and before[1] == node.mark and before[2] == node.note
    )


def size_of(node: Node, shown: Shown) -> int:
    """How many rows belong below."""
    gone = shown.removed.get(node.path, ()) if node.is_live else ()
    return (len(node.value) if isinstance(node.value, dict | list) else 0) + (
        len(gone) if isinstance(node.value, dict | list) else 0
    )


def child_keys(node: Node, shown: Shown) -> list[RowKey]:
    """The rows below, in order; what was removed stands where it was."""
    value = node.value
    if not isinstance(value, dict | list):
        return []
    gone = shown.removed.get(node.path, ()) if node.is_live else ()
    keys: list[RowKey] = [(False, key) for key in (value if isinstance(value, dict) else ())]
    if isinstance(value, list):
        keys = [(False, index) for index in range(len(value))]
        for at in sorted(key for key in gone if isinstance(key, int)):
            keys.insert(at, (True, at))
        return keys
    for key in gone:
        keys.insert(_old_place(node, key, keys), (True, key))
    return keys


def search(value: Any, text: str) -> Iterator[Path]:
    """The path of every field whose name or value contains `text`, top to bottom."""
    yield from _search((), value, text.casefold())


def _search(path: Path, value: Any, text: str) -> Iterator[Path]:
    if path and _matches(path[-1], value, text):
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _search((*path, key), item, text)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _search((*path, index), item, text)


def _matches(key: str | int, value: Any, text: str) -> bool:
    if isinstance(key, str) and text in key.casefold():
        return True
    if isinstance(value, dict | list):
        return False
    plain = value if isinstance(value, str) else str(value)
    return text in plain.casefold() or text in short_text(value).casefold()


def _value_of(node: Node, shown: Shown) -> Any:
    parent = node.parent
    if parent is None:
        return shown.value
    if node.is_removed:
        return shown.marks[node.path].before
    return parent.value[node.key]


def _looks_same(before: Any, after: Any) -> bool:
    if before is after:
        return True
    if isinstance(before, dict | list) or isinstance(after, dict | list):
        return type(before) is type(after) and len(before) == len(after)
    return type(before) is type(after) and str(before) == str(after)


def _old_place(node: Node, key: str | int, keys: list[RowKey]) -> int:
    """Behind the row it used to stand behind; at the end when nobody remembers."""
    old = [child.key for child in node.children or ()]
    if key not in old:
        return len(keys)
    for earlier in reversed(old[: old.index(key)]):
        for at, (_, present) in enumerate(keys):
            if present == earlier:
                return at + 1
    return 0


def label(node: Node, shown: Shown) -> str:
    """The row's name."""
    return shown.title if node.parent is None else key_text(node.key)
