"""Which of the numbers that are missing in another program's table can still come.

Whoever takes a number from a sequence holds a lock on that sequence until its transaction ends,
and whoever writes holds one on the table. Both are locks against changes of the tables only, and
everybody may look at them. So a number that is missing below one that is seen can only come from
a transaction that holds such a lock at that moment: once all of those have ended, and the row is
still not there, it never comes. What other transactions do, or how long they take, is no matter.

That is no proof where the client takes its numbers before, or in blocks, nor on a standby, which
does not see the locks. Such numbers are waited for and looked for afterwards as well.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from psycopg.sql import SQL, Composable

from store.remote.postgresql.foreign_tables import ForeignTables

# The sequences of a table: those of its columns' defaults and identities, and by their names.
_SEQUENCES: Final = """
SELECT DISTINCT s.oid::bigint, q.seqcache = 1 AND q.seqincrement = 1
FROM pg_class s
JOIN pg_sequence q ON q.seqrelid = s.oid
LEFT JOIN pg_depend own ON own.classid = 'pg_class'::regclass AND own.objid = s.oid
    AND own.refclassid = 'pg_class'::regclass AND own.refobjid = %s
LEFT JOIN (
    SELECT d.refobjid FROM pg_attrdef a
    JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid
        AND d.refclassid = 'pg_class'::regclass
    WHERE a.adrelid = %s
) of_default ON of_default.refobjid = s.oid
WHERE own.objid IS NOT NULL OR of_default.refobjid IS NOT NULL
    OR (%s <> '' AND s.relname ~ ('^(' || %s || ')$')
        AND s.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = %s))
"""
# Who may still bring a number that is missing: on a standby, whoever runs.
_OPEN: Final = """
SELECT ({last}), CASE WHEN pg_is_in_recovery()
    THEN ARRAY(SELECT it::text FROM pg_snapshot_xip(pg_current_snapshot()) AS it)
    ELSE ARRAY(
        SELECT DISTINCT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND granted AND relation = ANY(%s::bigint[]::oid[])
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                       'AccessExclusiveLock')
    ) END
"""
_PREPARED: Final = "-1/"  # a transaction that was prepared has another name than it had before
UNPROVEN_S: Final = 1.0  # at least, where nothing proves that a number is lost

Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    upto: int  # what is missing below is decided once
    since: float  # by the monotonic clock
    holders: frozenset[str]  # have all ended


class Numbering:
    """`settled`: of the numbers up to it, those that a later look does not find never come, as far
    as is known (`is_proven`) or is to be assumed."""

    def __init__(self, tables: ForeignTables, ask: Ask, *, last: Composable) -> None:
        """`last` asks for the highest number that is there, or gives NULL where that is dear."""
        preset = tables.preset
        found = ask(SQL(_SEQUENCES), tables.oid, tables.oid, *[preset.sequence] * 2, tables.oid)
        ((is_standby,),) = ask(SQL("SELECT pg_is_in_recovery()"))
        is_counted = bool(found) and all(bool(it) for _, it in found) and not is_standby
        self.waits = preset.numbered != "under a lock"
        self.is_proven = not self.waits or (preset.numbered == "in its transaction" and is_counted)
        self.settled = 0
        self._patience_s = 0.0 if self.is_proven else max(preset.patience_s, UNPROVEN_S)
        self._watched = [tables.oid, *(oid for oid, _ in found)]
        self._ask, self._open = ask, SQL(_OPEN).format(last=last)
        self._waiting: _Waiting | None = None

    def settle(self, seen: int) -> bool:
        """Look at who may still bring something below `seen`, a number that is there. True when
        `settled` has grown: then look at the rows once more."""
        last, names = self._ask(self._open, self._watched)[0]
        holders = frozenset(map(str, names))
        if self._waiting is None:
            self._waiting = _Waiting(max(seen, last or 0), time.monotonic(), holders)
        held = any(it in holders for it in self._waiting.holders) or any(
            it.startswith(_PREPARED) for it in holders
        )
        if held or time.monotonic() < self._waiting.since + self._patience_s:
            return False
        has_grown = self._waiting.upto > self.settled
        self.settled, self._waiting = max(self.settled, self._waiting.upto), None
        return has_grown
