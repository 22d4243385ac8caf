"""A pane that shows rows of a query store."""

from replay.query_store.interface import RowReader, StoredView
from replay.query_store.same_log import require_rows_of
from replay.query_store.stored_rows import page_at, rows_at, shown_view, view_row
from replay.questions.pane_sides import Rows
from replay.questions.view_answers import ViewPage
from store.interface import EventReader


class ThereSide:
    """replay.questions.pane_sides.PaneSide. Where the rows have not come to the position that it
    is set to, it shows the last one that they have come to, and its page tells so. Everything
    raises NothingStored, OtherRows, and what the query store raises."""

    def __init__(
        self, store: RowReader, log: EventReader, view: str, *, at: int | None = None
    ) -> None:
        """Looks what is there. `at`: as of; None: now."""
        self.store, self.at = store, at
        self.stored: StoredView = shown_view(store, view)
        require_rows_of(log, self.stored, store.address)
        self.history = log.store_id()

    @property
    def is_now(self) -> bool:
        return self.at is None

    def begin(self, at: int | None = None) -> ViewPage:
        return page_at(self.store, self.stored, at=self.at if at is None else at, limit=0)

    def rows(self, as_of: int) -> Rows:
        names = [it.name for it in self.begin().columns]
        for it in rows_at(self.store, self.stored, as_of):
            row = view_row(self.store, self.stored, it)
            yield row, dict(zip(names, row.values, strict=True))
