"""JSON text to values and back, without losing a digit.

Event payloads are stored as the text they came in. Where a value is needed, integers stay `int`
(`Decimal` beyond 4,300 digits) and every number with a fraction or an exponent becomes `Decimal`,
so 0.10, 1e400 and a 30-digit integer come out as they went in. An exponent of 19 digits and more no
Decimal can hold: such a number counts as the greatest or the smallest one that it can.
"""

import json
import sys
from collections.abc import Callable
from decimal import MAX_EMAX, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import msgspec

from store.words import said

_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
_USUAL_NAME: Final = 100  # characters; a longer name is not remembered
_NAMES_KEPT: Final = 4_096
_LONGEST_INT: Final = sys.int_info.default_max_str_digits


def form_of(value: Any) -> Any:
    """What stands for a value that is made of JSON otherwise than JSON is. Raises TypeError."""
    as_json: Callable[[], Any] | None = getattr(value, "as_json", None)
    if as_json is None:
        raise TypeError(f"Encoding objects of type {type(value).__name__} is unsupported")
    return as_json()


_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=form_of)


# `decode` without its care, for loops over very many texts: what it refuses, `decode` may take.
# Raises what is in REFUSALS.
decode_plain = _decoder.decode
REFUSALS: Final = (msgspec.MsgspecError, RecursionError, InvalidOperation)


def decode(text: str | bytes) -> Any:
    """The value of one JSON document.

    Raises ValueError when `text` is not JSON (RFC 8259; NaN and Infinity are not JSON).
    """
    try:
        return _decoder.decode(text)
    except REFUSALS:
        return _decode_the_rare(text)


def encode(value: Any) -> str:
    """Compact JSON text, keys in their order, non-ASCII characters as they are."""
    try:
        return _encoder.encode(value).decode()
    except (UnicodeError, RecursionError):
        return _encoded_with_care(value)


def encode_name(name: str) -> str:
    """The same of a name, of which there are few that come again and again."""
    return _encoded_name(name) if len(name) <= _USUAL_NAME else encode(name)


@lru_cache(_NAMES_KEPT)
def _encoded_name(name: str) -> str:
    return encode(name)


def is_object(text: str) -> bool:
    """Whether `text` is one JSON object."""
    try:
        return isinstance(decode(text), dict)
    except ValueError:
        return False


def _decode_the_rare(text: str | bytes) -> Any:
    """Lone surrogates in escapes, and numbers beyond a Decimal, which the fast decoder refuses."""
    try:
        return json.loads(
            text, parse_float=_number, parse_int=_whole, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise ValueError(said("the JSON is nested too deeply")) from None


def _whole(digits: str) -> int | Decimal:
    """Python turns no longer text into an int, for that takes time by the square of its length."""
    return int(digits) if len(digits.lstrip("-")) <= _LONGEST_INT else Decimal(digits)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        mantissa, _, exponent = text.lower().partition("e")
        number = Decimal(mantissa)
        if not number or exponent.startswith("-"):
            return Decimal(0)
        return Decimal((number.is_signed(), (1,), MAX_EMAX))


def _encoded_with_care(value: Any) -> str:
    """With lone surrogates, which the fast encoder refuses."""
    match value:
        case dict():
            pairs = (f"{json.dumps(str(it))}:{_encoded_with_care(of)}" for it, of in value.items())
            return f"{{{','.join(pairs)}}}"
        case list() | tuple():
            return f"[{','.join(map(_encoded_with_care, value))}]"
        case str():
            return json.dumps(value)
        case _ if hasattr(value, "as_json"):
            return _encoded_with_care(form_of(value))
    return _encoder.encode(value).decode()


def _refuse_constant(name: str) -> Any:
    raise ValueError(said("{name} is not JSON", name=name))
