"""A run of recorded events as a model's types, decoded together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import GenericAlias
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from replay.typed_model import Event
from store import json_text
from store.stream_texts import StreamTexts

SHAPE_IS_TOLD: Final = '"schema_version"'  # in the metadata
FIRST_SHAPE: Final = 1  # of an event whose metadata tells none

_UNFIT: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)
_KEPT: Final = 500  # decoders

# By the name of a type its class, None where its events have no effect; from every type with every
# shape that there is. None where an event is upcast.
Classes: TypeAlias = Mapping[str, type[Event] | None]
ClassesOf: TypeAlias = Callable[[Iterable[tuple[str, int]]], Classes | None]


class _Told(msgspec.Struct, gc=False):
    schema_version: Any = FIRST_SHAPE


_decode_raw: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_told: Final = msgspec.json.Decoder(list[_Told]).decode


def typed_run(texts: StreamTexts, classes_of: ClassesOf) -> Sequence[Event | UnsetType] | None:
    """Each event of a run as its type, UNSET for one that has no effect; None where they have to
    be read one by one."""
    if texts.data_json is None:
        return None
    try:
        shapes = _shapes(texts)
        classes = None if shapes is None else classes_of(shapes)
        found = None if classes is None else _decoded(texts, classes)
    except (*json_text.REFUSALS, InvalidOperation):
        return None
    return None if found is None or len(found) != len(texts.types) else found


def _shapes(texts: StreamTexts) -> set[tuple[str, int]] | None:
    """None where an event states its shape as no number."""
    if SHAPE_IS_TOLD not in texts.metadata_json:
        return {(it, FIRST_SHAPE) for it in set(texts.types)}
    told = [it.schema_version for it in _decode_told(texts.metadata_json)]
    if set(map(type, told)) - {int} or len(told) != len(texts.types):
        return None
    return set(zip(texts.types, told, strict=True))


def _decoded(texts: StreamTexts, classes: Classes) -> Sequence[Event | UnsetType] | None:
    """Raises InvalidOperation for a number beyond a Decimal, which is read with more care."""
    types, payloads = texts.types, texts.data_json or "[]"
    known = [it for it in classes.values() if it is not None]
    try:
        if len(known) == len(classes) == 1:
            return _all(known[0])(payloads)
        raw = texts.raw or _decode_raw(payloads)
        if len(raw) != len(types):
            return None
        if len(known) == len(classes):
            decoders = {name: _one(it) for name, it in classes.items() if it is not None}
            return [decoders[name](it) for name, it in zip(types, raw, strict=True)]
    except _UNFIT:
        raw = texts.raw or _decode_raw(payloads)  # a payload does not fit its type
    return _with_care(raw, types, classes) if len(raw) == len(types) else None


def _with_care(
    raw: Sequence[msgspec.Raw], types: Sequence[str], classes: Classes
) -> Sequence[Event | UnsetType]:
    decoders = {name: None if it is None else _one(it) for name, it in classes.items()}
    return [
        UNSET if (decode := decoders[name]) is None else _typed_or_unset(decode, it)
        for name, it in zip(types, raw, strict=True)
    ]


def _typed_or_unset(
    decode: Callable[[msgspec.Raw], Event], payload: msgspec.Raw
) -> Event | UnsetType:
    try:
        return decode(payload)
    except _UNFIT:
        return UNSET


@lru_cache(maxsize=_KEPT)
def _one(kind: type[Event]) -> Callable[[msgspec.Raw], Event]:
    return msgspec.json.Decoder(kind, float_hook=Decimal).decode


@lru_cache(maxsize=_KEPT)
def _all(kind: type[Event]) -> Callable[[str | bytes], list[Event]]:
    return msgspec.json.Decoder(GenericAlias(list, (kind,)), float_hook=Decimal).decode
