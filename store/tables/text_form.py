"""A row in the text form of PostgreSQL's COPY: tabs between cells, `\\N` for NULL, and a backslash
before what would else end a cell or a line."""

import re
from typing import Final

from store.reading.format import Rejected
from store.reading.json_records import EXCERPT
from store.tables.cell_row import NOT_UTF_8, CellRow

NULL: Final = "\\N"
_ESCAPE: Final = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_NAMED: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def row_of(number: int, offset: int, text: bytes, encoding: str = "utf-8") -> CellRow | Rejected:
    """The cells of one line, given without its end."""
    try:
        plain = text.decode(encoding)
    except UnicodeDecodeError:
        excerpt = text[:EXCERPT].decode("utf-8", "replace")
        return Rejected(line=number, offset=offset, reason=NOT_UTF_8, excerpt=excerpt)
    cells = plain.split("\t")
    if "\\" not in plain:
        return CellRow(number, offset, cells)
    return CellRow(number, offset, [_plain(it) if "\\" in it else it for it in cells])


def _plain(cell: str) -> str | None:
    return None if cell == NULL else _ESCAPE.sub(_character, cell)


def _character(found: re.Match[str]) -> str:
    said = found.group(1)
    if said[0] == "x" and len(said) > 1:
        return chr(int(said[1:], 16))
    if said[0].isdigit() and said[0] < "8":
        return chr(int(said, 8) & 0xFF)
    return _NAMED.get(said, said)
