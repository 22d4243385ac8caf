"""What came of deciding later commands of a branch again, as it stands in the branch's file.

It belongs to one history: to the edits that were made when it was decided. When one of them is
undone it counts no more, and when that is made again it counts again.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from store.branches.edits import Edit, digest
from store.sqlite.rows import rows

Came: TypeAlias = Literal["other", "refused", "unsent", "new", "waits", "kept"]

TABLE: Final = """CREATE TABLE IF NOT EXISTS branch_decided (
    history TEXT PRIMARY KEY,
    own_head INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    decided TEXT NOT NULL CHECK (json_type(decided) = 'object')
) STRICT, WITHOUT ROWID"""
_HAS: Final = "SELECT 1 FROM sqlite_master WHERE name = 'branch_decided'"
_AT: Final = "SELECT decided FROM branch_decided WHERE revision = ?"
_KEEP: Final = "INSERT OR REPLACE INTO branch_decided VALUES (?, ?, ?, ?)"
_KNOWN: Final = "SELECT history FROM branch_decided"
_FORGET: Final = "DELETE FROM branch_decided WHERE history = ?"
_AGAIN: Final = "UPDATE branch_decided SET revision = ? WHERE history = ? AND own_head = ?"


class DecidedCommand(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A command that came out otherwise, or could not be decided again.

    `came`: "other" events; "refused" by a rule; "unsent" by its process manager any more; "new",
    sent for the first time; "waits", a timer beyond the end; "kept" as recorded, with the reason.
    """

    id: str
    type: str
    stream: str
    came: Came
    event: str = ""  # the id of its first event, be that recorded or new
    rule: str = ""  # that refuses it now
    reason: str = ""  # for a person


class Decided(Struct, frozen=True, kw_only=True):
    """All of it. `edits` leave out, put in and replace ("decide") events; they follow the edits of
    a person."""

    looked_at: int  # commands and reactions that were decided again
    commands: tuple[DecidedCommand, ...] = ()
    edits: tuple[Edit, ...] = ()


def decided_in(db: sqlite3.Connection, revision: int) -> Decided | None:
    """What counts for the history of a revision; None: nothing was decided for it."""
    if not rows(db, _HAS):
        return None
    found = rows(db, _AT, [revision])
    return msgspec.json.decode(found[0][0], type=Decided) if found else None


def keep_decided(
    db: sqlite3.Connection,
    decided: Decided,
    edits: Sequence[Edit],
    *,
    base_head: int,
    own_head: int,
    revision: int,
) -> None:
    """Inside a transaction: let it count from a revision on. What belongs to histories that no
    undoing leads to any more is forgotten."""
    db.execute(TABLE)
    reachable = {history_of(edits[:n], base_head) for n in range(len(edits) + 1)}
    for (known,) in rows(db, _KNOWN):
        if known not in reachable:
            db.execute(_FORGET, [known])
    now = history_of([it for it in edits if not it.is_undone], base_head)
    db.execute(_KEEP, [now, own_head, revision, msgspec.json.encode(decided).decode()])


def count_again(
    db: sqlite3.Connection, edits: Sequence[Edit], *, base_head: int, own_head: int, revision: int
) -> None:
    """Inside a transaction, when edits were undone or made again: what was decided for this very
    history counts from a revision on, if the branch has got no events since."""
    if rows(db, _HAS):
        now = history_of([it for it in edits if not it.is_undone], base_head)
        db.execute(_AGAIN, [revision, now, own_head])


def history_of(edits: Sequence[Edit], base_head: int) -> str:
    """What tells a history from others of the same branch."""
    plain = [
        it if not it.is_undone else msgspec.structs.replace(it, is_undone=False) for it in edits
    ]
    return f"{base_head} {digest(plain)}"
