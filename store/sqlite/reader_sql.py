"""The SQL that LogReader asks of a log."""

from typing import Final

_NAMED: Final = """
FROM events e CROSS JOIN streams s ON s.id = e.stream_id CROSS JOIN types t ON t.id = e.type_id
"""
_COLUMNS: Final = f"""
e.position, s.name, e.version, t.name, e.id, e.recorded_at_us, e.recorded_offset_min,
e.occurred_at_us, e.occurred_offset_min, e.data, e.metadata, e.source
{_NAMED}"""
HEAD: Final = "SELECT coalesce(max(position), 0) FROM events"
BY_POSITION: Final = f"""SELECT {_COLUMNS} WHERE e.position BETWEEN ? AND ?
ORDER BY e.position"""
PAYLOADS: Final = f"""SELECT e.position, s.name, t.name, e.data, e.metadata
{_NAMED} WHERE e.position BETWEEN ? AND ? ORDER BY e.position"""
BY_POSITIONS: Final = f"""SELECT {_COLUMNS} WHERE e.position IN (SELECT value FROM json_each(?))
ORDER BY e.position"""
BY_ID: Final = f"SELECT {_COLUMNS} WHERE e.id = ?"
# Folding reads these by the hundred thousand: no join, the names are known or looked up once.
HOME: Final = """
SELECT position, version, type_id, id, recorded_at_us, recorded_offset_min,
       occurred_at_us, occurred_offset_min, data, metadata, source
FROM events WHERE stream_id = ? AND version BETWEEN ? AND ? ORDER BY version
"""
SPAN: Final = """
SELECT position, stream_id, version, type_id, id, recorded_at_us, recorded_offset_min,
       occurred_at_us, occurred_offset_min, data, metadata, source
FROM events WHERE position BETWEEN ? AND ?
"""
NAMES_OF_TYPES: Final = "SELECT id, name FROM types WHERE id IN (SELECT value FROM json_each(?))"
STREAM_NAMES: Final = """
SELECT id, name FROM streams WHERE id IN (SELECT value FROM json_each(?))
"""
# A link into an event's own home, as older writers recorded it, says nothing.
LINKED: Final = f"""SELECT {_COLUMNS} WHERE e.stream_id <> ? AND e.position IN (
    SELECT position FROM links WHERE stream_id = ? AND position BETWEEN ? AND ?)
ORDER BY e.position"""
STREAM_MOMENTS: Final = """
SELECT position, version, occurred_at_us FROM events WHERE stream_id = ? AND version > ?
ORDER BY version
"""
LINKED_MOMENTS: Final = """
SELECT e.position, 0, e.occurred_at_us FROM links l CROSS JOIN events e ON e.position = l.position
WHERE e.stream_id <> ? AND l.stream_id = ? AND l.position > ? ORDER BY l.position
"""
STREAM_ID: Final = "SELECT id FROM streams WHERE name = ?"
STREAM_VERSION: Final = "SELECT coalesce(max(version), 0) FROM events WHERE stream_id = ?"
# Versions grow with positions, so halve the span of versions until one is left. Mostly no event
# of the stream is behind the position: then nothing is halved.
VERSION_AT: Final = """
WITH RECURSIVE span (low, high) AS (
    SELECT 0, (SELECT coalesce(max(version), 0) FROM events WHERE stream_id = ?1)
    UNION ALL
    SELECT iif(e.position > ?2, low, e.version), iif(e.position > ?2, e.version - 1, high)
    FROM span CROSS JOIN events e
    WHERE low < high AND e.stream_id = ?1 AND e.version = (low + high + 1) / 2)
SELECT coalesce((
    SELECT version FROM events WHERE stream_id = ?1 AND position <= ?2
    AND version = (SELECT max(version) FROM events WHERE stream_id = ?1)
), (SELECT low FROM span WHERE low = high))
"""
POSITIONS_BEFORE: Final = """
SELECT e.position, b.position FROM json_each(?) asked
CROSS JOIN events e ON e.position = asked.value
CROSS JOIN events b ON b.stream_id = e.stream_id AND b.version = e.version - 1
"""
POSITION_OF: Final = "SELECT position FROM events WHERE stream_id = ? AND version = ?"
# By the index of names: "." comes right after "-".
HAS_CATEGORY: Final = "SELECT EXISTS (SELECT 1 FROM streams WHERE name >= ? AND name < ?)"
HAS_LINKS: Final = "SELECT EXISTS (SELECT 1 FROM links WHERE stream_id = ?)"
LINKS_OF: Final = """SELECT s.name FROM links l JOIN streams s ON s.id = l.stream_id
WHERE l.position = ? ORDER BY s.name"""
LINKS_BETWEEN: Final = """SELECT l.position, s.name FROM links l CROSS JOIN streams s
ON s.id = l.stream_id WHERE l.position BETWEEN ? AND ? ORDER BY l.position, s.name"""
STORE_ID: Final = "SELECT value FROM store_facts WHERE key = 'store_id'"
TYPE_COUNTS: Final = """
SELECT t.name, (SELECT count(*) FROM events e WHERE e.type_id = t.id) FROM types t ORDER BY t.id
"""
STREAM_LENGTHS: Final = """
SELECT s.name, found.events
FROM (SELECT stream_id, count(*) AS events FROM events GROUP BY stream_id) found
JOIN streams s ON s.id = found.stream_id ORDER BY found.events DESC, s.name
"""
EVERY_NTH: Final = """
SELECT e.position, s.name, e.version FROM events e CROSS JOIN streams s ON s.id = e.stream_id
WHERE e.position BETWEEN ? AND ? AND e.version % ? = 0 ORDER BY e.position
"""
MOMENTS: Final = """
SELECT e.position, t.name, e.recorded_max_us, e.occurred_at_us
FROM events e CROSS JOIN types t ON t.id = e.type_id WHERE e.position BETWEEN ? AND ?
ORDER BY e.position
"""
ARRIVED: Final = """
SELECT coalesce((
    SELECT imported_at_us FROM imports
    WHERE last_position >= ? AND json_extract(manifest, '$.first_position') <= ?
    ORDER BY id LIMIT 1), recorded_at_us)
FROM events WHERE position = ?
"""
RUNNING_MAX: Final = "SELECT recorded_max_us FROM events WHERE position = ?"
# Halves the span of positions (low, high] in which the answer lies, until it is one: in SQLite's
# own loop, as twenty questions one by one take ten times as long.
POSITION_AS_OF: Final = """
WITH RECURSIVE halved (low, high) AS (
    SELECT 0, coalesce(max(position), 0) FROM events
    UNION ALL
    SELECT iif(recorded_max_us <= ?1, position, low), iif(recorded_max_us <= ?1, high, position - 1)
    FROM halved CROSS JOIN events ON position = (low + high + 1) / 2 WHERE low < high
)
SELECT low FROM halved WHERE low = high
"""
PAGE_UP: Final = f"""SELECT {_COLUMNS} WHERE e.position > ? AND e.position <= ? AND {{where}}
ORDER BY e.position LIMIT ?"""
PAGE_DOWN: Final = f"""SELECT {_COLUMNS} WHERE e.position > ? AND e.position <= ? AND {{where}}
ORDER BY e.position DESC LIMIT ?"""
POSITIONS: Final = """SELECT e.position FROM events e
WHERE e.position > ? AND e.position <= ? AND {where} ORDER BY e.position"""
