"""Counts by type and span of time, in spans that double when there are too many."""

import sqlite3
from typing import Final

import numpy as np

from replay.timeline.timeline_counts import PAIR, Int64s
from replay.views import many_rows
from store import json_text

BUCKETS: Final = 8_192  # spans that hold events; a picture is some 2,000 pixels wide

# Entries are an array of four rows: bucket, type, count, last position.
_BUCKET, _TYPE, _COUNT, _LAST = range(4)


class BucketWriter:
    """Adds events to the tables `base`_buckets and `base`_scale. One thread, inside a
    transaction."""

    def __init__(self, db: sqlite3.Connection, base: str) -> None:
        self._db = db
        self._base = base
        self.forget()

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._count = -1  # of buckets; not asked yet

    def add(self, times_us: Int64s, types: Int64s, positions: Int64s) -> None:
        """Count events by their span of time. The tables then depend on the events alone, not
        on the batches they came in."""
        if self._count < 0:
            self._count = self._ask(f'SELECT count(*) FROM "{self._base}_buckets"')
        exponent = self._ask(f'SELECT exponent FROM "{self._base}_scale"')
        new = np.stack([times_us >> exponent, types, np.ones_like(types), positions])
        touched = _distinct(new[_BUCKET])
        known = self._touched(touched)
        count = self._count + len(touched) - len(_distinct(known[_BUCKET]))
        if count <= BUCKETS:
            self._write(np.concatenate([known, new], axis=1))
            self._count = count
        else:
            self._double(np.concatenate([self._read(None), new], axis=1), exponent)

    def _double(self, entries: Int64s, exponent: int) -> None:
        """Write all entries anew, in spans so wide that there are few enough."""
        distinct, wider = _distinct(entries[_BUCKET]), 0
        while len(distinct) > BUCKETS:
            distinct >>= 1
            distinct = distinct[_starts(np.diff(distinct) != 0)]  # still in order
            wider += 1
        entries[_BUCKET] >>= wider
        self._db.execute(f'DELETE FROM "{self._base}_buckets"')
        self._db.execute(f'UPDATE "{self._base}_scale" SET exponent = ?', [exponent + wider])
        self._write(entries)
        self._count = len(distinct)

    def _touched(self, buckets: Int64s) -> Int64s:
        """The entries of some buckets; all are looked at where that is less to ask."""
        if len(buckets) < self._count:
            return self._read(buckets)
        known = self._read(None)
        at = np.minimum(np.searchsorted(buckets, known[_BUCKET]), len(buckets) - 1)
        return known[:, buckets[at] == known[_BUCKET]]

    def _read(self, buckets: Int64s | None) -> Int64s:
        """The entries of some buckets, or of all."""
        sql = f'SELECT bucket, counts, last_position FROM "{self._base}_buckets"'
        if buckets is None:
            rows = self._db.execute(sql).fetchall()
        else:
            only = f"{sql} WHERE bucket IN (SELECT value FROM json_each(?))"
            rows = self._db.execute(only, [json_text.encode(buckets.tolist())]).fetchall()
        pairs = np.frombuffer(b"".join(row[1] for row in rows), PAIR)
        sizes = [len(row[1]) // PAIR.itemsize for row in rows]
        bucket = np.repeat(np.array([row[0] for row in rows], np.int64), sizes)
        last = np.repeat(np.array([row[2] for row in rows], np.int64), sizes)
        return np.stack([bucket, pairs["type"].astype(np.int64), pairs["count"], last])

    def _write(self, entries: Int64s) -> None:
        """Write one row for each bucket of the entries."""
        entries = entries[:, _ordered(entries[_BUCKET], entries[_TYPE])]
        bucket, type_ = entries[_BUCKET], entries[_TYPE]
        starts = _starts((np.diff(bucket) != 0) | (np.diff(type_) != 0))
        pairs = np.empty(len(starts), PAIR)
        pairs["type"] = type_[starts]
        pairs["count"] = np.add.reduceat(entries[_COUNT], starts)
        text, buckets = pairs.tobytes(), bucket[starts]
        first = _starts(np.diff(buckets) != 0)
        ends = [*first[1:].tolist(), len(buckets)]
        lasts = np.maximum.reduceat(entries[_LAST], _starts(np.diff(bucket) != 0))
        size = PAIR.itemsize
        counts = [text[a * size : b * size] for a, b in zip(first.tolist(), ends, strict=True)]
        many_rows.insert(
            self._db,
            f'INSERT OR REPLACE INTO "{self._base}_buckets"',
            list(zip(buckets[first].tolist(), counts, lasts.tolist(), strict=True)),
        )

    def _ask(self, sql: str) -> int:
        return int(self._db.execute(sql).fetchone()[0])


def _distinct(buckets: Int64s) -> Int64s:
    """Each value once, in order. Times come nearly in order, which sorts faster than they hash."""
    ordered = np.sort(buckets, kind="stable")
    return ordered[_starts(np.diff(ordered) != 0)] if len(ordered) else ordered


def _ordered(buckets: Int64s, types: Int64s) -> Int64s:
    """By bucket, then type. As one number where it fits: nearly in order, which sorts faster."""
    first, width = int(buckets.min()), int(types.max()) + 1
    if (int(buckets.max()) - first) * width < np.iinfo(np.int64).max // 2:
        return np.argsort((buckets - first) * width + types, kind="stable")
    return np.lexsort((types, buckets))


def _starts(is_change: "np.typing.NDArray[np.bool_]") -> Int64s:
    """Where runs of equal neighbours begin."""
    return np.concatenate([[0], np.flatnonzero(is_change) + 1]).astype(np.int64)
