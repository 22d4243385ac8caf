"""Make an empty event store in a schema of a PostgreSQL database: whole, or not at all."""

from contextlib import closing

import psycopg
from psycopg import sql

from store.remote.address import Address
from store.remote.errors import RemoteExists
from store.remote.postgresql.connection import connected, schema_name, schema_of, speaking
from store.remote.postgresql.schema import APPEND, CHANNEL, LAYOUT, LOCK, TABLES, TRIGGERS
from store.words import said


def create(address: Address) -> str:
    """Returns its identity. Raises RemoteExists, Unreachable, Refused."""
    schema = schema_of(address)
    parts = {
        "schema": schema,
        "name": sql.Literal(schema_name(address)),
        "channel": sql.Literal(CHANNEL),
        "layout": sql.Literal(LAYOUT),
        "lock": sql.Literal(LOCK),
    }
    with closing(connected(address, is_read_only=False)) as db, speaking(address):
        try:
            with db.transaction():
                for text in (TABLES, TRIGGERS, APPEND):
                    db.execute(sql.SQL(text).format(**parts))
        except (psycopg.errors.DuplicateTable, psycopg.errors.UniqueViolation):
            reason = said("the schema {schema} has such tables", schema=schema_name(address))
            raise RemoteExists(reason, address.shown) from None
        row = db.execute(sql.SQL("SELECT id::text FROM {}.store").format(schema)).fetchone()
    return str(row[0]) if row else ""
