"""Rows of views in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

import psycopg
from msgspec import json, structs
from psycopg import sql

from replay.query_store.errors import NotAQueryStore, RowNotTaken
from replay.query_store.interface import MadeOf, Place, StoredView, Version
from replay.query_store.postgresql import statements
from replay.views.sink import WRITES_PER_EVENT, Mark
from replay.words import said
from store.remote.address import Address
from store.remote.errors import NotARemote
from store.remote.postgresql.connection import Connection, connected, speaking
from store.times import now_us

SCHEMA: Final = "foldline_views"  # where the address names none
WORDS_BYTES: Final = 400_000  # that are searched, of one row: a tsvector holds a megabyte
_BEFORE_ALL: Final = Place(sort="", id="")


class PostgresQueryStore:
    """replay.query_store.interface.QueryStore. One thread. What only reads uses a connection that
    can write nothing."""

    def __init__(self, address: Address) -> None:
        """Raises what `views` raises, and WrongAddress."""
        self.address = address
        self._schema = address.options.get("schema") or SCHEMA
        self._writable: Connection | None = None
        self._claimed: dict[str, str] = {}
        with self._speaking():
            self._db = connected(address, is_read_only=True)
            try:
                self._is_made = self._look(self._db)
            except BaseException:
                self._db.close()
                raise

    def views(self) -> Sequence[StoredView]:
        with self._speaking():
            if not self._is_made and not self._look(self._db):
                return []
            self._is_made = True
            found = self._db.execute(self._sql(statements.VIEWS)).fetchall()
        return [_stored_view(it) for it in found]

    def begin(self, made_of: MadeOf) -> StoredView:
        stored_id, made = f"{made_of.view}-{uuid4().hex}", json.encode(made_of).decode()
        with self._speaking():
            self._make()
            facts = [stored_id, made_of.view, made, now_us()]
            self._writing().execute(self._sql(statements.BEGIN), facts)
        return _stored_view((stored_id, made, 0, "", 0, False))

    def write(self, stored: StoredView, versions: Sequence[Version]) -> int:
        rows = [_columns(stored.id, it) for it in versions]
        db = self._writing()
        with self._speaking(), db.transaction(), db.cursor() as cursor:
            try:
                cursor.executemany(self._sql(statements.WRITE), rows)
            except (psycopg.DataError, psycopg.errors.ProgramLimitExceeded) as error:
                reason = self.address.scrubbed(str(error.diag.message_primary or error))
                told = said("the server does not take a row ({reason})", reason=reason)
                raise RowNotTaken(told, self.address.shown) from None
            return max(cursor.rowcount, 0)

    def note(self, stored: StoredView, mark: Mark) -> StoredView:
        facts = [mark.position, mark.event_id, now_us(), stored.id, mark.position]
        with self._speaking():
            db = self._writing()
            db.execute(self._sql(statements.NOTE), facts)
            row = db.execute(self._sql(statements.NOTED), [stored.id]).fetchone()
        if row is None:
            return stored
        position, event_id, noted_at_us, is_shown = row
        return structs.replace(
            stored,
            position=position,
            event_id=event_id,
            noted_at_us=noted_at_us,
            is_shown=is_shown,
        )

    def show(self, stored: StoredView) -> StoredView:
        view, db = stored.made_of.view, self._writing()
        with self._speaking(), db.transaction():
            db.execute(self._sql(statements.LOCK_VIEW), [view])
            left = db.execute(self._sql(statements.LEAVE), [view, stored.id]).fetchall()
            for (it,) in left:
                self._remove(db, it)
            db.execute(self._sql(statements.HIDE), [view])
            db.execute(self._sql(statements.SHOW), [stored.id])
        return structs.replace(stored, is_shown=True)

    def drop(self, stored: StoredView) -> None:
        db = self._writing()
        with self._speaking(), db.transaction():
            self._remove(db, stored.id)

    def rows(
        self, stored: StoredView, *, at: int, after: Place | None, limit: int
    ) -> Sequence[Version]:
        behind = after or _BEFORE_ALL
        return self._asked(
            statements.ROWS, stored, end=_end(at), sort=behind.sort, id=behind.id, limit=limit
        )

    def row(self, stored: StoredView, row_id: str, *, at: int) -> Version | None:
        found = self._asked(statements.ROW, stored, id=row_id, end=_end(at))
        return next(iter(found), None)

    def written(self, stored: StoredView, *, after: int, limit: int) -> Sequence[Version]:
        return self._asked(statements.WRITTEN, stored, after=after, limit=limit)

    def newest(self, stored: StoredView, *, after: Place | None, limit: int) -> Sequence[Version]:
        behind = after or _BEFORE_ALL
        return self._asked(statements.NEWEST, stored, sort=behind.sort, id=behind.id, limit=limit)

    def search(
        self, stored: StoredView, words: Sequence[str], *, until: int, limit: int
    ) -> Sequence[Version]:
        wanted = " & ".join(f"'{it}':*" for it in words)  # letters and digits alone
        return self._asked(statements.SEARCH, stored, words=wanted, end=_end(until), limit=limit)

    def claim(self, what: str, holder: str) -> bool:
        with self._speaking():
            if what in self._claimed:  # the lock is the connection's, so it must still be there
                self._writing().execute("SELECT 1")
                return self._claimed[what] == holder
            row = self._writing().execute(statements.CLAIM, [self._lock(what)]).fetchone()
        if row is None or not row[0]:
            return False
        self._claimed[what] = holder
        return True

    def release(self, what: str, holder: str) -> None:
        if self._claimed.get(what) == holder:
            del self._claimed[what]
            with self._speaking():
                self._writing().execute(statements.RELEASE, [self._lock(what)])

    def close(self) -> None:
        self._db.close()
        if self._writable is not None:
            self._writable.close()

    def _writing(self) -> Connection:
        if self._writable is None:
            self._writable = connected(self.address, is_read_only=False)
        return self._writable

    def _make(self) -> None:
        """The tables, where they are missing: all or none."""
        db = self._writing()
        if self._look(db):
            return
        try:
            with db.transaction():
                layout = sql.Literal(statements.LAYOUT)
                schema = sql.Identifier(self._schema)
                db.execute(sql.SQL(statements.TABLES).format(schema=schema, layout=layout))
        except (psycopg.errors.DuplicateTable, psycopg.errors.UniqueViolation):
            if not self._look(db):  # somebody else has made them at the same moment
                raise
        self._is_made = True

    def _look(self, db: Connection) -> bool:
        """Whether the tables are there. Raises NotAQueryStore where others are."""
        parts = {
            "marker": sql.Literal(sql.Identifier(self._schema, "query_store").as_string(db)),
            "name": sql.Literal(self._schema),
        }
        row = db.execute(sql.SQL(statements.LOOK).format(**parts)).fetchone()
        marker, tables = row or (None, 0)
        if marker is None and tables:
            reason = said(
                "the schema {schema} holds tables of another program", schema=self._schema
            )
            raise NotAQueryStore(reason, self.address.shown)
        if marker is None:
            return False
        layout = db.execute(self._sql(statements.LAYOUT_THERE)).fetchone()
        if layout is None or layout[0] != statements.LAYOUT:
            reason = said(
                "the rows in the schema {schema} were written by another version of Foldline",
                schema=self._schema,
            )
            raise NotAQueryStore(reason, self.address.shown)
        return True

    def _remove(self, db: Connection, stored_id: str) -> None:
        db.execute(self._sql(statements.DROP_VIEW), [stored_id])
        db.execute(self._sql(statements.DROP_ROWS), [stored_id])

    def _asked(self, text: str, stored: StoredView, **parameters: Any) -> Sequence[Version]:
        with self._speaking():
            found = self._db.execute(self._sql(text), {"stored": stored.id, **parameters})
            return [_version(it) for it in found]

    def _sql(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(schema=sql.Identifier(self._schema))

    def _lock(self, what: str) -> str:
        return f"foldline:rows:{self._schema}:{what}"

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """The driver's errors in our words."""
        try:
            with speaking(self.address):
                yield
        except NotARemote as error:
            raise NotAQueryStore(error.reason, error.shown) from None


def _columns(stored_id: str, it: Version) -> tuple[Any, ...]:
    words = it.words.encode()[:WORDS_BYTES].decode("utf-8", "ignore")
    plain = json.encode(it.columns).decode()
    row = (it.is_deleted, it.sort, it.key, it.row, plain, list(it.facts), words)
    return (stored_id, it.id, it.write, it.until, *row)


def _version(row: tuple[Any, ...]) -> Version:
    row_id, sort, key, write, until, is_deleted, rest = row
    return Version(
        id=row_id, sort=sort, key=key, write=write, until=until, is_deleted=is_deleted, row=rest
    )


def _stored_view(row: tuple[Any, ...]) -> StoredView:
    stored_id, made_of, position, event_id, noted_at_us, is_shown = row
    return StoredView(
        id=stored_id,
        made_of=json.decode(made_of, type=MadeOf),
        position=position,
        event_id=event_id,
        noted_at_us=noted_at_us,
        is_shown=is_shown,
    )


def _end(position: int) -> int:
    """The first write behind a position."""
    return (position + 1) * WRITES_PER_EVENT
