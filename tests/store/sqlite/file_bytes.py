"""What each byte of a SQLite file is for, by the form of the file (sqlite.org/fileformat2.html).

For files of small rows: without overflow pages, without pages of pointers.
"""

import struct
from typing import Final

HEADER: Final = (  # of the file: the first byte, what it is
    (0, "file header: magic and page size"),
    (18, "file header: versions of the form"),
    (20, "file header: reserved bytes, fractions"),
    (24, "file header: change counter"),
    (28, "file header: pages"),
    (32, "file header: freelist"),
    (40, "file header: schema cookie, form, cache"),
    (52, "file header: vacuum"),
    (56, "file header: text encoding"),
    (60, "file header: user version"),
    (64, "file header: incremental vacuum"),
    (68, "file header: application id"),
    (72, "file header: reserved for expansion"),
    (92, "file header: version valid for, SQLite's"),
)
FREE: Final = "page: unused space"


def use_of_bytes(content: bytes) -> list[str]:
    """The use of each byte, by its place in the file."""
    size = struct.unpack_from(">H", content, 16)[0]
    uses: list[str] = []
    for start in range(0, len(content), size):
        uses += _page(content[start : start + size], header=0 if start else 100)
    for first, name in HEADER:
        uses[first:100] = [name] * (100 - first)
    return uses


def _page(page: bytes, *, header: int) -> list[str]:
    uses = [FREE] * len(page)
    kind, block, cells, _content, fragments = struct.unpack_from(">BHHHB", page, header)
    is_inner = kind in (2, 5)
    if kind not in (2, 5, 10, 13):
        return ["page on the freelist"] * len(page)
    length = 12 if is_inner else 8
    uses[header : header + length] = ["page: header"] * length
    _mark(uses, header + 7, 1, f"page: count of fragments{'' if fragments else ' (none)'}")
    first = header + length
    _mark(uses, first, 2 * cells, "page: places of cells")
    for at in struct.unpack_from(f">{cells}H", page, first):
        _mark(uses, at, _cell(page, at, kind), "page: cells")
    while block:
        _mark(uses, block, 4, "page: heads of free blocks")
        block = struct.unpack_from(">H", page, block)[0]
    return uses


def _cell(page: bytes, at: int, kind: int) -> int:
    """The bytes of a cell."""
    place = at + (4 if kind in (2, 5) else 0)
    if kind == 5:
        return _varint(page, place)[1] - at
    length, place = _varint(page, place)
    if kind == 13:
        place = _varint(page, place)[1]
    return max(place + length - at, 4)


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(9):
        byte = page[at + n]
        value = value << 8 | byte if n == 8 else value << 7 | byte & 0x7F
        if n == 8 or not byte & 0x80:
            return value, at + n + 1
    raise AssertionError("a number has nine bytes at most")


def _mark(uses: list[str], at: int, length: int, name: str) -> None:
    uses[at : at + length] = [name] * length
