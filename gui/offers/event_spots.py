"""The rows of the event table as things."""

from functools import partial

from gui.offers.spots import Spot, cells_spot
from gui.session import Session
from gui.viewmodels.narrowing import term_of_row
from gui.viewmodels.things import EventThing, RowsThing, TermThing, Thing
from gui.widgets.grid.grid_view import GridView


def event_table_spot(session: Session, grid: GridView) -> Spot:
    """A cell, then its event; of a selected range also what can be done with all of it."""
    return cells_spot(grid, partial(_things, session, grid))


def _things(session: Session, grid: GridView, row: int, column: int) -> list[Thing]:
    shown, table = session.events.row(row), session.columns.table
    if shown is None:
        return []
    term = term_of_row(shown, table[column].id) if 0 <= column < len(table) else None
    chosen = grid.selected_range() or (row, row)
    first, last = chosen if chosen[0] <= row <= chosen[1] else (row, row)
    return [
        *([] if term is None else [TermThing(term=term)]),
        EventThing(position=shown.position),
        RowsThing(first=first, last=last),
    ]
