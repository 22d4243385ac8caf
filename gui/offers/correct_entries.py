"""What can be done about an event that is wrong, came late, or was corrected."""

from functools import partial

from gui.offers.doors import Doors
from gui.viewmodels.things import Entry
from gui.words import said
from store.events import RecordedEvent


def correct_entries(doors: Doors, event: RecordedEvent) -> list[Entry]:
    """Correct it; of a late one, what if it had come in order; the other end of a correction."""
    session, position = doors.session, event.position
    found = [
        Entry(text=said("Correct t&his event…"), act=partial(doors.ask_correct, position, "wrong"))
    ]
    if session.two_times.late.of(event) is not None:
        text = said("What if it had come in &order…")
        found.append(Entry(text=text, act=partial(doors.ask_correct, position, "late")))
    mark = session.inspector.corrections.of(event)
    if mark is None:
        return found
    if mark.corrects is not None:
        text = said("Go to the event that it corrects, {at:,}", at=mark.corrects.position)
    else:
        text = said("Go to its correction, {at:,}", at=mark.corrected_by[-1].position)
    found.append(Entry(text=text, act=partial(session.selection.seek, mark.ends[-1].position)))
    return found
