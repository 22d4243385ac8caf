"""The model that fits every log: a stream's state is its payloads, merged one after another.

Merging is RFC 7396, so a field set to null is removed and a payload that is no object
replaces the state. A payload that cannot be decoded (nested thousands of levels deep) leaves
the state as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from types import GenericAlias
from typing import Any, Final

import msgspec

from replay.states.merge_patch import copy, merge, merge_into
from replay.states.model import Model, Readable
from replay.states.model_definition import definition_by
from store import json_text
from store.stream_texts import StreamTexts

DEEPEST: Final = 200  # brackets in a payload of which one field can be read without the others

_UNTOLD: Final = object()
_UNREADABLE: Final[dict[str, Any]] = {}  # a patch that changes nothing


def _payload(event: Readable) -> Any:
    try:
        return json_text.decode(event.data_json)
    except ValueError:
        return _UNREADABLE


def _evolve(state: Any, event: Readable) -> Any:
    return merge(state, _payload(event))


def _evolve_owned(state: Any, event: Readable) -> Any:
    try:  # as _payload does it, without two more calls per event of a long stream
        payload = json_text.decode_plain(event.data_json)
    except json_text.REFUSALS:
        payload = _payload(event)
    return merge_into(state, payload)


def _as_is(value: Any) -> Any:
    return value


def _is_deep(text: str) -> bool:
    """Whether the whole may be unreadable where one field is not."""
    return len(text) > DEEPEST and text.count("[") + text.count("{") > DEEPEST


@cache
def _of_field(name: str) -> Model[Any] | None:
    """The state with one field alone: an object, and what the payloads say of other fields is
    passed over without being made a value."""
    if not name or any(it in '"\\' or not it.isprintable() for it in name):
        return None  # what the decoder takes for no field's name
    fields = msgspec.defstruct("Field", [("value", Any, msgspec.UNSET)], rename={"value": name})
    decode: Callable[[str], Any] = msgspec.json.Decoder(fields, float_hook=Decimal).decode
    go_on = partial(_gone_on, name)

    def evolve(state: Any, event: Readable) -> Any:
        text = event.data_json
        try:
            found: Any = _UNTOLD if _is_deep(text) else decode(text).value
        except json_text.REFUSALS:
            found = _UNTOLD
        if found is _UNTOLD:
            patch = _payload(event)
            if not isinstance(patch, dict):
                return {}  # a value in place of the object: it has no fields
            found = patch.get(name, msgspec.UNSET)
        return go_on(state, found)

    return replace(
        GENERIC,
        evolve=evolve,
        evolve_owned=evolve,
        of_field=lambda _name: None,
        read_many=_reading_many(fields),
        apply=go_on,
    )


def _gone_on(name: str, state: Any, found: Any) -> Any:
    """The state with one field alone, after what a payload says of it; UNSET: nothing."""
    if found is msgspec.UNSET:
        return state
    if type(found) is dict:
        return {name: merge(state.get(name), found)}
    if found is not None:
        return {name: found}
    return {} if state else state


def _reading_many(fields: Any) -> Callable[[StreamTexts], Sequence[Any] | None]:
    decode: Callable[[str], list[Any]] = msgspec.json.Decoder(
        GenericAlias(list, (fields,)), float_hook=Decimal
    ).decode

    def read_many(texts: StreamTexts) -> Sequence[Any] | None:
        if texts.data_json is None or texts.longest > DEEPEST:
            return None  # of long ones each is looked at, whether it is deep
        try:
            found = decode(texts.data_json)
        except json_text.REFUSALS:
            return None  # one is no object, or cannot be read
        return [it.value for it in found] if len(found) == len(texts.positions) else None

    return read_many


def of_fields(names: tuple[str, ...]) -> Model[Any] | None:
    """The state with these fields alone: what the payloads say of others is passed over without
    being made a value. None for a name that cannot be told apart."""
    if any(not it or any(c in '"\\' or not c.isprintable() for c in it) for it in names):
        return None  # what the decoder takes for no field's name
    return _of_fields(tuple(sorted(set(names))))


@cache
def _of_fields(names: tuple[str, ...]) -> Model[Any]:
    keys = [f"field{number}" for number in range(len(names))]
    fields = msgspec.defstruct(
        "Fields",
        [(it, Any, msgspec.UNSET) for it in keys],
        rename=dict(zip(keys, names, strict=True)),
    )
    decode: Callable[[str], Any] = msgspec.json.Decoder(fields, float_hook=Decimal).decode
    values: Callable[[Any], tuple[Any, ...]] = msgspec.structs.astuple

    def said(event: Readable) -> Any:
        """What the payload says of the fields; or the payload, where it is no object."""
        text = event.data_json
        try:
            if not _is_deep(text):
                return values(decode(text))
        except json_text.REFUSALS:
            pass  # not as it should be, or no object
        patch = _payload(event)
        if not isinstance(patch, dict):
            return patch
        return tuple(patch.get(it, msgspec.UNSET) for it in names)

    def evolve(state: Any, event: Readable) -> Any:
        found = said(event)
        if type(found) is not tuple:
            return found  # a value in place of the object
        is_object = type(state) is dict
        after = state if is_object else {}
        for name, value in zip(names, found, strict=True):
            if value is msgspec.UNSET:
                continue
            after = dict(after) if after is state else after
            if value is None:
                after.pop(name, None)
            else:
                after[name] = merge(after.get(name), value) if type(value) is dict else value
        return after

    return replace(GENERIC, evolve=evolve, evolve_owned=evolve, of_field=lambda _name: None)


GENERIC: Final[Model[Any]] = Model(
    name="generic",
    version=1,
    initial=dict,
    evolve=_evolve,
    evolve_owned=_evolve_owned,
    copy=copy,
    to_json=_as_is,
    from_json=_as_is,
    of_field=_of_field,
    definition=definition_by(
        ["generic 1"], [__name__, "replay.states.merge_patch", "store.json_text"]
    ),
)
