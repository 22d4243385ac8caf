"""JSON values as words: short for a row, exact for the clipboard."""

import json
import re
from decimal import Decimal
from typing import Any, Final, TypeAlias

from gui.words import counted, said
from store.number_text import grouped

Path: TypeAlias = tuple[str | int, ...]

PIN: Final = (said("Pin this field"), said("Unpin this field"))  # while it is not, while it is
LONGEST: Final = 400  # characters of a text that a row can show
_PLAIN_KEY: Final = re.compile(r"[^\W\d][\w-]*")


def short_text(value: Any) -> str:
    """A value in one line: texts quoted, thousands apart, objects and arrays counted."""
    if isinstance(value, str):
        cut = value[:LONGEST] + ("…" if len(value) > LONGEST else "")
        return json.dumps(cut, ensure_ascii=False)
    if isinstance(value, dict):
        return counted("1 field", "{count:,} fields", len(value)) if value else "{ }"
    if isinstance(value, list):
        return counted("1 item", "{count:,} items", len(value)) if value else "[ ]"
    return _grouped(exact_text(value))


def exact_text(value: Any) -> str:
    """What the clipboard gets: a text as it is, a number digit by digit, else JSON."""
    return value if isinstance(value, str) else json_text(value)


def json_text(value: Any, *, indent: str = "") -> str:
    """JSON with every digit kept, two spaces a level."""
    if isinstance(value, dict):
        inner = indent + "  "
        fields = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {json_text(item, indent=inner)}"
            for key, item in value.items()
        ]
        return _block("{", fields, "}", indent)
    if isinstance(value, list):
        inner = indent + "  "
        items = [inner + json_text(item, indent=inner) for item in value]
        return _block("[", items, "]", indent)
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def key_text(key: str | int) -> str:
    """A field's name, or an item's place."""
    return f"[{key}]" if isinstance(key, int) else key


def path_text(path: Path) -> str:
    """`lines[0].sku`; the whole value is `$`."""
    return "".join(map(_step, path)).removeprefix(".") or "$"


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    is_plain = _PLAIN_KEY.fullmatch(key)
    return f".{key}" if is_plain else f"[{json.dumps(key, ensure_ascii=False)}]"


def _grouped(text: str) -> str:
    return grouped(text) if len(text) <= LONGEST else text[:LONGEST] + "…"


def _block(start: str, lines: list[str], end: str, indent: str) -> str:
    if not lines:
        return start + end
    return start + "\n" + ",\n".join(lines) + "\n" + indent + end
