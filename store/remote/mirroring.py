"""Mirror an event store on a server into a local store: what is there, then what comes.

The local store holds nothing else, so its streams, versions and ids are those of the server. The
next mirror of the same store goes on where this one ended, whatever ended it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any, Final

from store import json_text
from store.errors import StoreExists
from store.remote.address import Address
from store.remote.distance import Distance
from store.remote.errors import NotAMirror, RemoteReplaced
from store.remote.feed import RemoteFeed
from store.remote.interface import Abilities, RemoteEvent, RemoteReader
from store.remote.kind import kind_of
from store.shaping.rules import NO_RULES, ImportRules
from store.shaping.rules_file import rules_from
from store.sqlite.connect import create_log, open_log
from store.transfer.manifest import last_batch, last_settings, write_settings
from store.transfer.mirror import mirror
from store.transfer.recording import Recording
from store.transfer.report import ImportCounts
from store.words import said


def mirror_remote(
    address: Address,
    *,
    into: Path,
    is_endless: bool = True,
    on_opened: Callable[[Abilities], None] = lambda _abilities: None,
    on_batch: Callable[[ImportCounts], None] = lambda _counts: None,
    on_distance: Callable[[Distance], None] = lambda _distance: None,
    is_ended: Callable[[], bool] = lambda: False,
    look: Callable[[Sequence[RemoteEvent]], Mapping[str, Any]] = lambda _events: {},
    rules: ImportRules = NO_RULES,
    reader: RemoteReader | None = None,
) -> ImportCounts:
    """Copy what the server has and, where it is `is_endless`, what comes, until `is_ended`.

    `look` as at RemoteFeed. Without `rules` those of the mirror before hold on. `reader` is one
    that is open and stays so; without it one is opened and closed. `on_opened` is told what stands
    there, and `on_distance` how far it is, in this thread. Returns the counts of this
    call. Raises WrongAddress, EngineMissing, Unreachable (at first, and whenever it does not
    follow), Refused, NotARemote, RemoteReplaced, NotAMirror, WrongRules, StoreBusy, StoreReadOnly
    and what `open_log` and `create_log` raise; what was told as stored stays.
    """
    kind = kind_of(address)
    feed = RemoteFeed(
        (lambda: kind.open_reader(address)) if reader is None else (lambda: reader),
        scheme=kind.schemes[0],
        is_endless=is_endless,
        is_ended=is_ended,
        tell=on_distance,
        look=look,
    )
    with closing(feed) if reader is None else nullcontext():
        on_opened(feed.abilities)
        if into.exists():
            _require_its_mirror(into, feed, address)
            rules = rules if rules != NO_RULES else _rules_before(into, feed)
        feed.follow_rules(rules)
        _keep_address(into, feed)
        return mirror(feed, into=into, on_batch=on_batch, is_cancelled=is_ended)


def _rules_before(store: Path, feed: RemoteFeed) -> ImportRules:
    kept = last_batch(store, feed.name) or {}
    return rules_from(json_text.encode(kept["rules"])) if "rules" in kept else NO_RULES


def _keep_address(store: Path, feed: RemoteFeed) -> None:
    """Where the server is now, also while nothing comes from it: commands are sent there. A store
    that is not there is made."""
    if not store.exists():
        _make(store)
    with closing(open_log(store)) as db:
        known = last_settings(db, feed.name)
    if feed.settings.items() <= known.items():
        return
    with closing(open_log(store, writable=True)) as db:
        recording = Recording(db, format_name=feed.format_name)
        with recording.transaction():
            write_settings(db, feed=feed.name, format_name=feed.format_name, settings=feed.settings)


def _make(store: Path) -> None:
    try:
        create_log(store)
    except StoreExists:
        if not store.exists():  # what an earlier one has left is in the way
            raise


def _require_its_mirror(store: Path, feed: RemoteFeed, address: Address) -> None:
    """Raises NotAMirror, RemoteReplaced, and what `open_log` raises."""
    with closing(open_log(store)) as db:
        (head,) = db.execute(_HEAD).fetchone()
        stored = {name: int(count) for name, count in db.execute(_STORED)}
    if sum(stored.values()) != head or len(stored) > 1 or None in stored:
        raise NotAMirror(store)
    if stored and feed.name not in stored:
        reason = said(
            "the event store there is another one than was mirrored into {name}", name=store.name
        )
        raise RemoteReplaced(reason, address.shown)


_HEAD: Final = "SELECT coalesce(max(position), 0) FROM events"
# How many events came from each source; without one: in any other way.
_STORED: Final = """
SELECT json_extract(manifest, '$.feed') AS feed,
    sum(coalesce(json_extract(manifest, '$.counts.stored'), 0)) AS stored
FROM imports GROUP BY feed HAVING stored > 0
"""
