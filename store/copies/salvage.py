"""Every readable event of a damaged log in a new one, and a report of what was lost.

An event is taken when it fits its checksum, and left out when it does not. Where one is left out,
those behind it get other positions and versions, and carry those that they had. Nothing is changed
in the damaged file.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from msgspec import Struct, structs, to_builtins

from store import json_text
from store.copies.contents import placed
from store.copies.evidence import UNREADABLE, Excavation, Lost, Readable
from store.copies.heads import STORE_ID, LogHead, head_of, require_sound
from store.copies.losses import Losses, LostSpan, LostVersions
from store.copies.recording import Placed, Recorder
from store.copies.salvaged_rows import RowCount, salvage_rows
from store.errors import NotAStore, StoreMissing
from store.provenance import Origin, composed
from store.sqlite.connect import empty_log, look_into, require_free
from store.times import now_us
from store.whole_file import written_aside
from store.words import said

FACT: Final = "salvaged_from"

OnProgress = Callable[[int, int], None]  # positions looked at, in all


class SalvageReport(Struct, frozen=True, kw_only=True):
    """What was read, and what was lost. Of spans and streams the first thousand are named."""

    head: LogHead  # of the new log
    events: int
    lost: int  # events known to have been there
    renumbered: int  # events with another position or version than they had
    spans: tuple[LostSpan, ...]
    span_count: int
    streams: tuple[LostVersions, ...]
    stream_count: int
    rows: tuple[RowCount, ...]  # beside the events, of each table that has any
    source_sha256: str

    @property
    def is_complete(self) -> bool:
        """Whether everything is there that anything tells of. Events that were cut off at the
        end may have been there without anything telling of them."""
        return not self.lost and not any(it.lost for it in self.rows)


def salvage(
    store: Path,
    out: Path,
    *,
    on_progress: OnProgress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> SalvageReport:
    """Read what can be read of `store` into a new log at `out`, which must not be there yet.

    A log of which nothing is lost keeps its id; any other one is a new log. Raises StoreMissing,
    NotAStore when no event is found, StoreExists, StoreReadOnly, StoreBusy, Cancelled.
    """
    if not store.is_file():
        raise StoreMissing(store)
    require_free(out)
    with store.open("rb") as file:  # before SQLite has it: closing it gives locks on it away
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with closing(look_into(store)) as db, written_aside(out) as unfinished:
        found = Excavation(store, db, is_cancelled=is_cancelled)
        found.look()
        losses = Losses.of(found.events())
        if not losses.events:
            raise NotAStore(said("no event of a store was found in it"), store)
        with empty_log(unfinished.path, store_id=_id(db, losses)) as target:
            recorder = Recorder(target)
            recorder.events(_placed(found, on_progress))
            rows = salvage_rows(db, recorder, losses)
            report = _report(target, losses, rows, digest)
            recorder.fact(FACT, _fact(store, db, report))
            report = structs.replace(report, head=head_of(target))
        require_sound(unfinished.path, of=store, is_cancelled=is_cancelled)
        unfinished.appear()
    return report


def _placed(found: Excavation, on_progress: OnProgress) -> Iterator[Placed]:
    """The readable events, numbered anew."""
    position, versions = 0, dict[str, int]()
    for it in found.events():
        if isinstance(it, Lost):
            continue
        position += 1
        event = placed(it.facts, it.links)
        version = versions[event.stream] = versions.get(event.stream, 0) + 1
        if position % 1_000 == 0:
            on_progress(it.position, found.found.head)
        yield _numbered(it, event, position=position, version=version)


def _numbered(it: Readable, event: Placed, *, position: int, version: int) -> Placed:
    """With the place that it had, where it has another one now."""
    if (position, version) == (it.position, event.version):
        return event
    source = composed(
        "salvaged",
        beyond="",
        prior=event.event.source_json,
        origin=Origin(cursor=str(it.position), is_exact=True),
        origin_version=event.version,
    )
    renumbered = structs.replace(event.event, source_json=source)
    return structs.replace(event, version=version, event=renumbered)


def _id(db: sqlite3.Connection, losses: Losses) -> str:
    return _store_id(db) or str(uuid4()) if not losses.count else str(uuid4())


def _store_id(db: sqlite3.Connection) -> str:
    with suppress(*UNREADABLE):
        row = db.execute(STORE_ID).fetchone()
        return str(row[0]) if row else ""
    return ""


def _report(
    target: sqlite3.Connection, losses: Losses, rows: tuple[RowCount, ...], digest: str
) -> SalvageReport:
    return SalvageReport(
        head=head_of(target),
        events=losses.events,
        lost=losses.count,
        renumbered=losses.renumbered,
        spans=losses.spans(),
        span_count=losses.span_count,
        streams=losses.streams(),
        stream_count=losses.stream_count,
        rows=rows,
        source_sha256=digest,
    )


def _fact(store: Path, db: sqlite3.Connection, report: SalvageReport) -> str:
    """What the new log says of itself."""
    facts = {
        "file": store.name,
        "store_id": _store_id(db),
        "sha256": report.source_sha256,
        "at_us": now_us(),
        "events": report.events,
        "lost": report.lost,
        "spans": to_builtins(report.spans),
        "span_count": report.span_count,
        "rows": to_builtins(report.rows),
    }
    return json_text.encode(facts)
