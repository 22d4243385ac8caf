"""What a command's form shows and checks: the JSON schema of its type."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from typing import Any, Final

import jsonschema_rs
import msgspec

from replay.commands.field_words import said_patterns, words_of
from replay.typed_model import Command
from replay.words import said
from store import json_text
from store.errors import StoreError

_CONSTRUCTOR: Final = "$defs"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field. `path` leads to it: names, and places in lists from 0."""

    path: tuple[str | int, ...]
    message: str


class InvalidCommand(StoreError):
    """A command's fields are not valid: it was not even decided on."""

    hint = said("Correct the fields. `main.py commands STORE --json` prints the schema.")

    def __init__(self, command: str, errors: tuple[FieldError, ...]) -> None:
        told = "; ".join(f"{_place(it.path)}{it.message}" for it in errors)
        super().__init__(said("{command} is not valid: {told}", command=command, told=told))
        self.errors = errors


@cache
def schema_of(command: type[Command]) -> dict[str, Any]:
    """The JSON schema of a command's payload: labels as titles, help as descriptions, x-unit,
    x-choices. Exact decimals are numbers with the format "decimal"."""
    schema: dict[str, Any] = _with_decimals(msgspec.json.schema(command))
    name = schema.pop("$ref").rsplit("/", 1)[1]
    definition: dict[str, Any] = schema["$defs"].pop(name)
    return {**definition, **({"$defs": schema["$defs"]} if schema["$defs"] else {})}


def help_of(command: type[Command]) -> str:
    """What a command is for."""
    return cleandoc(command.__doc__ or "")


def errors_in(command: type[Command], data: Any) -> tuple[FieldError, ...]:
    """Everything that is wrong with a payload, every field at once."""
    stated = said_patterns(schema_of(command))
    found = tuple(_said(it, stated) for it in _validator(command).iter_errors(data))
    if found:
        return found
    try:
        msgspec.convert(data, command)
    except msgspec.ValidationError as error:
        what = re.sub(r"matching regex '.*?'(?= -|$)", "in another form", str(error))
        return (FieldError(path=(), message=f"{what[:1].lower()}{what[1:]}"),)
    return ()


def command_of(command: type[Command], data_json: str) -> Command:
    """The typed command. Raises InvalidCommand."""
    try:
        data = json_text.decode(data_json)
    except ValueError as error:
        wrong = (FieldError(path=(), message=said("it is not valid JSON ({error})", error=error)),)
        raise InvalidCommand(command.__name__, wrong) from error
    if errors := errors_in(command, data):
        raise InvalidCommand(command.__name__, errors)
    return msgspec.convert(data, command)


def data_of(command: Command) -> str:
    """A typed command's payload as JSON text."""
    return json_text.encode(command)


@cache
def _validator(command: type[Command]) -> Any:
    return jsonschema_rs.validator_for(schema_of(command), validate_formats=True)


def _said(error: Any, stated: Mapping[str, str]) -> FieldError:
    """A validator's error in words for a person, at the field that it is about."""
    path, kind = tuple(error.instance_path), error.kind
    if kind.name == "required":
        return FieldError(path=(*path, kind.property), message=said("this field is required"))
    return FieldError(path=path, message=words_of(error, stated))


def _with_decimals(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_decimals(it) for it in schema]
    if not isinstance(schema, Mapping):
        return schema
    changed = {key: _with_decimals(value) for key, value in schema.items()}
    if changed.get("format") == "decimal" and changed.get("type") == "string":
        changed["type"] = "number"
    return changed


def _place(path: tuple[str | int, ...]) -> str:
    return f"{'.'.join(map(str, path))}: " if path else ""
