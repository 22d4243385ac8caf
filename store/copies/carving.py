"""Rows of a SQLite file taken from its pages one by one, without its indexes and its schema.

What a query cannot reach any more, since a page above it is damaged or the file is cut short, still
stands in its own page. Whoever takes rows this way has to know them by their content: a page does
not say of which table it is. The format: sqlite.org/fileformat2.html.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from store.words import said

TABLE_LEAF: Final = 0x0D
INDEX_LEAF: Final = 0x0A
HEADER: Final = 100  # bytes at the beginning of the first page
USUAL_PAGE: Final = 4_096
LONGEST: Final = 2**30  # bytes of a row: SQLite's own limit by default
_INTEGER_BYTES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value: TypeAlias = int | str | bytes | float | None
Row: TypeAlias = tuple[int | None, tuple[Value, ...]]  # rowid, None in an index; the columns


def carve(path: Path) -> Iterator[Row]:
    """Every row that can be made sense of, in the order of pages. The -wal is not looked into."""
    with path.open("rb") as file:
        pages = _Pages(file, path.stat().st_size)
        for number in range(1, pages.count + 1):
            yield from pages.rows(number)


class _Pages:
    """The pages of one file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        header = file.read(HEADER)
        stated = int.from_bytes(header[16:18], "big")
        stated = 65_536 if stated == 1 else stated
        is_likely = stated in {2**it for it in range(9, 17)}
        self._size = stated if is_likely else USUAL_PAGE
        self._usable = self._size - (header[20] if is_likely and len(header) > 20 else 0)
        self.count = -(-size // self._size)  # the last one may be cut short

    def rows(self, number: int) -> Iterator[Row]:
        """Those of one page, if it holds any."""
        page = self._page(number)
        start = HEADER if number == 1 else 0
        if len(page) < start + 8 or page[start] not in (TABLE_LEAF, INDEX_LEAF):
            return
        is_table = page[start] == TABLE_LEAF
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        for at in range(start + 8, min(start + 8 + 2 * cells, len(page) - 1), 2):
            try:
                yield self._row(page, int.from_bytes(page[at : at + 2], "big"), is_table=is_table)
            except (ValueError, IndexError, UnicodeDecodeError):
                continue  # no row that can be made sense of

    def _row(self, page: bytes, at: int, *, is_table: bool) -> Row:
        length, at = _varint(page, at)
        rowid = None
        if is_table:
            rowid, at = _varint(page, at)
        if not 0 < length < LONGEST:
            raise ValueError(said("invalid row length"))
        local = self._local(length, is_table=is_table)
        payload = page[at : at + local]
        if local < length:
            payload += self._overflow(page[at + local : at + local + 4], length - local)
        if len(payload) != length:
            raise ValueError(said("truncated row"))
        return rowid, _values(payload)

    def _local(self, length: int, *, is_table: bool) -> int:
        """How much of a row stands in its own page."""
        usable = self._usable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return length
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        return local if local <= most else least

    def _overflow(self, first: bytes, left: int) -> bytes:
        number, found, seen = int.from_bytes(first, "big"), bytearray(), set[int]()
        while left > 0:
            if not 0 < number <= self.count or number in seen:
                raise ValueError(said("broken chain of pages"))
            seen.add(number)
            page = self._page(number)
            content = page[4 : 4 + min(left, self._usable - 4)]
            found += content
            left -= len(content)
            if not content:
                raise ValueError(said("truncated page"))
            number = int.from_bytes(page[:4], "big")
        return bytes(found)

    def _page(self, number: int) -> bytes:
        self._file.seek((number - 1) * self._size)
        return self._file.read(self._size)


def _values(payload: bytes) -> tuple[Value, ...]:
    size, at = _varint(payload, 0)
    if not at <= size <= len(payload):
        raise ValueError(said("invalid row header"))
    kinds = []
    while at < size:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise ValueError(said("row with trailing bytes"))
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind in _INTEGER_BYTES:
        end = at + _INTEGER_BYTES[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind >= 12:
        end = at + (kind - 12) // 2
        content = payload[at:end]
        return (content.decode("utf-8") if kind % 2 else content), end
    raise ValueError(said("value that a log cannot hold"))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    number = 0
    for n in range(8):
        byte = data[at + n]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at + n + 1
    return number << 8 | data[at + 8], at + 9
