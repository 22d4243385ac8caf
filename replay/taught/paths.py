"""How places are written in what a person teaches.

In the event's data: `productItem.unitPrice`, `lines[0].sku`, `left["a.b"]`, `$` for the whole. An
expression is such a path, or a product of paths and numbers: `quantity × unitPrice`; `*` with
spaces around it means the same. In the state: names with dots between them; `items[sku=line.sku]`
is the entry of the list `items` whose field `sku` is what the data has at `line.sku`.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from replay.states.diff import Path
from replay.states.field_path import WrongPath, parse_path
from replay.taught.steps import WHOLE, WrongTeaching
from replay.words import said

_SIGN: Final = re.compile(r"\s*×\s*|\s+\*\s+")
_NUMBER: Final = re.compile(r"\d{1,18}(\.\d{1,18})?\Z", re.ASCII)
_NAME: Final = re.compile(r"[^.\[\]]+")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Chosen:
    """The entry of a list whose field `key` has the value that the data has at a path."""

    key: str
    value: Path


Factor: TypeAlias = Path | Decimal | int
Expression: TypeAlias = tuple[Factor, ...]  # one: the value as it is; several: their product
Target: TypeAlias = tuple[str | Chosen, ...]  # a list's name stands before what is chosen of it


def expression(text: str) -> Expression:
    """Raises WrongTeaching."""
    parts = [it.strip() for it in _split(text)]
    if len(parts) == 1:
        return (_data_path(parts[0]),)
    return tuple(_factor(it) for it in parts)


def data_path(text: str) -> Path:
    """A path in the data. Raises WrongTeaching."""
    return _data_path(text.strip())


def target(text: str) -> Target:
    """A place in the state; nothing for the whole. Raises WrongTeaching."""
    text = text.strip()
    if text == WHOLE:
        return ()
    text = text.removeprefix("$.")
    keys, at = list[str | Chosen](), 0
    while at < len(text):
        key, at = _key(text, at, is_first=not keys)
        keys.append(key)
    if not keys:
        raise WrongTeaching(said('a path in the state is missing; write "$" for the whole state'))
    return tuple(keys)


def plain(found: Target) -> tuple[str, ...]:
    """The names alone, with a star for an entry of a list."""
    return tuple("*" if isinstance(it, Chosen) else it for it in found)


def target_text(found: Target) -> str:
    """A place as a person reads it."""
    text = "".join(f"[{it.key}=…]" if isinstance(it, Chosen) else f".{it}" for it in found)
    return text.removeprefix(".") or WHOLE


def path_words(path: Path) -> str:
    """A path of the data as a person reads it."""
    text = "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in path)
    return text.removeprefix(".") or WHOLE


def _split(text: str) -> list[str]:
    """At the signs of a product that stand outside of quotes."""
    parts, begin, at = list[str](), 0, 0
    while at < len(text):
        if text[at] == '"' and (quoted := _QUOTED.match(text, at)):
            at = quoted.end()
        elif found := _SIGN.match(text, at):
            parts.append(text[begin:at])
            begin = at = found.end()
        else:
            at += 1
    return [*parts, text[begin:]]


def _factor(text: str) -> Factor:
    if not _NUMBER.match(text):
        return _data_path(text)
    return Decimal(text) if "." in text else int(text)


def _data_path(text: str) -> Path:
    try:
        return parse_path(text)
    except WrongPath as error:
        raise WrongTeaching(str(error)) from None


def _key(text: str, at: int, *, is_first: bool) -> tuple[str | Chosen, int]:
    if text[at] == "[":
        return _in_brackets(text, at, is_first=is_first)
    if text[at] == "." and not is_first:
        at += 1
    found = _NAME.match(text, at)
    if found is None:
        raise _unreadable(text, at)
    return found[0].strip(), found.end()


def _in_brackets(text: str, at: int, *, is_first: bool) -> tuple[str | Chosen, int]:
    end = _closing(text, at)
    inside = text[at + 1 : end].strip()
    quoted = _QUOTED.match(inside)
    if quoted and quoted.end() == len(inside):
        return _unquoted(inside), end + 1
    if quoted:
        key, rest = _unquoted(quoted[0]), inside[quoted.end() :].strip()
    else:
        key, sign, rest = inside.partition("=")
        key, rest = key.strip(), sign + rest
    if is_first or not key or not rest.startswith("="):
        raise WrongTeaching(
            said("a list entry is written as items[sku=line.sku], not as in {text!r}", text=text)
        )
    return Chosen(key, _data_path(rest[1:].strip())), end + 1


def _closing(text: str, at: int) -> int:
    """Where the bracket at a place is closed."""
    depth, here = 0, at
    while here < len(text):
        if text[here] == '"' and (quoted := _QUOTED.match(text, here)):
            here = quoted.end()
            continue
        depth += (text[here] == "[") - (text[here] == "]")
        if depth == 0:
            return here
        here += 1
    raise _unreadable(text, at)


def _unquoted(text: str) -> str:
    try:
        found: Any = json.loads(text)
    except ValueError:
        raise _unreadable(text, 0) from None
    return str(found)


def _unreadable(text: str, at: int) -> WrongTeaching:
    return WrongTeaching(
        said("the path is not valid from character {at}: {text!r}", at=at + 1, text=text)
    )
