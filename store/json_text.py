"""JSON text to values and back, without losing a digit.

Event payloads are stored as the text they came in. Where a value is needed, integers of any
length stay `int` and every number with a fraction or an exponent becomes `Decimal`, so
0.10, 1e400 and a 30-digit integer come out as they went in.
"""

import json
from decimal import Decimal
from typing import Any

import msgspec

_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


# `decode` without its care, for loops over very many texts: what it refuses, `decode` may take.
# Raises msgspec.MsgspecError, RecursionError.
decode_plain = _decoder.decode


def decode(text: str | bytes) -> Any:
    """The value of one JSON document.

    Raises ValueError when `text` is not JSON (RFC 8259; NaN and Infinity are not JSON).
    """
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return _decode_the_rare(text)


def encode(value: Any) -> str:
    """Compact JSON text, keys in their order, non-ASCII characters as they are."""
    try:
        return _encoder.encode(value).decode()
    except (UnicodeError, RecursionError):
        return json.dumps(value, separators=(",", ":"), default=_as_number)


def is_object(text: str) -> bool:
    """Whether `text` is one JSON object."""
    try:
        return isinstance(decode(text), dict)
    except ValueError:
        return False


def _decode_the_rare(text: str | bytes) -> Any:
    """Lone surrogates in escapes, which the fast decoder refuses."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _as_number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
