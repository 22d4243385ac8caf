"""Names and values as they are written in a model file."""

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

LINE: Final = 96  # characters of a line, without what it is indented by
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER: Final = re.compile(r"[^A-Za-z0-9]+")
_SNAKE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*\Z")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a struct, and its name in JSON."""

    attribute: str
    name: str

    @property
    def is_renamed_alone(self) -> bool:
        """Whether the struct makes the JSON name of it by itself."""
        first, *rest = self.attribute.split("_")
        is_plain = _SNAKE.match(self.attribute) is not None
        return is_plain and first + "".join(it.capitalize() for it in rest) == self.name

    def line(self, kind: str, default: str | None) -> str:
        """Its line in the class, or its lines."""
        line = self._line(kind, default)
        if len(line) <= LINE or "[" not in kind:
            return line
        first, _, rest = line.partition("[")
        inner, _, last = rest.rpartition("]")
        return f"{first}[\n        {inner}\n    ]{last}"

    def _line(self, kind: str, default: str | None) -> str:
        if self.is_renamed_alone and (default is None or default[:1] not in "[{"):
            return f"{self.attribute}: {kind}" + (f" = {default}" if default is not None else "")
        told = [] if self.is_renamed_alone else [f"name={literal(self.name)}"]
        if default is not None:
            is_new = default[:1] in "[{"
            empty = {"[]": "list", "{}": "dict"}.get(default, f"lambda: {default}")
            told.insert(0, f"default_factory={empty}" if is_new else f"default={default}")
        return f"{self.attribute}: {kind} = field({', '.join(told)})"


def named(names: Iterable[str]) -> dict[str, Attribute]:
    """JSON name → the field for it; no two have the same attribute."""
    taken = {"data"}
    return {it: Attribute(unique(snake(it), taken), it) for it in names}


def snake(text: str) -> str:
    """A name for a field or a function."""
    found = _OTHER.sub("_", _HUMP.sub("_", text)).strip("_").lower()
    found = f"f_{found}" if not found or found[0].isdigit() else found
    return f"{found}_" if keyword.iskeyword(found) else found


def class_name(text: str) -> str:
    """A name for a class."""
    found = "".join(it[:1].upper() + it[1:] for it in _OTHER.split(text))
    return f"E{found}" if not found or not found[0].isalpha() else found


def unique(wanted: str, taken: set[str]) -> str:
    """The name, or one like it that is not taken; it is taken now."""
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}{number}", number + 1
    taken.add(found)
    return found


def literal(value: Any) -> str:
    """A JSON value as Python writes it; every number exact."""
    match value:
        case str():
            return _quoted(value)
        case Decimal():
            return f'Decimal("{value}")'
        case dict():
            inner = ", ".join(f"{_quoted(name)}: {literal(it)}" for name, it in value.items())
            return f"{{{inner}}}"
        case list() | tuple():
            return f"[{', '.join(map(literal, value))}]"
    return repr(value)


def _quoted(text: str) -> str:
    """With the quotes that stand elsewhere in the file, where that says the same."""
    is_plain = text.isprintable() and not any(it in '"\\' for it in text)
    return f'"{text}"' if is_plain else repr(text)
