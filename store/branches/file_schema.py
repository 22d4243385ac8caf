"""The tables of a branch's file, beside those of a log, in which its own events are.

The file has an application id of its own (store.sqlite.schema), so nobody takes it for a log. What
these tables hold is the branch, not facts: it may be changed, and is, a transaction for each
change.
"""

from typing import Final

from store.branches import decided

TABLES: Final = (
    "CREATE TABLE branch_facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE branch_edits (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('leave out', 'replace', 'insert', 'move', 'swap')),
    target TEXT NOT NULL,
    other TEXT NOT NULL,
    end_position INTEGER NOT NULL,
    content TEXT NOT NULL CHECK (json_type(content) = 'object'),
    at_us INTEGER NOT NULL,
    edited_by TEXT NOT NULL,
    is_undone INTEGER NOT NULL,
    is_inherited INTEGER NOT NULL
) STRICT""",
    decided.TABLE,
)

FACTS: Final = "SELECT key, value FROM branch_facts"
STATE: Final = "INSERT OR REPLACE INTO branch_facts VALUES (?, ?)"
EDITS: Final = """
SELECT number, kind, target, other, end_position, content, at_us, edited_by, is_undone, is_inherited
FROM branch_edits ORDER BY number
"""
ADD_EDIT: Final = """
INSERT INTO branch_edits VALUES (
    (SELECT coalesce(max(number), 0) + 1 FROM branch_edits), ?, ?, ?, ?, ?, ?, ?, 0, 0)
"""
FORGET_UNDONE: Final = "DELETE FROM branch_edits WHERE is_undone"
UNDO: Final = """
UPDATE branch_edits SET is_undone = 1 WHERE number = (
    SELECT max(number) FROM branch_edits WHERE NOT is_undone AND NOT is_inherited)
"""
REDO: Final = """
UPDATE branch_edits SET is_undone = 0 WHERE number = (
    SELECT min(number) FROM branch_edits WHERE is_undone)
"""
INHERIT: Final = "UPDATE branch_edits SET is_inherited = 1"
MOVE_ENDS: Final = "UPDATE branch_edits SET end_position = end_position + ? WHERE end_position > ?"
BUMP: Final = """
UPDATE branch_facts SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'revision'
"""
OWN_HEAD: Final = "SELECT coalesce(max(position), 0) FROM events"
REVISION: Final = "SELECT CAST(value AS INTEGER) FROM branch_facts WHERE key = 'revision'"
MARK: Final = "SELECT id, hex(chain), checksum FROM events WHERE position = ?"
