"""Tables whose rows are text, read from their file as often as it takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from store.errors import UnreadableSource
from store.reading.copy_blocks import CopyBlock
from store.reading.format import Rejected
from store.reading.source import Source
from store.tables.cell_row import CellRow, Rows
from store.tables.delimited import delimited_rows, names_of
from store.tables.stores import Table, dump_contents
from store.tables.text_form import row_of
from store.words import said

# Names of encodings in PostgreSQL that Python has others for.
_ENCODINGS: Final[Mapping[str, str]] = {
    "": "utf-8",
    "UTF8": "utf-8",
    "SQL_ASCII": "utf-8",
    **{f"LATIN{n}": f"iso8859-{n}" for n in range(1, 5)},
    **{f"LATIN{n}": f"iso8859-{n + 4}" for n in (5, 6)},
    **{"LATIN7": "iso8859-13", "LATIN8": "iso8859-14", "LATIN9": "iso8859-15"},
    **{f"WIN{n}": f"cp{n}" for n in (866, 874, *range(1250, 1259))},
    **{"EUC_JP": "euc_jp", "EUC_KR": "euc_kr", "EUC_CN": "gb2312", "KOI8R": "koi8-r"},
}
_CUT: Final = said("the dump is truncated: the table has no end")

# A row, and at which place among the tables that one stands that it is of.
Read: TypeAlias = Callable[[], Iterator[tuple[int, CellRow | Rejected]]]


class TextTables:
    """Several tables with the same meaning, or one; `read` begins anew at each call."""

    def __init__(self, columns: Sequence[Sequence[str]], read: Read) -> None:
        self.columns = columns  # of each of the tables, in the order of the cells
        self.read = read


def of_csv(source: Source, *, separator: str = "") -> TextTables:
    """The one table of a CSV file. Raises UnreadableSource where its first row names no columns."""

    def read() -> Iterator[tuple[int, CellRow | Rejected]]:
        rows = delimited_rows(source, separator=separator)
        names_of(rows, source)
        for row in rows:
            yield 0, row

    rows = delimited_rows(source, separator=separator)
    return TextTables([names_of(rows, source)], read)


def of_dump(source: Source, tables: Sequence[Table]) -> TextTables:
    """Tables of a dump, in the order in which it has them. Raises UnreadableSource where its
    encoding is not known."""
    encoding = _encoding(source)
    blocks = [it.block for it in tables if it.block is not None]
    places = {it.first_line: at for at, it in enumerate(blocks)}

    def read() -> Iterator[tuple[int, CellRow | Rejected]]:
        for block, row in _rows(source, sorted(blocks, key=lambda it: it.first_line), encoding):
            yield places[block.first_line], row

    return TextTables([it.columns for it in blocks], read)


def _encoding(source: Source) -> str:
    stated = dump_contents(source).encoding.upper()
    if stated not in _ENCODINGS:
        reason = said(
            "the dump is in {said}, which is not supported: dump it with --encoding=UTF8",
            said=stated[:40],
        )
        raise UnreadableSource(reason, source.path)
    return _ENCODINGS[stated]


def _rows(
    source: Source, blocks: Sequence[CopyBlock], encoding: str
) -> Iterator[tuple[CopyBlock, CellRow | Rejected]]:
    lines = source.lines()
    for block in blocks:
        if not block.rows and not block.is_cut:
            continue
        number, offset = 0, 0
        for line in lines:
            number, offset = line.number, line.offset + len(line.text)
            if number < block.first_line:
                continue
            text = line.text.rstrip(b"\r\n")
            if text == b"\\.":
                break
            if line.text[-1:] != b"\n":
                break  # half a row: told below
            yield block, row_of(number, line.offset, text, encoding)
        if block.is_cut:
            yield block, Rejected(line=number, offset=offset, reason=_CUT)


def rows_of(tables: TextTables) -> Rows:
    """The rows of tables of which there is one."""
    return (row for _, row in tables.read())
