"""JSON that is still JSON, or nearly: a value, a name, a member or a whole part is another one."""

import json
from random import Random
from typing import Any, Final

_NUMBERS: Final = (0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**400, 0.1, 1e308)
_TEXTS: Final = (
    *("", " ", "a", "\x00", "\ud800", "\u202e", "é", "e\u0301", "1", "true", "null", "{}", "[1]"),
    *("2026-03-14", "2026-03-14T09:41:09Z", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+12:00"),
    *("9999-12-31T23:59:59.999999-12:00", "1.0", "0.3", "$", "../../x", "a" * 300, "AAAA", "=="),
)


_DEPTHS: Final = (50, 200, 330, 480, 700, 900, 990, 1_500)


class _Raw(str):
    """JSON as it stands; for what is too deep to be built."""

    __slots__ = ()


class _Members(list[tuple[str, Any]]):
    """An object whose names may repeat."""


def changed_json(data: bytes, other: bytes, random: Random) -> bytes:
    """One document, or one line of several, with a change; `data` itself where none is JSON."""
    found = _parsed(data)
    if found is not None:
        return _written(_changed(found, _parsed(other), random))
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    line = _parsed(lines[at])
    if line is None:
        return data
    others = other.split(b"\n")
    lines[at] = _written(_changed(line, _parsed(random.choice(others)), random))
    return b"\n".join(lines)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data, object_pairs_hook=_Members)
    except (ValueError, RecursionError):
        return None


def _written(value: Any) -> bytes:
    try:
        return _text(value).encode("utf-8", "surrogatepass")
    except RecursionError:
        return b"[]"


def _text(value: Any) -> str:
    if isinstance(value, _Raw):
        return value
    if isinstance(value, _Members):
        return "{" + ",".join(f"{json.dumps(k)}:{_text(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _changed(value: Any, other: Any, random: Random) -> Any:
    """Walks down at random, and changes what it comes to."""
    if isinstance(value, list) and value and random.random() < 0.85:
        at = random.randrange(len(value))
        if isinstance(value, _Members):
            name, inner = value[at]
            return _with_member(value, at, name, _changed(inner, other, random), random)
        copy = list(value)
        if random.random() < 0.3:
            copy.insert(at, random.choice((copy[at], _part(other, random))))
        else:
            copy[at] = _changed(copy[at], other, random)
        return copy
    return _new(value, other, random)


def _with_member(value: _Members, at: int, name: str, inner: Any, random: Random) -> _Members:
    copy = _Members(value)
    match random.randrange(8):
        case 0:
            del copy[at]
        case 1:
            copy.insert(at, (name, inner))
        case 2:
            copy[at] = (random.choice((*_TEXTS, *(it for it, _ in copy))), inner)
        case _:
            copy[at] = (name, inner)
    return copy


def _new(value: Any, other: Any, random: Random) -> Any:
    match random.randrange(8):
        case 0:
            return random.choice(_NUMBERS)
        case 7:
            return _deep(random)
        case 1:
            return random.choice((None, True, False, [], _Members()))
        case 2:
            return _part(other, random)
        case 3:
            return [value]
        case 4:
            return _Members([(random.choice(_TEXTS), value)])
        case 5 if isinstance(value, str):
            return value + random.choice(_TEXTS)
        case _:
            return random.choice(_TEXTS)


def _deep(random: Random) -> _Raw:
    """A value within many others."""
    before, behind = random.choice((("[", "]"), ('{"a":', "}"), ('[{"b":', "}]")))
    depth = random.choice(_DEPTHS)
    return _Raw(before * depth + "1" + behind * depth)


def _part(value: Any, random: Random) -> Any:
    """Something from within another document."""
    while isinstance(value, list) and value and random.random() < 0.7:
        it = random.choice(value)
        value = it[1] if isinstance(value, _Members) else it
    return value
