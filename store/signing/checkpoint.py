"""A signed checkpoint: a statement of what a log holds up to its newest event.

What is signed is the SHA-256 chain over every event, taken anew from the first one, and the chain
beside the events as it stands. Whoever has the public key and a file of the store finds out whether
the history up to there is the one that was signed, without trusting anything that the file says.
docs/file-format.md states the bytes for other programs.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from store.errors import BadCheckpoint, Cancelled, StoreDamaged
from store.signing.keys import private_key, public_key
from store.sqlite.chain import BEGINNING, chained, event_bytes
from store.sqlite.connect import open_log
from store.sqlite.integrity import VerifyReport, verify
from store.sqlite.interruption import STEPS, is_interruption
from store.times import format_moment, now_us
from store.words import said

FORM: Final = 1
PREFIX: Final = b"foldline checkpoint\n"  # of the signed bytes: no signature is taken for another's
STEP: Final = 2_000
_STORE_ID: Final = "SELECT value FROM store_facts WHERE key = 'store_id'"
_HEAD: Final = "SELECT coalesce(max(position), 0) FROM events"
_BESIDE: Final = "SELECT number, chain FROM beside_chain ORDER BY number DESC LIMIT 1"
_BESIDE_AT: Final = "SELECT chain FROM beside_chain WHERE number = ?"
_FACTS: Final = """
SELECT e.position, s.name, e.version, t.name, e.id, e.recorded_at_us, e.recorded_offset_min,
       e.recorded_max_us, e.occurred_at_us, e.occurred_offset_min, e.data, e.metadata, e.source
FROM events e JOIN streams s ON s.id = e.stream_id JOIN types t ON t.id = e.type_id
WHERE e.position > ? AND e.position <= ? ORDER BY e.position
"""
_LINKS: Final = """
SELECT l.position, s.name FROM links l JOIN streams s ON s.id = l.stream_id
WHERE l.position > ? AND l.position <= ?
"""


class Statement(Struct, frozen=True, kw_only=True):
    """What is signed. Hashes are hexadecimal."""

    foldline_checkpoint: int  # the form of this text
    store_id: str
    position: int  # of the newest event then
    history: str  # the chain over all events up to there, from the first
    beside_number: int  # of the newest entry of the chain beside the events; 0 without one
    beside_chain: str
    signed_at: str  # by the clock of whoever signs: nobody else vouches for it


class Checkpoint(Statement, frozen=True, kw_only=True):
    """A statement and its Ed25519 signature."""

    signature: str


class CheckpointReport(Struct, frozen=True, kw_only=True):
    """What came of holding a store against a checkpoint."""

    checkpoint: Checkpoint
    events: int  # that were read
    problems: tuple[str, ...]

    @property
    def is_proved(self) -> bool:
        """Whether the history up to the checkpoint is the one that was signed."""
        return not self.problems


def sign(
    store: Path,
    key: Path,
    *,
    on_progress: Callable[[int], None] = lambda _events: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Checkpoint:
    """Check the store from end to end, and sign what it holds.

    Raises UnusableKey, StoreDamaged when it is not sound, Cancelled, and what `open_log` raises.
    """
    private = private_key(key)
    report = verify(store, on_progress=on_progress, is_cancelled=is_cancelled)
    _require_sound(report, store)
    with closing(open_log(store)) as db:
        db.set_progress_handler(is_cancelled, STEPS)
        position = int(db.execute(_HEAD).fetchone()[0])
        number, chain = _beside(db)
        statement = Statement(
            foldline_checkpoint=FORM,
            store_id=_store_id(db),
            position=position,
            history=_history(db, position, is_cancelled=is_cancelled).hex(),
            beside_number=number,
            beside_chain=chain.hex(),
            signed_at=format_moment(now_us(), 0),
        )
    signature = private.sign(signed_bytes(statement)).hex()
    return Checkpoint(**msgspec.structs.asdict(statement), signature=signature)


def check(
    store: Path,
    checkpoint: Checkpoint,
    key: Path,
    *,
    on_progress: Callable[[int], None] = lambda _events: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> CheckpointReport:
    """Hold a store against a checkpoint, with the public key alone.

    Raises UnusableKey, Cancelled, and what `open_log` raises.
    """
    problems = (
        [] if _is_signed(checkpoint, key) else [said("the signature does not match this key")]
    )
    report = verify(store, on_progress=on_progress, is_cancelled=is_cancelled)
    problems += [said("the store is damaged: {text}", text=it.text) for it in report.problems]
    with closing(open_log(store)) as db:
        db.set_progress_handler(is_cancelled, STEPS)
        try:
            problems += _differences(db, checkpoint, is_cancelled=is_cancelled)
        except sqlite3.DatabaseError as error:
            if is_interruption(error):
                raise Cancelled from error
            problems.append(said("the store cannot be read ({error})", error=error))
    return CheckpointReport(checkpoint=checkpoint, events=report.events, problems=tuple(problems))


def read_checkpoint(path: Path) -> Checkpoint:
    """A checkpoint from its file. Raises BadCheckpoint."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Checkpoint)
    except OSError as error:
        raise BadCheckpoint(
            said("the checkpoint cannot be read ({strerror})", strerror=error.strerror), path
        ) from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadCheckpoint(
            said("this is not a signed checkpoint ({error})", error=error), path
        ) from error
    if found.foldline_checkpoint != FORM:
        raise BadCheckpoint(said("the checkpoint was written by a newer Foldline"), path)
    return found


def signed_bytes(statement: Statement) -> bytes:
    """The statement's members in the order of their names, as JSON in UTF-8 without spaces."""
    members = {name: getattr(statement, name) for name in sorted(Statement.__struct_fields__)}
    return PREFIX + msgspec.json.encode(members)


def _is_signed(checkpoint: Checkpoint, key: Path) -> bool:
    from cryptography.exceptions import InvalidSignature  # late: see store.signing.keys

    public = public_key(key)
    try:
        public.verify(bytes.fromhex(checkpoint.signature), signed_bytes(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return True


def _differences(
    db: sqlite3.Connection, checkpoint: Checkpoint, *, is_cancelled: Callable[[], bool]
) -> list[str]:
    found = []
    if _store_id(db) != checkpoint.store_id:
        found.append(
            said(
                "this is a different store: the checkpoint is of {store_id}",
                store_id=checkpoint.store_id,
            )
        )
    head, upto = int(db.execute(_HEAD).fetchone()[0]), checkpoint.position
    if head < upto:
        found.append(
            said(
                "events {head:,} to {upto:,} are missing; they existed when it was signed",
                head=head + 1,
                upto=upto,
            )
        )
    elif _history(db, upto, is_cancelled=is_cancelled).hex() != checkpoint.history:
        found.append(
            said("the history up to position {upto:,} was changed since it was signed", upto=upto)
        )
    row = db.execute(_BESIDE_AT, [checkpoint.beside_number]).fetchone()
    if checkpoint.beside_number and (row is None or row[0].hex() != checkpoint.beside_chain):
        found.append(said("what is recorded beside the events was changed since it was signed"))
    return found


def _history(db: sqlite3.Connection, upto: int, *, is_cancelled: Callable[[], bool]) -> bytes:
    """The chain over all events up to a position, taken from their facts alone."""
    chain = BEGINNING
    for first in range(0, upto, STEP):
        if is_cancelled():
            raise Cancelled
        between = [first, min(first + STEP, upto)]
        links: dict[int, list[str]] = {}
        for position, stream in db.execute(_LINKS, between):
            links.setdefault(position, []).append(stream)
        for facts in db.execute(_FACTS, between):
            chain = chained(chain, event_bytes(*facts, links=links.get(facts[0], ())))
    return chain


def _store_id(db: sqlite3.Connection) -> str:
    row = db.execute(_STORE_ID).fetchone()
    return str(row[0]) if row else ""


def _beside(db: sqlite3.Connection) -> tuple[int, bytes]:
    if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'beside_chain'").fetchone():
        return 0, BEGINNING  # a log of an older schema
    number, chain = db.execute(_BESIDE).fetchone() or (0, BEGINNING)
    return int(number), bytes(chain)


def _require_sound(report: VerifyReport, store: Path) -> None:
    if report.problems:
        text = said("a damaged store cannot be signed: {text}", text=report.problems[0].text)
        raise StoreDamaged(text, store)
