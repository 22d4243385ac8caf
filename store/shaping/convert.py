"""Conversions of one value, as JSON text. All are exact: what would lose a digit is refused."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any, Final

from store import json_text
from store.reading.fields import Unusable
from store.reading.json_members import is_value
from store.times import format_moment
from store.words import said

_SHOWN: Final = 40  # characters of a value that is refused
_TRUTHS: Final = {"true": "true", "false": "false"}
_DIGITS: Final = {"epoch-s": 0, "epoch-ms": 3, "epoch-us": 6, "epoch-ns": 9}


def converted(text: str, kind: str) -> str:
    """The text of the converted value. What is null, or of the wanted kind, stays as it is.

    Raises Unusable when the value cannot be converted.
    """
    if text == "null":
        return text
    return _BY_KIND[kind](text, kind) if kind in _BY_KIND else _moment(text, kind)


def _number(text: str, _kind: str) -> str:
    if _is_number(text):
        return text
    value = json_text.decode(text)
    plain = value.strip() if isinstance(value, str) else ""
    if not (_is_number(plain) and is_value(plain)):
        raise Unusable(said("{text} is not a number", text=_shown(text)))
    return plain


def _text(text: str, _kind: str) -> str:
    if text.startswith('"'):
        return text
    if text[:1] in "[{":
        raise Unusable(said("{text} is not one value", text=_shown(text)))
    return json_text.encode(text)


def _boolean(text: str, _kind: str) -> str:
    if text in _TRUTHS:
        return text
    value: Any = json_text.decode(text)
    found = _TRUTHS.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise Unusable(said("{text} is neither true nor false", text=_shown(text)))
    return found


def _json(text: str, _kind: str) -> str:
    """What is a text may be the bytes of JSON as PostgreSQL writes them: `\\x7b7d`."""
    value: Any = json_text.decode(text) if text.startswith('"') else None
    if not isinstance(value, str):
        return text
    try:
        plain = bytes.fromhex(value[2:]).decode() if value.startswith("\\x") else value
    except ValueError:
        plain = ""
    if not is_value(plain):
        raise Unusable(said("{text} is not JSON", text=_shown(text)))
    return plain.strip()


def _moment(text: str, kind: str) -> str:
    """Whole nanoseconds, so that a fraction of the unit is kept; more digits than that are
    refused."""
    number = _decimal(text, kind)
    with localcontext(prec=len(number.as_tuple().digits) + 20):
        nanoseconds = number.scaleb(9 - _DIGITS[kind])
    if nanoseconds != nanoseconds.to_integral_value():
        raise Unusable(said("{text} has digits smaller than a nanosecond", text=_shown(text)))
    at_us, rest = divmod(int(nanoseconds), 1_000)
    try:
        moment = format_moment(at_us)
    except OverflowError:
        raise Unusable(
            said("{text} is after the year 9999 or before the year 1", text=_shown(text))
        ) from None
    if rest:
        moment = f"{moment[:-6]}{rest:03}{moment[-6:]}"
    return json_text.encode(moment)


def _decimal(text: str, kind: str) -> Decimal:
    value: Any = json_text.decode(text) if text.startswith('"') else text
    plain = str(value).strip()
    try:
        number = Decimal(plain) if _is_number(plain) else None
    except InvalidOperation:
        number = None
    if number is None or abs(number.adjusted()) > 30:
        raise Unusable(said("{text} is not a number of {kind}", text=_shown(text), kind=kind))
    return number


def _is_number(text: str) -> bool:
    return text[:1] in "-0123456789" and text != "" and is_value(text)


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_BY_KIND: Final[dict[str, Callable[[str, str], str]]] = {
    "number": _number,
    "text": _text,
    "boolean": _boolean,
    "json": _json,
}
