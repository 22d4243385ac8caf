"""The events of a query store that hold words, as positions in the log here."""

from replay.query_store.errors import NothingStored
from replay.query_store.interface import RowReader
from replay.query_store.same_log import require_rows_of
from replay.query_store.source import EVENTS
from replay.query_store.stored_rows import found_rows, shown_view
from replay.views.search_view import Found
from replay.words import said
from store.interface import EventReader


class NoEvents(NothingStored):
    """Views may be there, but not what is searched."""

    hint = said("Send event_log there too, so that its events can be searched.")


def found_events(store: RowReader, log: EventReader, words: str, *, limit: int) -> Found:
    """The newest events there that have all the words, or words that begin so.

    Raises NothingToSearch, NoEvents, OtherRows, and what RowReader raises.
    """
    try:
        stored = shown_view(store, EVENTS)
    except NothingStored:
        raise NoEvents(said("there are no events to be searched"), store.address.shown) from None
    require_rows_of(log, stored, store.address)
    rows = found_rows(store, stored, words, at=None, limit=limit + 1).rows
    return Found(
        positions=tuple(it.position for it in rows[:limit]),
        is_cut=len(rows) > limit,
        as_of=stored.position,
        behind=max(log.head() - stored.position, 0),
    )
