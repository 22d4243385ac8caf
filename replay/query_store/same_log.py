"""Rows in a query store beside the log here: whether they are of it, and how far behind."""

from replay.query_store.errors import OtherRows
from replay.query_store.interface import StoredView
from replay.words import said
from store.interface import EventReader
from store.remote.address import Address
from store.remote.distance import Distance
from store.times import now_us


def require_rows_of(log: EventReader, stored: StoredView, address: Address) -> None:
    """Raises OtherRows when they were not made from this very log."""
    view = stored.made_of.view
    if stored.made_of.log != log.store_id():
        reason = said("the rows of {view} there are of another log", view=view)
        raise OtherRows(reason, address.shown)
    event = log.event(stored.position) if stored.position else None
    if stored.position and (event is None or event.id != stored.event_id):
        reason = said("the rows of {view} there hold events that this log does not have", view=view)
        raise OtherRows(reason, address.shown)


def distance_there(log: EventReader, stored: StoredView) -> Distance:
    """How far the rows are behind the log: in events, and in seconds since the first event came
    that is not in them."""
    behind = max(log.head() - stored.position, 0)
    came_us = log.arrived_at_us(stored.position + 1) if behind else None
    late_us = 0 if came_us is None else max(now_us() - came_us, 0)
    return Distance(events=behind, seconds=late_us / 1_000_000)
