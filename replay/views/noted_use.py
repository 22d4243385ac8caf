"""That views of a log that may only be read are in use, and of which log they are: they lie in a
folder of this account's, where nothing else would tell."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from time import time
from typing import Final

from store.access import folder_of_ours
from store.place import Place

NOTED_AGAIN_S: Final = 3_600  # a use is noted at most so often
LOG: Final = "log"  # in view_facts: where the log is
NOTE: Final = "INSERT OR REPLACE INTO view_facts VALUES (?, ?)"
NOTED: Final = "SELECT value FROM view_facts WHERE key = ?"


def note_use(views: Path) -> None:
    """Say that a views file in that folder is in use; any other is left alone."""
    if views.parent == folder_of_ours():
        with suppress(OSError):
            if time() - views.stat().st_mtime > NOTED_AGAIN_S:
                os.utime(views)


def note_log(db: sqlite3.Connection, views: Path, place: Place) -> None:
    """Keep in a views file of that folder which log it is of."""
    text = Place(place.path).text
    if views.parent == folder_of_ours() and noted_log(db) != text:
        with suppress(sqlite3.OperationalError):  # it is busy: the next opening notes it
            db.execute(NOTE, [LOG, text])


def noted_log(db: sqlite3.Connection) -> str:
    """The text of the place of the log; empty where none is noted."""
    row = db.execute(NOTED, [LOG]).fetchone()
    return str(row[0]) if row else ""
