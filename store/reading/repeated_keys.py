"""Keys that stand twice in a JSON object: readers disagree about them (Python takes the last one,
SQLite the first), so whatever is stored has each key once, the last one, and the rest is told."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from store.reading.json_members import elements, json_object, members
from store.reading.remarks import Remark
from store.words import said

_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)
_encoder: Final = msgspec.json.Encoder(decimal_format="number")
_SHOWN: Final = 5  # names in a remark


def has_repeats(text: str) -> bool:
    """Whether some object in the text of a JSON value has a key twice.

    Most payloads are written back as they came, blanks aside, and so have none.
    """
    if text.count(":") < 2 or is_written_back(text):
        return False
    return bool(repeated_names(text))


def is_written_back(text: str) -> bool:
    """Whether the text of a JSON value is read and written as it came, blanks aside. Then no key
    stands twice in it; otherwise one may, or numbers and letters are written in another way."""
    content = text.encode("utf-8", "surrogatepass")
    try:
        written = _encoder.encode(_decoder.decode(content))
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError, ArithmeticError):
        return False
    return written == content or _without_blanks(written) == _without_blanks(content)


def repeated_names(text: str) -> tuple[str, ...]:
    """The keys that stand twice, each once."""
    found: dict[str, None] = {}

    def look(pairs: list[tuple[str, Any]]) -> None:
        seen = set[str]()
        for name, _ in pairs:
            if name in seen:
                found[name] = None
            seen.add(name)

    try:
        json.loads(text, object_pairs_hook=look, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        return ()
    return tuple(found)


def remarks_on(text: str) -> tuple[Remark, ...]:
    """What a report says of the text."""
    if not has_repeats(text):
        return ()
    return (repeated(repeated_names(text)),)


def repeated(names: tuple[str, ...]) -> Remark:
    """The remark on keys that stand twice."""
    shown = ", ".join(map(repr, names[:_SHOWN])) + (", …" if len(names) > _SHOWN else "")
    return Remark(kind="repeated_keys", text=said("{shown}: the last one counts", shown=shown))


def last_of_each(text: str) -> str:
    """The same JSON with every key once, the last one; the texts of values are what they were.

    Raises ValueError when it is nested too deeply.
    """
    try:
        return _last_of_each(text.strip())
    except RecursionError:
        raise ValueError(said("the JSON is nested too deeply")) from None


def _last_of_each(text: str) -> str:
    if text.startswith("{"):
        return json_object({name: _last_of_each(it) for name, it in members(text)})
    if text.startswith("["):
        return f"[{','.join(_each(text))}]"
    return text


def _each(text: str) -> Iterator[str]:
    return (_last_of_each(it.text) for it in elements(text))


def _without_blanks(content: bytes) -> bytes:
    return content.translate(None, b" \t\r\n")
