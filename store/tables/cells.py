"""Cells of one row of another program's table, whatever it came in: CSV, a dump, or SQLite.

In text every cell is a text, and PostgreSQL writes bytes as `\\x` and hexadecimal digits; None is
NULL. Every function raises Unusable, with a sentence that names the column.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from store import json_text
from store.reading import fields
from store.reading.fields import Unusable, quoted
from store.reading.json_members import is_value, json_object, members
from store.reading.rows import opaque_json
from store.reading.stated_event import utc
from store.words import said

Cell: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = Mapping[str, Cell]  # by the names of the columns as a layout spells them

# A timestamp as PostgreSQL writes one; it keeps microseconds, and leaves zeros at the end out.
_TIMESTAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:([+-]\d\d)(?::?(\d\d))?)?"
)
_BYTES: Final = "\\x"
_TRUE: Final = frozenset({"t", "true", "1", "yes", "y", "on"})
_FALSE: Final = frozenset({"", "f", "false", "0", "no", "n", "off"})


def text(row: Row, name: str) -> str | None:
    """A text that holds something; None for NULL and for an empty one."""
    cell = row.get(name)
    if cell is None or cell == "":
        return None
    if isinstance(cell, bytes):
        return _decoded(cell, name)
    return fields.storable(cell if isinstance(cell, str) else str(cell), name)


def required(row: Row, name: str) -> str:
    """Like `text`, of an event that cannot do without it."""
    found = text(row, name)
    if found is None:
        raise Unusable(said("the event has no {name}", name=name))
    return found


def number(row: Row, name: str) -> int | None:
    """A whole number; None for NULL."""
    cell = row.get(name)
    if cell is None or cell == "":
        return None
    try:
        if isinstance(cell, float | bytes):
            raise ValueError
        found = int(cell)
    except ValueError:
        raise Unusable(said("{name} is not a whole number", name=name)) from None
    if abs(found) > fields.LARGEST_NUMBER:
        raise Unusable(said("{name} is out of range", name=name))
    return found


def flag(row: Row, name: str) -> bool:
    """A truth as PostgreSQL, SQLite and spreadsheets write it; NULL is false."""
    cell = row.get(name)
    stated = "" if cell is None else str(cell).lower()
    if stated not in _TRUE | _FALSE:
        raise Unusable(said("{name} is neither true nor false", name=name))
    return stated in _TRUE


def moment(row: Row, name: str, *, is_utc: bool = False) -> str | None:
    """A time; one as PostgreSQL writes it as ISO 8601 in full. `is_utc`: one without an offset is
    in UTC."""
    written = text(row, name)
    found = _TIMESTAMP.fullmatch(written) if written is not None else None
    if written is None or found is None:
        return utc(written) if is_utc else written
    day, clock, fraction, hours, minutes = found.groups()
    if hours is None:
        hours = "+00" if is_utc else None
    offset = "" if hours is None else f"{hours}:{minutes or '00'}"
    return f"{day}T{clock}.{(fraction or '').ljust(6, '0')}{offset}"


def json_of(row: Row, name: str) -> str | None:
    """The very text of a column that holds JSON; None for NULL."""
    cell = content(row, name)
    if cell is None or cell == "":
        return None
    found = _decoded(cell, name) if isinstance(cell, bytes) else fields.storable(cell, name)
    return fields.json_value(found, name)


def members_of(row: Row, name: str) -> dict[str, str]:
    """Names and value texts of a column that holds a JSON object; none for NULL."""
    found = json_of(row, name)
    if found is None or found.strip() == "null":
        return {}
    try:
        return dict(members(found))
    except ValueError:
        raise Unusable(said("{name} is not a JSON object", name=name)) from None


def content(row: Row, name: str) -> str | bytes | None:
    """A cell as it is, but bytes that are written as a text as the bytes that they are."""
    cell = row.get(name)
    if isinstance(cell, str) and cell.startswith(_BYTES):
        try:
            return bytes.fromhex(cell[2:])
        except ValueError:
            raise Unusable(
                said("{name} begins like bytes (\\x…), but is not valid", name=name)
            ) from None
    return str(cell) if isinstance(cell, int | float) else cell


def payload(row: Row, name: str) -> tuple[str, bool]:
    """A column of any content as JSON, and whether it is opaque: bytes that are no JSON are kept as
    base64. `null` for NULL."""
    cell = content(row, name)
    if cell is None:
        return "null", False
    if isinstance(cell, bytes):
        return payload_of(cell)
    if is_value(fields.storable(cell, name)):
        return cell, False
    return opaque_json(cell.encode()), True


def payload_of(cell: bytes) -> tuple[str, bool]:
    """Bytes as the JSON that they are, or as base64."""
    try:
        plain = cell.decode()
    except UnicodeDecodeError:
        return opaque_json(cell), True
    return (plain, False) if is_value(plain) else (opaque_json(cell), True)


def texts(row: Row, **names: str) -> dict[str, str]:
    """Columns that hold something, as JSON texts under other names: `ours="theirs"`."""
    found = {ours: text(row, theirs) for ours, theirs in names.items()}
    return {name: quoted(it) for name, it in found.items() if it is not None}


def extras(row: Row, *known: str) -> dict[str, str]:
    """What a row holds beside the columns that are known, as `extras`; empty without any."""
    found = {
        name: _as_json(cell) for name, cell in row.items() if name not in known and cell is not None
    }
    return {"extras": json_object(found)} if found else {}


def as_members(row: Row, *, json: tuple[str, ...], numbers: tuple[str, ...]) -> dict[str, str]:
    """The row as names and JSON texts, as a query gives it that builds JSON."""
    found: dict[str, str] = {}
    for name, cell in row.items():
        if name in json:
            found[name] = json_of(row, name) or "null"
        elif name in numbers:
            found[name] = str(number(row, name)) if cell not in (None, "") else "null"
        else:
            found[name] = _as_json(cell)
    return found


def _as_json(cell: Cell) -> str:
    if isinstance(cell, bytes):
        return opaque_json(cell)
    if cell is None:
        return "null"
    return json_text.encode(cell)


def _decoded(cell: bytes, name: str) -> str:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        raise Unusable(said("{name} is not valid UTF-8", name=name)) from None
