"""Which fields of a command a stream settles, and which stream the fields of a form name."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import msgspec

from replay.states.model_set import AnyModel
from replay.typed_model import Command

_MARK: Final = "\0"  # stands around the number of a field; no name of a stream has one


def given_by(stream: str, model: AnyModel, command: type[Command]) -> dict[str, Any]:
    """Values by JSON name. Nothing for a field that cannot be read off the stream's name."""
    pattern = _pattern(model.stream_of, command)
    found = re.fullmatch(pattern, stream, re.DOTALL) if pattern else None
    if found is None:
        return {}
    fields = msgspec.structs.fields(command)
    given: dict[str, Any] = {}
    for group, text in found.groupdict().items():
        field = fields[int(group[1:])]
        try:
            value = msgspec.convert(text, field.type, strict=False)
        except msgspec.ValidationError:
            continue
        given[field.encode_name] = msgspec.to_builtins(value)
    return given


def stream_named(model: AnyModel, command: type[Command], data: Mapping[str, Any]) -> str:
    """The stream that a form is about, from fields by JSON name; the others may still be missing
    or wrong. Empty while the fields that name it are not filled in."""
    fields = [it for it in msgspec.structs.fields(command) if it.required or _is_in(it, data)]
    values = {it.name: _value_of(it, data) for it in fields}
    try:
        stream = str(model.stream_of(command(**values)))
    except Exception:  # the edge: what a model makes of strange values is its own affair
        return ""
    return "" if _MARK in stream else stream


def _is_in(field: Any, data: Mapping[str, Any]) -> bool:
    return field.encode_name in data


def _value_of(field: Any, data: Mapping[str, Any]) -> Any:
    """As the command's type has it; a mark where it is missing or cannot be read."""
    if not _is_in(field, data):
        return _MARK
    try:
        return msgspec.convert(data[field.encode_name], field.type)
    except msgspec.ValidationError:
        return _MARK


@cache
def _pattern(stream_of: Any, command: type[Command]) -> str:
    """What the names of a command's streams look like, with a group for each field in them;
    empty when its stream does not follow from its plain fields."""
    names = [it.name for it in msgspec.structs.fields(command)]
    marks = {name: f"{_MARK}{at}{_MARK}" for at, name in enumerate(names)}
    try:
        template = str(stream_of(command(**marks)))
    except Exception:  # the edge: what a model makes of strange values is its own affair
        return ""
    parts = template.split(_MARK)
    if len(parts) < 3:
        return ""
    told: set[str] = set()
    return "".join(_piece(it, told) if at % 2 else re.escape(it) for at, it in enumerate(parts))


def _piece(number: str, told: set[str]) -> str:
    if number in told:
        return f"(?P=f{number})"
    told.add(number)
    return f"(?P<f{number}>.+?)"
