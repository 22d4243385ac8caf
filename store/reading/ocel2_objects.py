"""The objects of an object-centric log and how they change, kept on disk: there may be millions."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from store.reading import fields
from store.reading.fields import Unusable
from store.reading.json_members import json_object, members
from store.reading.ocel_values import typed_json

TYPES_KEPT: Final = 20_000  # of objects, in memory
ASKED_AT_ONCE: Final = 500  # objects in one question
_BEFORE_ALL: Final = -(2**63)
_TABLES: Final = """
DROP TABLE IF EXISTS objects;
DROP TABLE IF EXISTS changes;
CREATE TABLE objects (id BLOB PRIMARY KEY, type BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE changes (
    at_us INTEGER, number INTEGER, object_id BLOB, time BLOB, attributes BLOB, repeated BLOB);
BEGIN;
"""
_ADD: Final = "INSERT OR IGNORE INTO objects VALUES (?, ?)"
_REPLACE: Final = "INSERT OR REPLACE INTO objects VALUES (?, ?)"
_CHANGE: Final = "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)"
_TYPES: Final = "SELECT id, type FROM objects WHERE id IN ({})"
_CHANGES: Final = """
SELECT number, object_id, time, attributes, repeated FROM changes ORDER BY at_us, rowid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Attributes that an object has from some time on; values are JSON texts."""

    number: int
    object_id: str
    time: str
    attributes: Mapping[str, str]
    repeated: Mapping[str, str] = field(default_factory=dict)  # earlier values, as a JSON array

    @property
    def is_initial(self) -> bool:
        """Whether it says what the object began with: OCEL dates that to 1970."""
        return self.at_us == 0

    @property
    def at_us(self) -> int:
        """For sorting; a time that cannot be read comes first, and is rejected then."""
        try:
            return fields.moment(self.time, "time").at_us
        except Unusable:
            return _BEFORE_ALL


class OcelObjects:
    """Objects by id, and changes by time, in a scratch database that is nobody else's.

    `type_of` tells the type of an object by its id, or None.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.types: dict[str, None] = {}  # in the order in which they come up
        self._known = _Known(self._type_of)
        self.type_of: Callable[[str], str | None] = self._known.__getitem__
        self._db.executescript(_TABLES)

    def add(self, id_: str, type_: str) -> bool:
        """One more object; the last one of an id counts. Whether it is the first of its id."""
        self.types.setdefault(type_)
        if self._known:
            self._known.clear()  # what was asked before all were there
        one = [_stored(id_), _stored(type_)]
        if self._db.execute(_ADD, one).rowcount:
            return True
        self._db.execute(_REPLACE, one)
        return False

    def look_up(self, ids: Iterable[str]) -> None:
        """Have the types of these objects at hand, in one question for many."""
        known = self._known
        missing = [it for it in set(ids) if it not in known]
        if len(known) > TYPES_KEPT:
            known.clear()
        for at in range(0, len(missing), ASKED_AT_ONCE):
            part = missing[at : at + ASKED_AT_ONCE]
            asked = _TYPES.format(", ".join("?" * len(part)))
            found = self._db.execute(asked, [_stored(it) for it in part])
            known.update(dict.fromkeys(part))
            known.update((_read(id_), _read(type_)) for id_, type_ in found)

    def change(self, changes: Iterable[Change]) -> None:
        """What some object began with, or has from some time on."""
        rows = (
            (
                *(it.at_us, it.number, _stored(it.object_id), _stored(it.time)),
                *(_stored(json_object(it.attributes)), _stored(json_object(it.repeated))),
            )
            for it in changes
        )
        self._db.executemany(_CHANGE, rows)

    def changes(self) -> Iterator[Change]:
        """All by time; those of one time in the order in which they came."""
        for number, object_id, time, attributes, repeated in self._db.execute(_CHANGES):
            yield Change(
                number=number,
                object_id=_read(object_id),
                time=_read(time),
                attributes=dict(members(_read(attributes))),
                repeated=dict(members(_read(repeated))),
            )

    def typed_changes(self, declared: Mapping[tuple[str, str], str]) -> Iterator[Change]:
        """The same, with values by what is declared of (type, attribute)."""
        for change in self.changes():
            type_ = self.type_of(change.object_id) or ""
            typed = {
                name: typed_json(text, declared.get((type_, name), ""))
                for name, text in change.attributes.items()
            }
            yield replace(change, attributes=typed)

    def _type_of(self, id_: str) -> str | None:
        row = self._db.execute("SELECT type FROM objects WHERE id = ?", [_stored(id_)]).fetchone()
        return None if row is None else _read(row[0])


class _Known(dict[str, str | None]):
    """Types by id; what is not there yet is asked for."""

    def __init__(self, ask: Callable[[str], str | None]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, id_: str) -> str | None:
        if len(self) > TYPES_KEPT:
            self.clear()
        found = self[id_] = self._ask(id_)
        return found


def _stored(text: str) -> bytes:
    """Also of text that is not valid Unicode: it is for the reader of the event to refuse."""
    return text.encode("utf-8", "surrogatepass")


def _read(content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass")
