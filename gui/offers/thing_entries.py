"""What can be done with a thing: one table, from the kind of thing to the lines of its menu."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from gui.offers.doors import Doors
from gui.offers.event_entries import (
    Groups,
    event_entries,
    link_to,
    plain,
    term_entries,
)
from gui.offers.list_entries import answer_entries, breakpoint_entries, line_entries
from gui.offers.state_entries import field_entries
from gui.viewmodels.finding import AboutRow
from gui.viewmodels.name_filter import actor_filter, conversation_filter
from gui.viewmodels.narrowing import Term
from gui.viewmodels.pinned_column import category_of
from gui.viewmodels.thing_facts import SpanFacts, ThingFacts
from gui.viewmodels.things import (
    ActorThing,
    AnswerThing,
    BookmarkThing,
    BranchThing,
    BreakpointThing,
    CategoryThing,
    CellThing,
    ConversationThing,
    Entry,
    EventThing,
    FieldThing,
    OtherTypesThing,
    RowsThing,
    SpanThing,
    StreamThing,
    TermThing,
    TextThing,
    Thing,
    TypeThing,
    ViewThing,
)
from gui.views.panes_view import PanesView
from gui.views.sql_view import SqlView
from gui.words import said
from replay.deep_link import Link
from replay.history.event_texts import FORMATS
from replay.questions.breakpoint import EventBreakpoint
from store.filter.tokens import path_of


def entries(doors: Doors, thing: Thing, facts: ThingFacts) -> Groups:
    """Lines in groups; none where the thing is not there any more."""
    return TABLE[type(thing)](doors, thing, facts)


def _event(doors: Doors, it: EventThing, facts: ThingFacts) -> Groups:
    event = facts.events.get(it.position)
    return [] if event is None else event_entries(doors, event)


def _term(doors: Doors, it: TermThing, _facts: ThingFacts) -> Groups:
    return term_entries(doors, it.term)


def _rows(doors: Doors, it: RowsThing, _facts: ThingFacts) -> Groups:
    copies = doors.session.row_copies
    copied = tuple(
        Entry(text=name, act=partial(copies.copy_as, it.first, it.last, name)) for name in FORMATS
    )
    saved = tuple(
        Entry(text=f"{name}…", act=partial(_save_rows, doors, it, name)) for name in FORMATS
    )
    return [
        [
            Entry(text=said("Copy &rows as"), inside=copied),
            Entry(text=said("&Save rows as"), inside=saved),
        ]
    ]


def _save_rows(doors: Doors, it: RowsThing, format_: str) -> None:
    save = partial(doors.session.row_copies.save_as, it.first, it.last, format_)
    doors.ask_file(said("Save rows as {format_}", format_=format_), save)


def _stream(doors: Doors, it: StreamThing, _facts: ThingFacts) -> Groups:
    session = doors.session
    link = Link(stream=it.name)
    return [
        [
            Entry(
                text=said("Show its &state"), act=partial(session.inspector.choose_stream, it.name)
            ),
            Entry(
                text=said("&List only its events"), act=partial(session.filter.set_stream, it.name)
            ),
            _teach(doors, category_of(it.name)),
        ],
        *_named(doors, Term(field=("stream",), value=it.name), link, what=said("name")),
    ]


def _category(doors: Doors, it: CategoryThing, _facts: ThingFacts) -> Groups:
    term = Term(field=("category",), value=it.name)
    named = _named(doors, term, Link(filter=term.text), what=said("name"))
    return [[_teach(doors, it.name)], *named]


def _teach(doors: Doors, category: str) -> Entry:
    return Entry(text=said("&Teach its state…"), act=partial(doors.teach, category))


def _type(doors: Doors, it: TypeThing, _facts: ThingFacts) -> Groups:
    listed = Entry(
        text=said("&List only this type"), act=partial(doors.session.filter.set_types, (it.name,))
    )
    term = Term(field=("type",), value=it.name)
    return [[listed], *_named(doors, term, Link(filter=term.text), what=said("name"))]


def _other_types(doors: Doors, _it: OtherTypesThing, _facts: ThingFacts) -> Groups:
    return [[Entry(text=said("&Find one of these types…"), act=doors.find_type)]]


def _actor(doors: Doors, it: ActorThing, _facts: ThingFacts) -> Groups:
    listed = Entry(
        text=said("&List only their events"),
        act=partial(doors.session.filter.set_where, actor_filter(it.name)),
    )
    term = Term(field=("actor",), value=it.name)
    return [[listed], *_named(doors, term, Link(filter=term.text), what=said("name"))]


def _conversation(doors: Doors, it: ConversationThing, _facts: ThingFacts) -> Groups:
    listed = Entry(
        text=said("&List only this conversation"),
        act=partial(doors.session.filter.set_where, conversation_filter(it.id)),
    )
    term = Term(field=("correlation",), value=it.id)
    return [[listed], *_named(doors, term, Link(filter=term.text), what=said("id"))]


def _view(doors: Doors, it: ViewThing, _facts: ThingFacts) -> Groups:
    link = Link(view=it.name, at=it.at)
    question = f'SELECT * FROM "{it.name}" LIMIT 100'
    return [
        [
            Entry(text=said("&Show side by side"), act=partial(doors.show_view, it.name, it.at)),
            Entry(text=said("&Query in SQL"), act=partial(_query, doors, question)),
        ],
        [
            Entry(text=said("Copy &name"), act=partial(doors.copy, it.name)),
            Entry(text=said("Copy lin&k"), act=partial(doors.copy, link_to(doors, link))),
        ],
    ]


def _query(doors: Doors, question: str) -> None:
    doors.show_panel(SqlView)
    doors.session.sql.run(question)


def _cell(doors: Doors, it: CellThing, _facts: ThingFacts) -> Groups:
    history = doors.session.panes.history
    trace = partial(history.ask, it.view, it.key, until=it.at)
    link = Link(view=it.view, at=it.at)
    return [
        [
            Entry(
                text=said("&Go to the event that wrote the row"),
                act=partial(trace, goes_there=True),
            ),
            Entry(text=said("&Events of the row"), act=partial(_show_events, doors, trace)),
            *_when(doors, it),
        ],
        [
            Entry(text=said("Copy &value"), act=partial(doors.copy, it.text)),
            Entry(text=said("Copy &row"), act=partial(doors.copy, it.row)),
            Entry(text=said("Copy lin&k"), act=partial(doors.copy, link_to(doors, link))),
        ],
    ]


def _when(doors: Doors, it: CellThing) -> list[Entry]:
    """When it came to be so, of a cell."""
    if not it.column:
        return []
    row = AboutRow(view=it.view, key=it.key)
    act = partial(doors.find_moment, f"{path_of([it.column])} ", row)
    return [Entry(text=said("Fi&nd when…"), act=act)]


def _show_events(doors: Doors, trace: Callable[[], object]) -> None:
    doors.show_panel(PanesView)
    trace()


def _span(doors: Doors, it: SpanThing, facts: ThingFacts) -> Groups:
    found = facts.spans.get(it)
    if found is None or found.last < found.first:
        return []
    return _span_entries(doors, found)


def _span_entries(doors: Doors, it: SpanFacts) -> Groups:
    session = doors.session
    select = partial(session.bookmarks.go_to, (it.first, it.last))
    link = Link(at=it.first, until=it.last)
    return [
        [
            Entry(text=said("&Select from A to B"), act=select),
            Entry(
                text=said("&Go to its first event"), act=partial(session.selection.seek, it.first)
            ),
            Entry(text=said("Go to its las&t event"), act=partial(session.selection.seek, it.last)),
        ],
        [
            Entry(text=said("&Filter by this range"), act=partial(session.filter.add, it.where)),
            Entry(text=said("Leave this range &out"), act=partial(_leave_out, doors, it.where)),
        ],
        [
            Entry(
                text=said("&Bookmark the range, with a note…"),
                act=partial(doors.ask_bookmark, it.first, it.last),
            ),
            Entry(text=said("Copy lin&k"), act=partial(doors.copy, link_to(doors, link))),
        ],
    ]


def _leave_out(doors: Doors, where: str) -> None:
    doors.session.filter.add(f"not ({where})")


def _bookmark(doors: Doors, it: BookmarkThing, _facts: ThingFacts) -> Groups:
    bookmarks, key = doors.session.bookmarks, (it.position, it.until)
    found = bookmarks.at(*key)
    if found is None:
        return []
    link = link_to(doors, Link(at=it.position, until=it.until))
    return [
        [Entry(text=said("&Go there"), act=partial(bookmarks.go_to, key))],
        [
            Entry(text=said("&Edit name and note…"), act=partial(doors.ask_bookmark, *key)),
            Entry(text=said("&Remove the bookmark"), act=partial(bookmarks.remove, *key)),
            Entry(
                text=said("&Undo the last change of a bookmark"),
                act=bookmarks.undo,
                is_allowed=bookmarks.can_undo,
            ),
        ],
        [
            Entry(text=said("Copy &name"), act=partial(doors.copy, found.name)),
            Entry(text=said("Copy lin&k"), act=partial(doors.copy, link)),
        ],
    ]


def _text(doors: Doors, it: TextThing, _facts: ThingFacts) -> Groups:
    return [[Entry(text=said("&Copy"), act=partial(doors.copy, it.text))]]


def _field(doors: Doors, it: FieldThing, _facts: ThingFacts) -> Groups:
    return field_entries(doors, it.path)


def _named(doors: Doors, term: Term, link: Link, *, what: str) -> Groups:
    """What can be done with whatever has a name that events carry."""
    narrowing, stop = doors.session.narrowing, EventBreakpoint(where=term.text)
    return [
        [
            Entry(
                text=said("&Filter by {text}", text=plain(term.text)),
                act=partial(narrowing.only, term),
            ),
            Entry(
                text=said("Leave &out {text}", text=plain(term.text)),
                act=partial(narrowing.without, term),
            ),
            Entry(
                text=said("&Break on its events"), act=partial(doors.session.breakpoints.add, stop)
            ),
        ],
        [
            Entry(text=said("Copy &{what}", what=what), act=partial(doors.copy, str(term.value))),
            Entry(text=said("Copy lin&k"), act=partial(doors.copy, link_to(doors, link))),
        ],
    ]


Offers = Callable[[Doors, Any, ThingFacts], Groups]

TABLE: Final[dict[type[Any], Offers]] = {
    EventThing: _event,
    TermThing: _term,
    RowsThing: _rows,
    StreamThing: _stream,
    CategoryThing: _category,
    TypeThing: _type,
    OtherTypesThing: _other_types,
    ActorThing: _actor,
    ConversationThing: _conversation,
    ViewThing: _view,
    CellThing: _cell,
    FieldThing: _field,
    SpanThing: _span,
    BookmarkThing: _bookmark,
    BranchThing: line_entries,
    BreakpointThing: breakpoint_entries,
    AnswerThing: answer_entries,
    TextThing: _text,
}


def kinds() -> Sequence[type[Any]]:
    """Every kind of thing that has a menu."""
    return tuple(TABLE)
