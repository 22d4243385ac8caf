"""What can be done with a breakpoint of the list, and with a value of an answer in SQL."""

from functools import partial
from typing import Final

from gui.offers.doors import Doors
from gui.offers.event_entries import Groups, plain
from gui.viewmodels.thing_facts import ThingFacts
from gui.viewmodels.things import AnswerThing, BreakpointThing, Entry
from gui.words import said

SOUGHT_LETTERS: Final = 200  # of a value that events are looked for by


def breakpoint_entries(doors: Doors, it: BreakpointThing, _facts: ThingFacts) -> Groups:
    """None where it was removed meanwhile."""
    breakpoints, running = doors.session.breakpoints, doors.session.running
    if not 0 <= it.row < len(breakpoints.all):
        return []
    is_on = breakpoints.all[it.row].is_on
    return [
        [
            Entry(
                text=said("&Switch off") if is_on else said("&Switch on"),
                act=partial(breakpoints.switch, it.row),
            ),
            Entry(text=said("&Remove"), act=partial(breakpoints.remove, it.row)),
        ],
        [
            Entry(text=said("Run to the &next hit"), act=running.run),
            Entry(text=said("Run &back to the previous hit"), act=running.run_back),
        ],
        [Entry(text=said("&Copy"), act=partial(doors.copy, it.text))],
    ]


def answer_entries(doors: Doors, it: AnswerThing, _facts: ThingFacts) -> Groups:
    """Of a cell whose row may be no row of a view: an event that holds the same text is near."""
    listed = Entry(
        text=said("&List only events with {text}", text=plain(it.text)),
        act=partial(doors.session.filter.set_text, it.text),
    )
    copied = [
        Entry(text=said("Copy &value"), act=partial(doors.copy, it.text)),
        Entry(text=said("Copy &row"), act=partial(doors.copy, it.row)),
    ]
    is_sought = bool(it.text.strip()) and len(it.text) <= SOUGHT_LETTERS
    return [group for group in ([listed] * is_sought, copied if it.row else []) if group]
