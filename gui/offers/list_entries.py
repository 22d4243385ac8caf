"""What can be done with a line of a list: a breakpoint, a branch, a value of an answer in SQL."""

from functools import partial
from typing import Final

from gui.offers.doors import Doors
from gui.offers.event_entries import Groups, plain
from gui.viewmodels.branches import MAIN
from gui.viewmodels.thing_facts import ThingFacts
from gui.viewmodels.things import AnswerThing, BranchThing, BreakpointThing, Entry
from gui.words import said
from replay.deep_link import Link, link_text
from store.place import Place

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


def line_entries(doors: Doors, it: BranchThing, _facts: ThingFacts) -> Groups:
    """The same as the buttons below the list; none where the branch is not there any more."""
    branches = doors.session.branches
    row = branches.of(it.name)
    if it.name and row is None:
        return []
    show = Entry(
        text=said("&Show"),
        act=partial(branches.line_wanted.emit, it.name),
        is_allowed=it.name != doors.session.line.name,
    )
    new = Entry(text=said("&Branch here…"), act=branches.new_wanted.emit)
    copied = [
        Entry(text=said("&Copy name"), act=partial(doors.copy, it.name or MAIN)),
        Entry(text=said("Copy lin&k"), act=partial(doors.copy, _link(branches.log, it.name))),
    ]
    if row is None:
        return [[show, new], copied]
    care = [
        Entry(text=said("&Name and note…"), act=partial(branches.name_wanted.emit, row)),
        Entry(text=said("Bring &up to date"), act=partial(branches.update_wanted.emit, row)),
        Entry(text=said("&Delete…"), act=partial(branches.drop_wanted.emit, row)),
    ]
    return [[show, new], care, copied]


def _link(log: Place, name: str) -> str:
    return link_text(Link(store=str(log.named), branch=name))
