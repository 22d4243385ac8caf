"""What stands beside a log that keeps nothing there: every answer is the empty one."""

from store.beside.interface import Beside
from store.beside.sqlite_beside import SqliteBeside
from store.sqlite import schema
from store.sqlite.connect import connect_memory


def nothing_beside() -> Beside:
    """The tables of an empty log, in memory. May be used from any thread."""
    db = connect_memory()
    schema.create(db, store_id="")
    return SqliteBeside(db)
