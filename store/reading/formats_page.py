"""The page docs/formats.md, written from what the formats declare:

python -m store.reading.formats_page > docs/formats.md
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Final

from store.formats.pg_dump import DumpSign
from store.reading.detect import bare_formats, formats, unread_formats
from store.reading.format import Format, UnreadFormat
from store.reading.signs import (
    Columns,
    Header,
    HeaderLine,
    Keys,
    Magic,
    OnlyRecord,
    ParquetColumns,
    Shaped,
    Sign,
    Tables,
    Text,
    UsualKeys,
    Words,
)
from store.tables.table_format import LayoutSign

MOST_NAMES: Final = 6
HEAD: Final = """# Formats

Foldline detects the format of a file from its content. The name only decides between equal
matches. `main.py preview FILE` shows the detected format and how certain it is. `--format NAME`
overrides it. gzip, Zstandard and zip files are unpacked first. [Importing](importing.md) explains
how to map the fields of other formats. [How to add a format](how-to-add-a-format.md) adds one.

`python -m store.reading.formats_page` generates this page from the code.
"""
LOST: Final = """## What is lost

`main.py export STORE OUT --format NAME --dry-run` counts what the selected events would lose,
before anything is written. Everything not listed here is the same when it is imported again.
"""


def page() -> str:
    """The whole page."""
    read = [_row(it) for it in formats()]
    mapped = [_row(it) for it in bare_formats()]
    unread = [f"| {it.title} | {_signs(it)} | {_cell(it.advice)} |" for it in unread_formats()]
    head = "| format | `--format` | recognised by | exported | followed |\n|---|---|---|---|---|"
    return "\n".join(
        (
            HEAD,
            "## Read as events\n",
            head,
            *read,
            "\n## Read as records, with a mapping\n",
            head,
            *mapped,
            "\n## Recognised but not supported\n",
            "| format | recognised by | what to do |\n|---|---|---|",
            *unread,
            f"\n{LOST}",
            "| format | loses |\n|---|---|",
            *_losses(),
            "",
        )
    )


def _row(it: Format) -> str:
    names = ", ".join(f"`{name}`" for name in (it.name, *it.aliases))
    written = "yes" if it.write is not None else ""
    followed = "yes" if it.grows_by_lines or it.rows_after is not None else ""
    return f"| {_cell(it.title)} | {names} | {_signs(it)} | {written} | {followed} |"


def _losses() -> Iterator[str]:
    for it in formats():
        if it.write is not None:
            told = [", ".join(filter(None, (loss.what, loss.when))) for loss in it.losses]
            yield f"| {_cell(it.title)} | {_cell('; '.join(told) or 'nothing')} |"


def _signs(it: Format | UnreadFormat) -> str:
    return _cell("; or ".join(dict.fromkeys(map(words_of, it.signs))))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def words_of(sign: Sign) -> str:
    """What a sign looks for. Raises NotImplementedError for one of an unknown kind."""
    match sign:
        case Magic(starts=starts) | Text(starts=starts, holds=(), holds_any=()):
            return f"begins with {_bytes(starts)}"
        case Text(starts=starts, holds=holds, holds_any=any_of):
            return f"begins with {_bytes(starts)} and contains {_bytes((*holds, *any_of))}"
        case Header(names=names):
            return f"a first line of {_names(names, 'column', 'columns')}"
        case HeaderLine():
            return "a first line of names with separators"
        case Tables(tables=tables) if tables:
            return f"SQLite with {_names(tables, 'table', 'tables')}"
        case Tables():
            return "any SQLite file"
        case Columns(columns=columns):
            return f"a SQLite table with exactly {_names(columns, 'column', 'columns')}"
        case Keys(names=names, at_least=None) | UsualKeys(names=names):
            return f"JSON records with {_names(names, 'key', 'keys')}"
        case Keys(names=names, at_least=count):
            return f"JSON records with {count} of {_names(names, 'key', 'keys')}"
        case OnlyRecord(names=names, at_least=count):
            return f"one JSON object with {count} of {_names(names, 'key', 'keys')}"
        case Words(names=names):
            return f"JSON that contains {_listed(names)}"
        case Shaped():
            return "any JSON records"
        case ParquetColumns(names=names):
            return f"Parquet with {_names(names, 'column', 'columns')}" if names else "any Parquet"
        case LayoutSign(layout=it):
            wanted = _names(it.events.columns, "column", "columns")
            return f"a table (CSV, SQLite or a dump) with {wanted}"
        case DumpSign():
            return "a plain dump of PostgreSQL with tables of one of these layouts"
    raise NotImplementedError(type(sign).__name__)


def _names(names: Iterable[str], one: str, many: str) -> str:
    """`keys a, b, …`."""
    found = list(names)
    return f"{one if len(found) == 1 else many} {_listed(found)}"


def _listed(names: Iterable[str]) -> str:
    """`a, b, …`."""
    found = [f"`{it}`" for it in names]
    return ", ".join(found[:MOST_NAMES]) + (", …" if len(found) > MOST_NAMES else "")


def _bytes(starts: Iterable[bytes]) -> str:
    texts = [it.decode("latin-1").encode("unicode_escape").decode() for it in starts]
    return " or ".join(f"`{it.strip()}`" for it in dict.fromkeys(texts))


if __name__ == "__main__":
    sys.stdout.write(page())
