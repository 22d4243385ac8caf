"""What would differ if one event had never been recorded: states of streams, and rows of views.

What the event can touch is folded twice, with the event and without it; nothing is written.
Positions and versions of the other events stay as they are, and so does whatever they were caused
by: only what is folded from the event goes. Streams are those that hold the event, and those of
the events it caused, which may turn out to be the same. Of views only the rows, partitions and
event types that the event belongs to are folded, from what is stored of them before it, and no
further than until both sides are equal again.
"""

import sqlite3

from replay.history.causality import event_at
from replay.history.causation_index import CausationIndex
from replay.history.without_answer import Told, WithoutEvent
from replay.history.without_progress import Progress
from replay.history.without_streams import differing_streams
from replay.history.without_views import differing_views
from replay.states.stream_states import StreamStates
from store.interface import EventReader


def without_event(
    log: EventReader,
    states: StreamStates,
    index: CausationIndex,
    position: int,
    *,
    views: sqlite3.Connection | None = None,
    told: Told = lambda _done, _total: None,
) -> WithoutEvent:
    """Fold with and without the event at a position. Any thread; `told` may raise to stop, and is
    called at least once. Stored rows are read from `views`, which are those of this log. Raises
    NoSuchEvent, Cancelled."""
    event, head = event_at(log, position), log.head()
    links = log.links(position)
    caused = list(index.caused_by(event.id))
    asked = dict.fromkeys([event.stream, *links, *(it.stream for it in caused)])
    progress = Progress(told, head)
    streams = differing_streams(log, states, list(asked), event, progress)
    rows = differing_views(log, views, event, links, progress)
    progress.end()
    return WithoutEvent(
        event=event,
        head=head,
        streams=tuple(streams.found),
        same_streams=tuple(streams.same),
        views=tuple(rows.found),
        same_views=tuple(sorted(rows.same)),
        unasked=(*streams.unasked, *rows.unasked),
        caused=len(caused),
    )
