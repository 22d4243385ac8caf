"""Several parts of a merged state, folded together over a run of payloads: a column of values each.

What payloads say of other fields is passed over without being made a value. As in
replay.states.generic_part a part is the value at its path, ABSENT where there is none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, islice
from operator import attrgetter
from types import GenericAlias
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from replay.states.generic_part import gone_on, is_plain_name
from replay.states.state_part import ABSENT
from store import json_text
from store.stream_texts import StreamTexts

Names: TypeAlias = tuple[str, ...]
_Tree: TypeAlias = dict[str, "_Tree"]  # by the names of fields; an empty one is a part

DEEPEST_PART: Final = 8  # names in a path

_NOTHING_IN: Final = frozenset({UnsetType, type(None)})  # the types of what has no fields
_KEPT: Final = 100  # folds


class PartsFold:
    """Folds the parts at some paths, none of which begins with another. Any thread."""

    def __init__(self, tree: _Tree) -> None:
        self.paths = tuple(_paths(tree))
        self._tree = tree
        self._decode: Callable[[str | bytes], list[Any]] = msgspec.json.Decoder(
            GenericAlias(list, (_struct_of(tree),)), float_hook=Decimal
        ).decode

    def parts_of(self, state: Any) -> list[Any] | None:
        """The parts of a state, in the order of the paths; None where a list is on the way to one,
        or the whole is no object."""
        if type(state) is not dict:
            return None
        parts = list[Any]()
        for path in self.paths:
            found: Any = state
            for name in path:
                if type(found) is list:
                    return None
                found = found.get(name, ABSENT) if type(found) is dict else ABSENT
            parts.append(found)
        return parts

    def state_of(self, parts: Iterable[Any]) -> dict[str, Any]:
        """The state that has these parts, and nothing else."""
        state: dict[str, Any] = {}
        for path, part in zip(self.paths, parts, strict=True):
            if part is ABSENT:
                continue
            found = state
            for name in path[:-1]:
                found = found.setdefault(name, {})
            found[path[-1]] = part
        return state

    def narrowed(self, state: Any) -> Any:
        """The state without all that says nothing of the parts: whichever way it was folded, it is
        the same one. A list on the way to a part stays whole."""
        return _narrowed(state, self._tree) if type(state) is dict else state

    def read(self, texts: StreamTexts) -> Sequence[Any] | None:
        """What each payload of a run says of the parts; None where one of them is no object, or
        what is on the way to a part is none."""
        try:
            found = None if texts.data_json is None else self._decode(texts.data_json)
        except json_text.REFUSALS:
            return None
        return None if found is None or len(found) != len(texts.positions) else found

    def through(self, parts: Sequence[Any], read: Sequence[Any]) -> list[list[Any]] | None:
        """Each part after each of what was read; None where one is an object."""
        columns = list[list[Any]]()
        for part, said in zip(parts, _said(read, self._tree), strict=True):
            column = _after(part, said)
            if column is None:
                return None
            columns.append(column)
        return columns


@lru_cache(maxsize=_KEPT)
def parts_fold(paths: frozenset[Names]) -> PartsFold | None:
    """Of the parts at these paths; None where one lies in another, or the decoder cannot look for
    one."""
    tree: _Tree = {}
    for path in sorted(paths):
        is_within = any(path[:end] in paths for end in range(len(path)))
        if is_within or len(path) > DEEPEST_PART or not all(map(is_plain_name, path)):
            return None
        found = tree
        for name in path:
            found = found.setdefault(name, {})
    return PartsFold(tree) if tree else None


def _narrowed(state: dict[str, Any], tree: _Tree) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in tree.items():
        value = state.get(name, ABSENT)
        if inner and type(value) is dict:
            value = _narrowed(value, inner) or ABSENT
        elif inner and type(value) is not list:
            value = ABSENT
        if value is not ABSENT:
            found[name] = value
    return found


def _paths(tree: _Tree, above: Names = ()) -> Iterator[Names]:
    for name, inner in tree.items():
        if inner:
            yield from _paths(inner, (*above, name))
        else:
            yield (*above, name)


def _struct_of(tree: _Tree) -> Any:
    """Structs in structs, as the tree has them."""
    fields = [
        (f"part{number}", _struct_of(inner) | None if inner else Any, UNSET)
        for number, inner in enumerate(tree.values())
    ]
    rename: Mapping[str, str] = {f"part{number}": name for number, name in enumerate(tree)}
    return msgspec.defstruct("Parts", fields, rename=rename, gc=False)


def _said(found: Sequence[Any], tree: _Tree) -> Iterator[list[Any]]:
    """What the payloads say of each part, in the order of the paths."""
    for number, inner in enumerate(tree.values()):
        said = _fields(found, attrgetter(f"part{number}"))
        if inner:
            yield from _said(said, inner)
        else:
            yield said


def _fields(found: Sequence[Any], read: Callable[[Any], Any]) -> list[Any]:
    if _NOTHING_IN.isdisjoint(map(type, found)):
        return list(map(read, found))
    return [it if it is UNSET or it is None else read(it) for it in found]


def _after(part: Any, said: list[Any]) -> list[Any] | None:
    """The part after each payload; None where it is an object."""
    kinds = set(map(type, said))
    if dict in kinds:
        return None
    if _NOTHING_IN.isdisjoint(kinds):
        return said
    return list(islice(accumulate(said, gone_on, initial=part), 1, None))
