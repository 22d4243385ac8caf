"""Where the rows of tables stand in a dump of PostgreSQL as text. Nothing in it is executed.

`COPY schema.table (columns) FROM stdin;` is followed by a line a row, up to a line `\\.`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

_TITLE: Final = b"PostgreSQL database dump"
_WITHIN: Final = 4_096
_HEADER: Final = re.compile(rb"^COPY (.+) \((.*)\) FROM stdin;\r?$", re.MULTILINE)
_INSERT: Final = re.compile(rb"^INSERT INTO ", re.MULTILINE)
_ENCODING: Final = re.compile(rb"^SET client_encoding = '([^'\r\n]*)';", re.MULTILINE)
_END: Final = re.compile(rb"^\\\.\r?$", re.MULTILINE)
_NAME: Final = re.compile(r'"((?:[^"]|"")*)"|([^",.\s]+)')


class CopyBlock(NamedTuple):
    """The rows of one table."""

    table: str  # with its schema
    columns: tuple[str, ...]  # in the order of the cells
    first_line: int  # of the rows, counted from 1
    rows: int
    is_cut: bool  # the file ends before the table does


@dataclass(slots=True)
class DumpContents:
    """What stands in a dump."""

    blocks: tuple[CopyBlock, ...] = ()
    has_inserts: bool = False  # rows as statements, which are not read
    encoding: str = ""  # as PostgreSQL names it


def is_dump(head: bytes) -> bool:
    """Whether a file begins as pg_dump begins one."""
    text = head.lstrip()
    return text.startswith(b"--") and _TITLE in text[:_WITHIN]


def contents_of(pieces: Iterable[bytes]) -> DumpContents:
    """Look through a whole dump, a piece at a time."""
    found, blocks = DumpContents(), list[CopyBlock]()
    open_: CopyBlock | None = None
    line = 1
    for text in _whole_lines(pieces):
        at = 0
        while at < len(text):
            if open_ is None:
                header = _HEADER.search(text, at)
                _note(found, text[at : header.start() if header else len(text)])
                if header is None:
                    line += text.count(b"\n", at)
                    break
                line += text.count(b"\n", at, header.end()) + 1
                at = header.end() + 1
                open_ = CopyBlock(*_named(header), line, 0, True)
            else:
                end = _END.search(text, at)
                until = end.start() if end else len(text)
                rows = text.count(b"\n", at, until)
                open_, line = open_._replace(rows=open_.rows + rows), line + rows
                at = until
                if end:
                    blocks.append(open_._replace(is_cut=False))
                    open_ = None
    found.blocks = (*blocks, open_) if open_ else tuple(blocks)
    return found


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces that end with a line."""
    rest: list[bytes] = []
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if not end:
            rest.append(piece)
            continue
        yield b"".join((*rest, piece[:end]))
        rest = [piece[end:]]
    if last := b"".join(rest):
        yield last


def _note(found: DumpContents, statements: bytes) -> None:
    if not found.has_inserts and _INSERT.search(statements):
        found.has_inserts = True
    if not found.encoding and (said := _ENCODING.search(statements)):
        found.encoding = said.group(1).decode("ascii", "replace")


def _named(header: re.Match[bytes]) -> tuple[str, tuple[str, ...]]:
    table, columns = (_names(it.decode("utf-8", "replace")) for it in header.groups())
    return ".".join(table), tuple(columns)


def _names(text: str) -> list[str]:
    return [quoted.replace('""', '"') or plain for quoted, plain in _NAME.findall(text)]
