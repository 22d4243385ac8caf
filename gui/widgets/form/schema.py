"""What a JSON schema says of one field, with references resolved and "or null" taken off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

Kind: TypeAlias = Literal["text", "integer", "number", "boolean", "choice", "object", "list"]
Path: TypeAlias = tuple[str | int, ...]

NOTHING: Final = object()  # no value was given

_KINDS: Final[dict[str, Kind]] = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "object": "object",
    "array": "list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of a form."""

    name: str
    kind: Kind
    label: str
    help: str
    unit: str
    choices: tuple[Any, ...]  # of an enum
    choices_kind: str  # what the choices are, when they come from the data
    format: str
    is_required: bool
    default: Any  # NOTHING when there is none
    schema: Mapping[str, Any]  # resolved: items, properties


class Schemas:
    """Reads fields out of one schema document (JSON Schema 2020-12, as msgspec writes it)."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._definitions: Mapping[str, Any] = document.get("$defs", {})
        self._document = document

    def fields(self, schema: Mapping[str, Any] | None = None) -> list[FieldSpec]:
        """The fields of an object, in their order; of the whole document without one."""
        schema = self.resolved(self._document if schema is None else schema)
        required = set(schema.get("required", ()))
        return [
            self.field(name, it, is_required=name in required)
            for name, it in schema.get("properties", {}).items()
        ]

    def items(self, spec: FieldSpec) -> FieldSpec:
        """What the elements of a list are."""
        return self.field("", spec.schema.get("items", {"type": "string"}), is_required=True)

    def field(self, name: str, schema: Mapping[str, Any], *, is_required: bool) -> FieldSpec:
        """One field."""
        resolved = self.resolved(schema)
        choices = tuple(resolved.get("enum", ()))
        return FieldSpec(
            name=name,
            kind="choice" if choices else _KINDS.get(str(resolved.get("type")), "text"),
            label=schema.get("title") or _spaced(name),
            help=schema.get("description", ""),
            unit=str(resolved.get("x-unit", "")),
            choices=choices,
            choices_kind=str(resolved.get("x-choices", "")),
            format=str(resolved.get("format", "")),
            is_required=is_required,
            default=resolved.get("default", NOTHING),
            schema=resolved,
        )

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema behind references, and the one that is not null of an alternative."""
        if "$ref" in schema:
            found = self._definitions.get(schema["$ref"].rsplit("/", 1)[1], {})
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            return {**self.resolved(found), **rest}
        if "anyOf" in schema:
            real = [it for it in schema["anyOf"] if it.get("type") != "null"]
            rest = {key: value for key, value in schema.items() if key != "anyOf"}
            return {**(self.resolved(real[0]) if real else {}), **rest}
        return schema


def _spaced(name: str) -> str:
    """`accountNumber` → `Account number`."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words[:1].upper() + words[1:]
