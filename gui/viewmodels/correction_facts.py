"""What the Event tab tells of an event that came late, was corrected, or corrects another one."""

from typing import TYPE_CHECKING, Final

from gui.viewmodels.event_facts import EventFact
from gui.words import said
from replay.states.late_events import Late

if TYPE_CHECKING:
    from replay.correcting.marks import CorrectionMark, OtherEnd

IN_ORDER: Final = "in-order"  # the link of a late event: what if it had come in order


def correction_facts(mark: "CorrectionMark | None", late: Late | None) -> list[EventFact]:
    """Both ends are links to the other one."""
    told = [] if late is None else [EventFact(said("late"), late.words, link=IN_ORDER)]
    if mark is None:
        return told
    if (other := mark.corrects) is not None:
        words = said(
            "{type} at {position:,}, which {why}",
            type=other.type,
            position=other.position,
            why=other.why,
        )
        told.append(EventFact(said("corrects"), words, link=str(other.position)))
    return [*told, *map(_corrected_by, mark.corrected_by)]


def _corrected_by(other: "OtherEnd") -> EventFact:
    words = said(
        "{type} at {position:,} ({kind})",
        type=other.type,
        position=other.position,
        kind=other.why,
    )
    return EventFact(said("corrected by"), words, link=str(other.position))
