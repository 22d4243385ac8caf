"""A SQLite file of another library's layout, written as any other format is."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from store.sqlite.connect import connect


@contextmanager
def written_database(file: BinaryIO, *schema: str) -> Iterator[sqlite3.Connection]:
    """A connection to a new database with these tables, inside one transaction; its bytes go into
    `file` when the work is done, and nowhere when it raises. One file, in rollback mode: nothing
    lies beside it."""
    with tempfile.TemporaryDirectory(prefix="foldline-export-") as folder:
        path = Path(folder) / "written.sqlite"
        db = connect(path)
        try:
            db.execute("PRAGMA journal_mode = OFF").fetchone()
            db.execute("PRAGMA synchronous = OFF")
            for statement in schema:
                db.execute(statement)
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()
        with path.open("rb") as whole:
            copyfileobj(whole, file, 1 << 20)
