"""What can be done with an event, and with a value in one."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from msgspec import structs

from gui.offers.branch_entries import branch_entries
from gui.offers.correct_entries import correct_entries
from gui.offers.doors import Doors
from gui.viewmodels.narrowing import Term, terms_of
from gui.viewmodels.things import Entry
from gui.views.causes_view import CausesView
from gui.views.commands_view import CommandsView
from gui.words import said
from replay.deep_link import Link, link_text
from replay.history.event_texts import FORMATS
from replay.printing import event_json
from replay.questions.breakpoint import EventBreakpoint
from store import json_text
from store.events import RecordedEvent
from store.filter.tree import DATA
from store.visible_text import visible

MOST_LETTERS: Final = 48  # of a value in a menu

Groups = Sequence[Sequence[Entry]]


def event_entries(doors: Doors, event: RecordedEvent) -> Groups:
    """Wherever an event is pointed at."""
    position, session = event.position, doors.session
    bookmark = session.bookmarks.at(position)
    marking = said("Edit the &bookmark and note…") if bookmark else said("&Bookmark, with a note…")
    places: list[Entry] = [
        Entry(text=said("&Go there"), act=partial(go_to, doors, position, event.stream)),
        Entry(text=said("Set &A here"), act=partial(session.selection.set_anchor, position)),
        Entry(text=said("Set B, the c&ursor, here"), act=partial(session.selection.seek, position)),
    ]
    explained: list[Entry] = [
        Entry(text=said("C&auses and effects"), act=partial(show_causes, doors, position)),
        Entry(text=said("&Without this event…"), act=partial(doors.ask_without, position)),
        Entry(text=said("Un&do this…"), act=partial(undo, doors, position)),
        *correct_entries(doors, event),
    ]
    kept: list[Entry] = [
        Entry(text=marking, act=partial(doors.ask_bookmark, position, None)),
        *(
            [
                Entry(
                    text=said("Remove the bookmark"),
                    act=partial(session.bookmarks.remove, position),
                )
            ]
            if bookmark
            else []
        ),
    ]
    tried = branch_entries(doors, event)
    return [places, _narrowing(doors, event), explained, tried, kept, _taking(doors, event)]


def term_entries(doors: Doors, term: Term) -> Groups:
    """A cell, a fact: one field of an event and its value."""
    narrowing, words = doors.session.narrowing, words_of(term)
    find = Entry(
        text=said("Fi&nd when the state had this value…"),
        act=partial(doors.find_moment, term.condition),
    )
    return [
        [
            Entry(text=said("Filter &by {words}", words=words), act=partial(narrowing.only, term)),
            Entry(
                text=said("Leave &out {words}", words=words), act=partial(narrowing.without, term)
            ),
            Entry(text=said("Brea&k on {words}", words=words), act=partial(_break, doors, term)),
            *([find] if term.field[0] == DATA else []),
        ],
        [
            Entry(text=said("&Copy the value"), act=partial(doors.copy, _value_of(term))),
            Entry(text=said("Copy as a &filter"), act=partial(doors.copy, term.text)),
        ],
    ]


def go_to(doors: Doors, position: int, stream: str) -> None:
    """As a click in the event table: the cursor, and the state of the stream."""
    doors.session.selection.choose_stream(stream)
    doors.session.selection.seek(position)


def show_causes(doors: Doors, position: int) -> None:
    """The conversation of an event, drawn."""
    doors.session.selection.seek(position)
    doors.show_panel(CausesView)


def undo(doors: Doors, position: int) -> None:
    """Show the command that takes an event back."""
    doors.show_panel(CommandsView)
    doors.session.commands.undo(position)


def link_to_event(doors: Doors, position: int, stream: str) -> str:
    """A deep link to the event."""
    return link_to(doors, Link(at=position, stream=stream))


def link_to(doors: Doors, link: Link) -> str:
    """A deep link to a place in the line in view, as a person copies it."""
    place = doors.session.place
    return link_text(structs.replace(link, store=str(place.named_log), branch=place.branch_name))


def words_of(term: Term) -> str:
    """A term for a line of a menu."""
    return plain(term.text)


def plain(text: str) -> str:
    """A text for a line of a menu: short, and with no letter that is underlined."""
    text = visible(text).replace("&", "&&")
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"


def _value_of(term: Term) -> str:
    return term.value if isinstance(term.value, str) else json_text.encode(term.value)


def _narrowing(doors: Doors, event: RecordedEvent) -> list[Entry]:
    terms, narrowing = terms_of(event), doors.session.narrowing
    return [
        Entry(
            text=said("Only this &conversation"),
            act=partial(narrowing.conversation, event.position),
        ),
        Entry(
            text=said("&Filter by"),
            inside=tuple(Entry(text=words_of(it), act=partial(narrowing.only, it)) for it in terms),
        ),
        Entry(
            text=said("&Leave out"),
            inside=tuple(
                Entry(text=words_of(it), act=partial(narrowing.without, it)) for it in terms
            ),
        ),
        Entry(
            text=said("Brea&k on"),
            inside=tuple(Entry(text=words_of(it), act=partial(_break, doors, it)) for it in terms),
        ),
    ]


def _taking(doors: Doors, event: RecordedEvent) -> list[Entry]:
    texts = {
        "&Position": str(event.position),
        "&Id": event.id,
        "&JSON of the event": event_json(event),
        "&Link": link_to_event(doors, event.position, event.stream),
    }
    return [
        Entry(
            text=said("Cop&y"),
            inside=tuple(
                Entry(text=name, act=partial(doors.copy, text)) for name, text in texts.items()
            ),
        ),
        Entry(
            text=said("&Export as"),
            inside=tuple(
                Entry(
                    text=said("{name} file…", name=it),
                    act=partial(_save, doors, event.position, it),
                )
                for it in FORMATS
            ),
        ),
    ]


def _save(doors: Doors, position: int, format_: str) -> None:
    save = partial(doors.session.row_copies.save_event, position, format_)
    doors.ask_file(
        said("Export event {position:,} as {format_}", position=position, format_=format_), save
    )


def _break(doors: Doors, term: Term) -> None:
    """At once on a fact; a value of the payload is gone on with first."""
    if len(term.field) == 1:
        doors.session.breakpoints.add(EventBreakpoint(where=term.text))
    else:
        doors.begin_breakpoint(term.text, "event")
