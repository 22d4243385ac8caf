"""Rows of other programs' tables as the files they come in, written by hand: CSV as PostgreSQL
writes it, a dump with COPY blocks, and SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Cells = Sequence[Any]  # None, texts, numbers, truths, bytes
Tables = Mapping[str, tuple[Sequence[str], Sequence[Cells]]]  # columns, and rows

DUMP_HEAD = "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\n"
ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def csv_text(columns: Sequence[str], rows: Sequence[Cells], *, separator: str = ",") -> str:
    """NULL is nothing, and an empty text is in quotation marks."""
    lines = [separator.join(columns)]
    lines += [separator.join(_csv_cell(it, separator) for it in row) for row in rows]
    return "".join(f"{it}\n" for it in lines)


def dump_text(tables: Tables) -> str:
    """The tables in the order in which they are given."""
    return DUMP_HEAD + "".join(_copy_block(name, *it) for name, it in tables.items())


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Cells]) -> Path:
    """One table as CSV."""
    path.write_text(csv_text(columns, rows), encoding="utf-8", newline="")
    return path


def write_dump(path: Path, tables: Tables) -> Path:
    """Tables as a dump."""
    path.write_text(dump_text(tables), encoding="utf-8", newline="")
    return path


def write_sqlite(path: Path, tables: Tables) -> Path:
    """Tables as a SQLite file; schemas are left out of their names."""
    db = sqlite3.connect(path)
    for name, (columns, rows) in tables.items():
        plain = name.rpartition(".")[2]
        listed, marks = ", ".join(f'"{it}"' for it in columns), ", ".join("?" * len(columns))
        db.execute(f'CREATE TABLE "{plain}" ({listed})')
        db.executemany(f'INSERT INTO "{plain}" VALUES ({marks})', rows)
    db.commit()
    db.close()
    return path


def _copy_block(name: str, columns: Sequence[str], rows: Sequence[Cells]) -> str:
    listed = ", ".join(it if it.islower() else f'"{it}"' for it in columns)
    lines = "".join("\t".join(map(_copy_cell, row)) + "\n" for row in rows)
    return f"COPY {name} ({listed}) FROM stdin;\n{lines}\\.\n\n\n"


def _plain(cell: Any) -> str:
    if isinstance(cell, bool):
        return "t" if cell else "f"
    return f"\\x{cell.hex()}" if isinstance(cell, bytes) else str(cell)


def _csv_cell(cell: Any, separator: str) -> str:
    if cell is None:
        return ""
    text = _plain(cell)
    is_quoted = text == "" or any(it in text for it in ('"', "\n", "\r", separator))
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if is_quoted else text


def _copy_cell(cell: Any) -> str:
    if cell is None:
        return "\\N"
    return "".join(ESCAPES.get(it, it) for it in _plain(cell))
