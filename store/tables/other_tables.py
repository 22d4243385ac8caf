"""What a file holds beside the store that is read: told, table by table."""

import re
from collections.abc import Iterator, Sequence

from store.reading.remarks import Passed, Skipped
from store.reading.source import Source
from store.tables.stores import Store, row_count, tables_in
from store.words import counted, said


def other_tables(source: Source, read: Store, stores: Sequence[Store]) -> Iterator[Skipped]:
    """Every table with rows that is not read: snapshots as such, and of another store of events
    how it can be chosen."""
    others = {name: it for it in stores if it is not read for name in it.tables}
    for table in tables_in(source):
        if table.name in read.tables or table.name.startswith("sqlite_"):
            continue
        if found := row_count(source, table):
            plain = table.name.rpartition(".")[2].lower()
            is_snapshot = re.fullmatch(read.layout.snapshots or "(?!)", plain)
            text = said(
                "table {name!r}, {found}",
                name=table.name,
                found=counted("{count:,} row", "{count:,} rows", found),
            )
            if other := others.get(table.name):
                text += said(
                    ": events of {title}, with table={label}",
                    title=other.layout.title,
                    label=other.label,
                )
            kind: Passed = "snapshots" if is_snapshot else "other_rows"
            yield Skipped(kind=kind, text=text, count=found)
