"""What a branch's file says of the branch."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from store.branches import file_schema
from store.branches.edits import Content, Edit
from store.sqlite.rows import rows

Later: TypeAlias = Literal["keep", "decide", "rerun"]


class BranchFacts(Struct, frozen=True, kw_only=True):
    """Times in microseconds since 1970 UTC. Positions: `fork` of the last event that is as it was,
    in the line that was left; `base_head` of the last event of the log that the branch holds."""

    id: str
    log_id: str  # the store id of the log
    fork: int
    base_head: int
    base_mark: str  # what tells the log's event at `base_head`, and all before it, from others
    note: str = ""
    # Events after an edit are kept as recorded, or decided again; "rerun": all of them behind
    # `rerun_after` are, be there an edit or not.
    later: Later = "keep"
    rerun_after: int = -1  # of a branch that was made so; -1: of any other
    parent: str = ""  # the branch that it was made from; empty: the log
    created_at_us: int = 0
    created_by: str = ""
    choices: str = "[]"  # of `later`, in the order of the edits: JSON (store.branches.choices)
    revision: int = 0  # grows with each change of the edits


def facts_in(db: sqlite3.Connection) -> BranchFacts:
    """Of an open branch file."""
    found: dict[str, Any] = dict(rows(db, file_schema.FACTS))
    return msgspec.convert(found, BranchFacts, strict=False)


def edits_in(db: sqlite3.Connection) -> list[Edit]:
    """All of them, in their order."""
    return [_edit(row) for row in rows(db, file_schema.EDITS)]


def fact_rows(facts: BranchFacts) -> list[tuple[str, str]]:
    """As they are written."""
    return [(key, str(value)) for key, value in msgspec.structs.asdict(facts).items()]


def mark_of(db: sqlite3.Connection, position: int) -> str:
    """What tells an event of a log, and where it is chained all before it, from any other; empty
    where there is none."""
    found = rows(db, file_schema.MARK, [position])
    return " ".join(str(it) for it in found[0]) if found else ""


def edit_row(edit: Edit) -> Sequence[Any]:
    """The values of ADD_EDIT."""
    content = msgspec.json.encode(edit.content).decode()
    return [edit.kind, edit.target, edit.other, edit.end, content, edit.at_us, edit.by]


def _edit(row: Sequence[Any]) -> Edit:
    number, kind, target, other, end, content, at_us, by, is_undone, is_inherited = row
    return Edit(
        number=number,
        kind=kind,
        target=target,
        other=other,
        end=end,
        content=msgspec.json.decode(content, type=Content),
        at_us=at_us,
        by=by,
        is_undone=bool(is_undone),
        is_inherited=bool(is_inherited),
    )
