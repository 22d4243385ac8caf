"""What stands beside the events of a log in SQLite, all on one connection."""

import sqlite3

from store.beside.answers import SqliteAnswers
from store.beside.attempts import SqliteAttempts
from store.beside.command_log import SqliteCommands
from store.beside.outbox import SqliteOutbox
from store.beside.process_facts import SqliteClock, SqliteProcesses
from store.beside.retry_journal import SqliteRetryJournal


class SqliteBeside:
    """store.beside.interface.BesideWriter on a connection that can write; on a read-only one it
    is a Beside. Its tables are there: see store.beside.older."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.commands = SqliteCommands(db)
        self.attempts = SqliteAttempts(db)
        self.outbox = SqliteOutbox(db)
        self.answers = SqliteAnswers(db)
        self.processes = SqliteProcesses(db)
        self.clock = SqliteClock(db)
        self.retries = SqliteRetryJournal(db)
