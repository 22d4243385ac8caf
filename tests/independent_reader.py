"""Reads a log by docs/file-format.md alone: nothing of Foldline is imported here."""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

ZERO = bytes(32)
EVENTS = """
SELECT e.chain, e.checksum, e.position, s.name, e.version, t.name, e.id, e.recorded_at_us,
       e.recorded_offset_min, e.recorded_max_us, e.occurred_at_us, e.occurred_offset_min, e.data,
       e.metadata, e.source
FROM events e JOIN streams s ON s.id = e.stream_id JOIN types t ON t.id = e.type_id
ORDER BY e.position
"""
LINKS = "SELECT s.name FROM links l JOIN streams s ON s.id = l.stream_id WHERE l.position = ?"
ENTRIES = "SELECT number, recorded_in, row_key, position, checksum, chain FROM beside_chain"


class Wrong(Exception):
    """The file does not say what it should."""


def read_log(path: Path, columns: dict[str, tuple[list[str], list[str]]]) -> dict[str, Any]:
    """Read and check everything. `columns`: by table, the key and the others that are hashed."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        require(application == 0x464F4C44, "not a log")
        facts = dict(db.execute("SELECT key, value FROM store_facts"))
        events = [*read_events(db, int(facts.get("unchained_events", 0)))]
        beside = check_beside(db, columns)
        return {"version": version, "facts": facts, "events": events, "beside": beside}
    finally:
        db.close()


def read_events(db: sqlite3.Connection, unchained: int) -> Iterator[dict[str, Any]]:
    """Each event as a value, once its checksum and its chain are right."""
    previous = ZERO
    for number, (chain, checksum, *facts) in enumerate(db.execute(EVENTS), 1):
        require(facts[0] == number, f"position {number} is missing")
        names = {name for (name,) in db.execute(LINKS, [number])}
        links = sorted(names, key=lambda it: it.encode())
        if number <= unchained:
            text = "\x1f".join(str(it) for it in facts)
            require(chain is None, f"position {number} has a chain")
            require(zlib.crc32(text.encode()) == checksum, f"position {number}: checksum")
        else:
            content = packed([*facts, links])
            require(zlib.crc32(content) == checksum, f"position {number}: checksum")
            previous = hashlib.sha256(previous + content).digest()
            require(previous == chain, f"position {number}: chain")
        yield {
            "position": number,
            "stream": facts[1],
            "type": facts[3],
            "data": json.loads(facts[10], parse_float=Decimal),
            "metadata": json.loads(facts[11]),
            "links": links,
        }


def check_beside(db: sqlite3.Connection, columns: dict[str, tuple[list[str], list[str]]]) -> int:
    """How many rows beside the events are chained, once all of them are right."""
    previous, count = ZERO, 0
    for number, table, key, position, checksum, chain in db.execute(f"{ENTRIES} ORDER BY number"):
        keys, others = columns[table]
        where = " AND ".join(f"{it} = ?" for it in keys)
        sql = f"SELECT {', '.join([*keys, *others])} FROM {table} WHERE {where}"
        row = db.execute(sql, json.loads(key)).fetchone()
        require(row is not None, f"{table} {key} is missing")
        require(zlib.crc32(packed(list(row))) == checksum, f"{table} {key}: checksum")
        found = db.execute("SELECT chain FROM events WHERE position = ?", [position]).fetchone()
        event_chain = found[0] if found and found[0] else ZERO
        entry = [number, table, key, position, event_chain, list(row)]
        previous = hashlib.sha256(previous + packed(entry)).digest()
        count += 1
        require(number == count and previous == chain, f"entry {count}: chain")
    return count


def packed(value: Any) -> bytes:
    """MessagePack, in the shortest form of each value."""
    if value is None:
        return b"\xc0"
    if isinstance(value, int):
        return packed_number(value)
    if isinstance(value, str):
        content = value.encode()
        short = [0xA0 | len(content)] if len(content) < 32 else []
        return head(len(content), short, 0xD9, 0xDA, 0xDB) + content
    if isinstance(value, bytes):
        return head(len(value), [], 0xC4, 0xC5, 0xC6) + value
    short = [0x90 | len(value)] if len(value) < 16 else []
    return head(len(value), short, None, 0xDC, 0xDD) + b"".join(map(packed, value))


def head(length: int, short: list[int], one: int | None, two: int, four: int) -> bytes:
    """The first bytes of a text, of bytes or of an array: its kind and its length."""
    if short:
        return bytes(short)
    if one is not None and length < 2**8:
        return bytes([one, length])
    if length < 2**16:
        return bytes([two]) + length.to_bytes(2, "big")
    return bytes([four]) + length.to_bytes(4, "big")


def packed_number(value: int) -> bytes:
    """An integer: unsigned forms from 0 on, signed ones below."""
    if -32 <= value < 128:
        return (value % 256).to_bytes(1, "big")
    if value >= 0:
        size, kind = next(
            (size, kind)
            for size, kind in ((1, 0xCC), (2, 0xCD), (4, 0xCE), (8, 0xCF))
            if value < 2 ** (8 * size)
        )
    else:
        size, kind = next(
            (size, kind)
            for size, kind in ((1, 0xD0), (2, 0xD1), (4, 0xD2), (8, 0xD3))
            if value >= -(2 ** (8 * size - 1))
        )
    return bytes([kind]) + value.to_bytes(size, "big", signed=value < 0)


def require(is_so: bool, what: str) -> None:
    """Raises Wrong unless it is so."""
    if not is_so:
        raise Wrong(what)
