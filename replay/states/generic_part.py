"""One part of a merged state, folded alone: what payloads say of other fields is passed over
without being made a value.

A state is the value at the path, ABSENT where there is none. What a payload says of the part is a
value that is merged into it, None where the part is taken away, UNSET where it says nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, compress, repeat
from operator import is_not
from types import GenericAlias
from typing import Any, Final

import msgspec
from msgspec import UNSET

from replay.states.merge_patch import merge
from replay.states.model import Readable
from replay.states.state_part import ABSENT
from store import json_text
from store.stream_texts import StreamTexts

DEEPEST: Final = 200  # brackets in a payload of which one field can be read without the others

_UNREADABLE: Final[dict[str, Any]] = {}  # a patch that changes nothing
_TAKEN_AWAY: Final = None
_KEPT: Final = 100  # decoders


def payload_of(event: Readable) -> Any:
    """What an event says; what changes nothing, where it cannot be decoded."""
    try:
        return json_text.decode(event.data_json)
    except ValueError:
        return _UNREADABLE


def is_deep(text: str) -> bool:
    """Whether the whole may be unreadable where one field is not."""
    return len(text) > DEEPEST and text.count("[") + text.count("{") > DEEPEST


def is_plain_name(name: str | int) -> bool:
    """Whether the decoder takes it for the name of a field."""
    return (
        isinstance(name, str)
        and bool(name)
        and name.isprintable()
        and not any(it in '"\\' for it in name)
    )


class PartFold:
    """Folds the part at a path of names, of which there is one at least. Any thread."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._decode = msgspec.json.Decoder(_struct_of(names), float_hook=Decimal).decode

    def evolve(self, part: Any, event: Readable) -> Any:
        """The part after an event."""
        text = event.data_json
        try:
            if not is_deep(text):
                (said,) = _inside([self._decode(text)], len(self._names))
                return gone_on(part, said)
        except json_text.REFUSALS:
            pass  # not as it should be, or no object
        return gone_on(part, _below(payload_of(event), self._names))

    def through(self, part: Any, texts: StreamTexts) -> tuple[Sequence[int], Iterator[Any]] | None:
        """The parts after the events of a run that say something of it, and their positions; None
        where they have to be read one by one."""
        said = None if texts.data_json is None else self._said(texts.data_json)
        if said is None or len(said) != len(texts.positions):
            return None
        kinds = set(map(type, said))
        positions = texts.positions
        if type(UNSET) in kinds:
            is_said = list(map(is_not, said, repeat(UNSET)))
            said, positions = list(compress(said, is_said)), list(compress(positions, is_said))
        if dict in kinds:
            parts = accumulate(said, gone_on, initial=part)
            next(parts)
            return positions, parts
        if type(None) in kinds:
            said = [ABSENT if it is _TAKEN_AWAY else it for it in said]
        return positions, iter(said)

    def _said(self, texts: str | bytes) -> list[Any] | None:
        """What each payload says of the part. Where some have no objects on the way to it they are
        decoded further."""
        names = self._names
        for depth in dict.fromkeys((len(names), 1, 0)):
            try:
                found = _many(names[:depth])(texts)
            except msgspec.ValidationError:
                continue
            except json_text.REFUSALS:
                return None
            said, rest = _inside(found, depth), names[depth:]
            return [_below(it, rest) for it in said] if rest else said
        return None


def gone_on(part: Any, said: Any) -> Any:
    """The part after what a payload says of it."""
    if said is UNSET:
        return part
    if type(said) is dict:
        return merge(part, said)
    return ABSENT if said is _TAKEN_AWAY else said


def _below(said: Any, names: Sequence[str]) -> Any:
    """What is said of a part, from what is said of what it is in."""
    for name in names:
        if said is UNSET:
            return UNSET
        if type(said) is not dict:
            return _TAKEN_AWAY  # a value in place of the object: it has no fields
        said = said.get(name, UNSET)
    return said


def _inside(found: list[Any], depth: int) -> list[Any]:
    """What stands so many structs deep."""
    for _ in range(depth):
        found = [it if it is UNSET or it is _TAKEN_AWAY else it.value for it in found]
    return found


@lru_cache(maxsize=_KEPT)
def _many(names: tuple[str, ...]) -> Callable[[str | bytes], list[Any]]:
    """Decodes an array of payloads as far as the path goes."""
    kind = _struct_of(names) if names else Any
    return msgspec.json.Decoder(GenericAlias(list, (kind,)), float_hook=Decimal).decode


def _struct_of(names: tuple[str, ...]) -> Any:
    """Structs in structs, each with one field: of a name of the path."""
    kind: Any = Any
    for name in reversed(names):
        field = ("value", kind, UNSET)
        found: Any = msgspec.defstruct("Part", [field], rename={"value": name}, gc=False)
        kind = found | None
    return found
