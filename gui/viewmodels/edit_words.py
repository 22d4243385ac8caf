"""The edits of a branch as a person reads them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.viewmodels.line import Branch
from gui.words import said

if TYPE_CHECKING:
    from store.branches.edits import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRow:
    """One edit in the list. `place`: the position to go to, in the branch as it is; None where the
    event is not there. `where`: the same for a person, or after which event it was."""

    number: int
    words: str
    place: int | None
    where: str
    by: str
    at_us: int
    status: str  # empty where it does what it says
    is_unfit: bool


def edit_line(edit: "Edit") -> str:
    """What it does, in one line, by the ids of the events."""
    other = edit.other or said("the end")
    match edit.kind:
        case "leave out":
            return said("leave out {event}", event=edit.target)
        case "replace":
            return said("replace what {event} says", event=edit.target)
        case "insert":
            return said("insert {type} before {other}", type=edit.content.type, other=other)
        case "move":
            return said("move {event} before {other}", event=edit.target, other=other)
        case "swap":
            return said("swap {event} and {other}", event=edit.target, other=other)
        case "decide":
            return said("decide again what follows {event}", event=edit.target)


def edit_rows(branch: Branch) -> tuple[EditRow, ...]:
    """All edits, those that were undone too, the newest last."""
    return tuple(_row(branch, it) for it in branch.edits)


def _row(branch: Branch, edit: "Edit") -> EditRow:
    unfit = branch.unfit.get(edit.number, "")
    status = unfit or (said("undone") if edit.is_undone else "")
    return EditRow(
        number=edit.number,
        words=_words(branch, edit),
        place=_place(branch, edit),
        where=_where(branch, edit),
        by=edit.by,
        at_us=edit.at_us,
        status=status,
        is_unfit=bool(unfit),
    )


def _words(branch: Branch, edit: "Edit") -> str:
    """With the type and stream of the event, where they are known."""
    named = _named(branch, edit.target)
    match edit.kind:
        case "leave out":
            return said("{event} left out", event=named)
        case "replace":
            return said("{event} replaced", event=named)
        case "insert":
            return said(
                "{type} in {stream} inserted", type=edit.content.type, stream=edit.content.stream
            )
        case "move":
            return said("{event} moved", event=named)
        case "swap":
            other = _named(branch, edit.other)
            return said("{event} and {other} swapped", event=named, other=other)
        case "decide":
            return said("decided again: {event}", event=named)


def _named(branch: Branch, event_id: str) -> str:
    layout = branch.layout
    for event in (*(it.event for it in layout.placed), *layout.removed):
        if event.id == event_id:
            return said("{type} of {stream}", type=event.type, stream=event.stream)
    return event_id


def _place(branch: Branch, edit: "Edit") -> int | None:
    """Where the event is now; of one that was left out, that before it was."""
    layout = branch.layout
    for it in layout.placed:
        if it.event.id == edit.target:
            return it.event.position
    for gone in layout.removed:
        if gone.id == edit.target:
            return max(layout.places.here(gone.position) - 1, 1)
    return None


def _where(branch: Branch, edit: "Edit") -> str:
    place = _place(branch, edit)
    if place is None:
        return ""
    is_there = any(it.event.id == edit.target for it in branch.layout.placed)
    return f"{place:,}" if is_there else said("after {place:,}", place=place)
