"""The members of a JSON object and the elements of an array, each as the very text it has."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, NoReturn

from msgspec import MsgspecError, Raw
from msgspec.json import Decoder

from store import json_text
from store.words import said

_NEAR_END: Final = 16  # characters in which a value that is cut off may look wrong
USUAL_LENGTH: Final = 64 * 1024  # characters of an object that is taken apart in one go
_members_decoder: Final[Decoder[dict[str, Raw]]] = Decoder(dict[str, Raw])
_value_decoder: Final[Decoder[Raw]] = Decoder(Raw)
_SPACE: Final = re.compile(r"[ \t\n\r]*")


class Element(NamedTuple):
    """One element of an array."""

    offset: int  # of its first byte, were the text UTF-8
    text: str


def members(text: str) -> list[tuple[str, str]]:
    """Names and value texts of one JSON object, in order, repeated names included.

    Raises ValueError when `text` is not one JSON object.
    """
    usual = _usual_members(text) if len(text) <= USUAL_LENGTH else None
    if usual is not None:
        return usual
    found, end = _members(text, _skip(text, 0))
    if _skip(text, end) != len(text):
        raise ValueError(said("unexpected text after the object at character {end}", end=end))
    return found


def elements(text: str) -> Iterator[Element]:
    """The elements of one JSON array. Raises ValueError when it comes to what is not JSON."""
    at = _expect(text, _skip(text, 0), "[")
    at, counted, offset = _skip(text, at), 0, 0
    if text[at : at + 1] == "]":
        at += 1
    else:
        while True:
            end = value_end(text, at)
            offset, counted = offset + len(text[counted:at].encode("utf-8", "replace")), at
            yield Element(offset, text[at:end])
            at = _skip(text, end)
            if text[at : at + 1] != ",":
                break
            at = _skip(text, at + 1)
        at = _expect(text, at, "]")
    if _skip(text, at) != len(text):
        raise ValueError(said("unexpected text after the array at character {at}", at=at))


def is_value(text: str) -> bool:
    """Whether `text` is one JSON value, blanks around it allowed."""
    try:
        _value_decoder.decode(text)
        return True
    except (MsgspecError, UnicodeError, RecursionError):
        pass  # half of a surrogate pair in an escape, or no value at all
    try:
        return _skip(text, value_end(text, _skip(text, 0))) == len(text)
    except ValueError:
        return False


def fault_of(text: str) -> str:
    """Why `text` is not one JSON value; empty where it is."""
    try:
        end = _skip(text, value_end(text, _skip(text, 0)))
    except json.JSONDecodeError as error:
        return said("{msg} at character {at}", msg=error.msg, at=error.pos)
    except ValueError as error:
        return str(error)
    return "" if end == len(text) else said("unexpected text at character {end}", end=end)


def may_begin_a_value(text: str, *, is_whole: bool) -> bool:
    """Whether one JSON value begins here and nothing but blanks follows it, as far as `text` goes:
    unless it is whole, it may be cut off anywhere."""
    at = _skip(text, 0)
    try:
        return _skip(text, _scanner.raw_decode(text, at)[1]) == len(text)
    except json.JSONDecodeError as error:
        is_at_end = error.pos >= len(text) - _NEAR_END
        return not is_whole and (is_at_end or error.msg.startswith("Unterminated string"))
    except (ValueError, RecursionError):  # NaN, and the like
        return False


def one_line(text: str) -> str:
    """The same JSON without line breaks: they stand between tokens only, so a blank does too."""
    if "\n" in text or "\r" in text:
        return text.replace("\n", " ").replace("\r", " ")
    return text


def json_object(members: Mapping[str, str]) -> str:
    """One JSON object of names and value texts."""
    if not members:
        return "{}"
    quoted = json_text.encode_name
    return f"{{{','.join([f'{quoted(name)}:{text}' for name, text in members.items()])}}}"


def keys_of_beginning(text: str) -> list[str]:
    """The names in an object that may be cut off anywhere, as far as they can be seen."""
    found: list[str] = []
    try:
        at = _expect(text, _skip(text, 0), "{")
        while True:
            at = _skip(text, at)
            end = value_end(text, at)
            found.append(_name(text[at:end]))
            at = _expect(text, _skip(text, end), ":")
            at = _skip(text, value_end(text, _skip(text, at)))
            at = _expect(text, at, ",")
    except ValueError:
        return found


def _usual_members(text: str) -> list[tuple[str, str]] | None:
    """The members of an object that is written back as it came, blanks as most programs set them:
    then no name stands twice, and none has an escape. None of any other text."""
    try:
        found = _members_decoder.decode(text)
    except (MsgspecError, UnicodeError, RecursionError):
        return None
    pairs = [(name, bytes(it).decode()) for name, it in found.items()]
    compact = ",".join([f'"{name}":{it}' for name, it in pairs])
    if text == f"{{{compact}}}":
        return pairs
    spaced = ", ".join([f'"{name}": {it}' for name, it in pairs])
    return pairs if text == f"{{{spaced}}}" else None


def _members(text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    found: list[tuple[str, str]] = []
    at = _skip(text, _expect(text, at, "{"))
    if text[at : at + 1] == "}":
        return found, at + 1
    while True:
        end = value_end(text, at)
        name = _name(text[at:end])
        at = _skip(text, _expect(text, _skip(text, end), ":"))
        end = value_end(text, at)
        found.append((name, text[at:end]))
        at = _skip(text, end)
        if text[at : at + 1] != ",":
            return found, _expect(text, at, "}")
        at = _skip(text, at + 1)


def _name(text: str) -> str:
    if not text.startswith('"'):
        raise ValueError(said("a name must be text"))
    name: str = json.loads(text)
    return name


def value_end(text: str, at: int) -> int:
    """Where the JSON value ends that begins at `at`. Raises ValueError when there is none."""
    try:
        return _scanner.raw_decode(text, at)[1]
    except RecursionError:
        raise ValueError(said("the JSON is nested too deeply")) from None


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise ValueError(said("expected {sign} at character {at}", sign=sign, at=at))
    return at + 1


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(said("{name} is not JSON", name=name))


def _as_text(digits: str) -> Any:
    return digits


_scanner: Final = json.JSONDecoder(
    parse_float=_as_text, parse_int=_as_text, parse_constant=_refuse_constant
)
