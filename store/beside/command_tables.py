"""The tables beside the events: commands with their outcomes, the outbox, recorded answers.

They live in the log file because they are decided on in the same transaction as the events, and
they are no events: nothing here is ever replayed. What was asked for and what came of it is
append-only like the events; a command without an outcome is pending, unless its last attempt came
to nothing.
"""

from typing import Final

TABLES: Final = """
CREATE TABLE commands (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    stream TEXT NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data)),
    actor TEXT NOT NULL,
    roles TEXT NOT NULL CHECK (json_valid(roles)),
    expected INTEGER,
    issued_at_us INTEGER NOT NULL,
    due_at_us INTEGER NOT NULL,
    expires_at_us INTEGER,
    causation_id TEXT,
    correlation_id TEXT NOT NULL
) STRICT;
CREATE TABLE command_outcomes (
    number INTEGER PRIMARY KEY REFERENCES commands (number),
    status TEXT NOT NULL CHECK (status IN ('done', 'refused', 'failed', 'expired', 'cancelled')),
    first_position INTEGER,
    last_position INTEGER,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    decided_at_us INTEGER NOT NULL
) STRICT;
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL REFERENCES events (position),
    gateway TEXT NOT NULL,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    release_at_us INTEGER NOT NULL,
    corrects TEXT REFERENCES outbox (id)
) STRICT;
CREATE TABLE outbox_deliveries (
    message_id TEXT NOT NULL REFERENCES outbox (id),
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('sent', 'failed', 'withdrawn')),
    answer TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (message_id, attempt)
) STRICT;
CREATE TABLE answers (
    event_id TEXT NOT NULL,
    gateway TEXT NOT NULL,
    request TEXT NOT NULL CHECK (json_valid(request)),
    answer TEXT NOT NULL CHECK (json_valid(answer)),
    asked_at_us INTEGER NOT NULL,
    PRIMARY KEY (event_id, gateway, request)
) STRICT;
CREATE TABLE process_checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), ahead_us INTEGER NOT NULL) STRICT;
"""

KEPT_GUARDS: Final = """
CREATE TRIGGER commands_are_kept BEFORE INSERT ON commands BEGIN
    SELECT RAISE(ABORT, 'commands are append-only') WHERE EXISTS (
        SELECT 1 FROM commands WHERE id = NEW.id OR number = NEW.number);
END;
CREATE TRIGGER outcomes_are_kept BEFORE INSERT ON command_outcomes BEGIN
    SELECT RAISE(ABORT, 'outcomes are append-only') WHERE EXISTS (
        SELECT 1 FROM command_outcomes WHERE number = NEW.number);
END;
CREATE TRIGGER outbox_is_kept BEFORE INSERT ON outbox BEGIN
    SELECT RAISE(ABORT, 'the outbox is append-only') WHERE EXISTS (
        SELECT 1 FROM outbox WHERE id = NEW.id);
END;
CREATE TRIGGER deliveries_are_kept BEFORE INSERT ON outbox_deliveries BEGIN
    SELECT RAISE(ABORT, 'deliveries are append-only') WHERE EXISTS (
        SELECT 1 FROM outbox_deliveries
        WHERE message_id = NEW.message_id AND attempt = NEW.attempt);
END;
CREATE TRIGGER answers_are_kept BEFORE INSERT ON answers BEGIN
    SELECT RAISE(ABORT, 'answers are append-only') WHERE EXISTS (
        SELECT 1 FROM answers
        WHERE event_id = NEW.event_id AND gateway = NEW.gateway AND request = NEW.request);
END;
"""

GUARDED: Final = ("commands", "command_outcomes", "outbox", "outbox_deliveries", "answers")

# What schema version 3 added: attempts that settled nothing. After a conflict or a failure the
# command waits for whoever issued it, who may send it again under its id; what is retried is
# tried again by itself.
ATTEMPTS: Final = """
CREATE TABLE command_attempts (
    number INTEGER NOT NULL REFERENCES commands (number),
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('conflict', 'failed', 'retried')),
    reason TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (number, attempt)
) STRICT;
"""

ATTEMPTS_GUARD: Final = """
CREATE TRIGGER attempts_are_kept BEFORE INSERT ON command_attempts BEGIN
    SELECT RAISE(ABORT, 'attempts are append-only') WHERE EXISTS (
        SELECT 1 FROM command_attempts WHERE number = NEW.number AND attempt = NEW.attempt);
END;
"""

# What schema version 4 added: what failed and is tried again, whatever it is, until it is handled
# or dead; and what a person decided on it.
RETRY_JOURNAL: Final = """
CREATE TABLE retry_journal (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('event', 'command', 'message')),
    subject TEXT NOT NULL,
    handler TEXT NOT NULL,
    stream TEXT NOT NULL,
    position INTEGER,
    status TEXT NOT NULL
        CHECK (status IN ('held', 'failed', 'dead', 'retry', 'given up', 'handled')),
    attempt INTEGER NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    next_at_us INTEGER
) STRICT;
"""

RETRY_JOURNAL_GUARD: Final = """
CREATE INDEX retry_journal_by_subject ON retry_journal (kind, subject, number);
CREATE TRIGGER retry_journal_is_kept BEFORE INSERT ON retry_journal BEGIN
    SELECT RAISE(ABORT, 'the retry journal is append-only') WHERE EXISTS (
        SELECT 1 FROM retry_journal WHERE number = NEW.number);
END;
"""
