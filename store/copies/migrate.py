"""A log whose events have other types or shapes, made of another one by a stated rule.

The old log stays as it is, byte for byte. Each event keeps its id, position, version and times;
one that the rule changes says what it was, with the SHA-256 of the payload that it had. The new
log has an id of its own, and records of which file it was made, by which rule, by whom, when and
why. Source of the advice: Microsoft, CQRS Journey, chapter 6, "Migrating the event sourcing
events".
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from msgspec import Struct, structs, to_builtins

from store import json_text
from store.copies.heads import LogHead, head_of, require_sound
from store.copies.recording import Placed, Recorder
from store.copies.rewriting import one_moment, rewrite
from store.errors import StoreBusy
from store.events import NewEvent
from store.provenance import composed
from store.sqlite.connect import empty_log, open_log, require_free
from store.times import now_us
from store.whole_file import written_aside

FACT: Final = "migrated_from"

OnProgress = Callable[[int, int], None]  # events done, events in all


class Changed(Struct, frozen=True, kw_only=True):
    """What a rule makes of an event."""

    type: str
    data_json: str
    metadata_json: str


Rule = Callable[[NewEvent], Changed | None]  # None: it stays as it is


class Stated(Struct, frozen=True, kw_only=True):
    """What is said of a migration, in the words of whoever made it."""

    rules: tuple[Mapping[str, Any], ...]  # each with its file's name, text and SHA-256
    by: str
    why: str


class MigrationReport(Struct, frozen=True, kw_only=True):
    """What became of a log."""

    old: LogHead
    old_file: str
    old_sha256: str
    new: LogHead
    new_sha256: str  # of the file as it was made
    at_us: int
    changed: Mapping[str, int]  # events by what they were: "TYPE VERSION"
    stated: Stated


def migrate(
    store: Path,
    out: Path,
    *,
    rule: Rule,
    stated: Stated,
    name_of: Callable[[NewEvent], str],
    tell: Callable[[MigrationReport], object] = lambda _report: None,
    on_progress: OnProgress = lambda _done, _all: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> MigrationReport:
    """Write the log at `store` anew at `out`, which must not be there yet. `name_of` says what a
    changed event was, for the counts. `tell` is given the report right before the new log takes
    its name, so that none is ever there without what is written about it.

    Raises what `open_log`, `rule` and `written_aside` raise, StoreBusy when somebody writes to
    the old log meanwhile, StoreExists, StoreDamaged, Cancelled.
    """
    require_free(out)
    digest = _sha256(store)  # while we have it not open: closing a file gives locks on it away
    with written_aside(out) as unfinished:
        made = _write(
            store, unfinished.path, digest, _Work(rule, name_of), stated, on_progress, is_cancelled
        )
        require_sound(unfinished.path, of=store, is_cancelled=is_cancelled)
        if _sha256(store) != digest or _head(store) != made.old:
            raise StoreBusy(store)
        new, new_digest = _head(unfinished.path), _sha256(unfinished.path)
        report = structs.replace(made, new=new, new_sha256=new_digest)
        tell(report)
        unfinished.appear()
    return report


def _write(
    store: Path,
    path: Path,
    digest: str,
    work: "_Work",
    stated: Stated,
    on_progress: OnProgress,
    is_cancelled: Callable[[], bool],
) -> MigrationReport:
    with (
        closing(open_log(store)) as source,
        one_moment(source),
        empty_log(path, store_id=str(uuid4())) as target,
    ):
        rewrite(
            source, target, change=work.change, on_progress=on_progress, is_cancelled=is_cancelled
        )
        report = MigrationReport(
            old=head_of(source),
            old_file=store.name,
            old_sha256=digest,
            new=head_of(target),
            new_sha256="",
            at_us=now_us(),
            changed=work.changed,
            stated=stated,
        )
        Recorder(target).fact(FACT, json_text.encode(to_builtins(report)))
    return report


class _Work:
    """Counts what a rule changes."""

    def __init__(self, rule: Rule, name_of: Callable[[NewEvent], str]) -> None:
        self._rule, self._name_of = rule, name_of
        self.changed: dict[str, int] = {}

    def change(self, _position: int, placed: Placed) -> Placed:
        event = placed.event
        changed = self._rule(event)
        if changed is None:
            return placed
        name = self._name_of(event)
        self.changed[name] = self.changed.get(name, 0) + 1
        was = {"type": event.type, "data_sha256": _digest(event.data_json)}
        source = composed(
            "migrated", beyond=f'"was":{json_text.encode(was)}', prior=event.source_json
        )
        return structs.replace(
            placed,
            event=structs.replace(
                event,
                type=changed.type,
                data_json=changed.data_json,
                metadata_json=changed.metadata_json,
                source_json=source,
            ),
        )


def _head(path: Path) -> LogHead:
    """Of a log with what it has besides its file: somebody may write to it."""
    with closing(open_log(path)) as db:
        return head_of(db)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
