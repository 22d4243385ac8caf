"""What can be done with an event in a branch, as lines of its menu."""

from functools import partial

from gui.offers.doors import Doors
from gui.viewmodels.things import Entry
from gui.words import said
from store.events import RecordedEvent


def branch_entries(doors: Doors, event: RecordedEvent) -> list[Entry]:
    """The same on the log: then a branch is made first, and the entry says so."""
    branching, position = doors.branching, event.position
    is_here = branching.is_editable(position)
    is_last = position >= doors.session.selection.head
    inside = (
        Entry(text=said("&Leave it out"), act=partial(branching.leave_out, event)),
        Entry(text=said("&Replace its content…"), act=partial(branching.replace, event)),
        Entry(text=said("&Insert an event before it…"), act=partial(branching.insert, event)),
        Entry(text=said("&Move it…"), act=partial(branching.move, event)),
        Entry(
            text=said("&Swap with the next event"),
            act=partial(branching.swap_with_next, event),
            is_allowed=not is_last,
        ),
    )
    edited = said("&Edit in this branch") if is_here else said("&Edit in a new branch")
    return [
        Entry(text=said("Branch &here…"), act=partial(branching.begin, position)),
        Entry(text=edited, inside=inside),
    ]
