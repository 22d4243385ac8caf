"""How many events are listed, in words."""

from gui.viewmodels.event_list import EventListViewModel
from gui.words import counted, said


def count_words(events: EventListViewModel) -> str:
    """While it is looked for: how many so far, and how much of the log was looked through."""
    if events.is_filtering:
        share, found = events.search_share, events.searched_count
        if not share:
            return said("searching…")
        return said(
            "{found} · {percent:.0f} %",
            found=counted("{count:,} hit", "{count:,} hits", found),
            percent=100 * share,
        )
    if events.is_ordering:
        return said("sorting…")
    if not events.is_filtered:
        return counted("1 event", "{count:,} events", events.count)
    if events.stopped_at:
        return counted(
            "1 hit up to {position:,}",
            "{count:,} hits up to {position:,}",
            events.count,
            position=events.stopped_at,
        )
    return counted("1 hit", "{count:,} hits", events.count)
