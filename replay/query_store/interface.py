"""What a query store fulfils: the rows of views with their history, on a server.

Whatever is written carries a version of its own, the write, so that what arrives twice or late
changes nothing. tests/contracts/query_store.py holds every kind to this.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct

from replay.views.sink import Mark
from store.remote.address import Address

PAGE: Final = 500  # rows


class MadeOf(Struct, frozen=True, kw_only=True):
    """What rows are made of: with anything else here they are other rows."""

    log: str  # the identity of the log
    view: str
    title: str
    definition: str  # a hash of the code that makes the rows
    generation: int  # how many times the view was built here
    columns_json: str
    has_history: bool  # without it each row is written once, such as an event


class StoredView(Struct, frozen=True, kw_only=True):
    """What a query store holds of one view, made once: a rebuild makes another one beside it."""

    id: str  # by which the server knows it
    made_of: MadeOf
    position: int  # every event up to it is in the rows
    event_id: str  # of the event there; empty at 0
    noted_at_us: int  # when the rows came to that position, by the clock of who wrote them
    is_shown: bool  # False: it is still being filled, or another one has taken its place


class Version(Struct, frozen=True, kw_only=True):
    """One version of a row, as a query store keeps it."""

    id: str  # of the row
    sort: str  # orders rows as their keys do; those of long keys only by how they begin
    key: str  # exact JSON text
    write: int  # position of the event * WRITES_PER_EVENT + number within it
    until: int | None  # the write that replaced it; None: it is the newest
    is_deleted: bool
    row: str  # the columns beside the key: exact JSON text
    words: str = ""  # what is searched: small letters and digits, words apart by spaces
    facts: tuple[str, ...] = ()  # `column=value` and `column.field=value`, to be asked for
    columns: dict[str, str | int | float | bool | None] = {}  # plain columns, for other programs


class Place(Struct, frozen=True, kw_only=True):
    """Where a page of rows ended."""

    sort: str
    id: str


class RowReader(Protocol):
    """What only reads. One connection. One thread.

    Every question raises Unreachable and Refused; NotAQueryStore where something else answers,
    or where what is there under these names belongs to another program.
    """

    @property
    def address(self) -> Address:
        """Where it is."""

    def views(self) -> Sequence[StoredView]:
        """All that is held, by name and age. Empty before the first `begin`."""

    def rows(
        self, stored: StoredView, *, at: int, after: Place | None, limit: int
    ) -> Sequence[Version]:
        """Rows as of a position, that event included, in the order of `sort` and `id`; without
        the deleted ones. `after`: those behind a row."""

    def row(self, stored: StoredView, row_id: str, *, at: int) -> Version | None:
        """One row as of a position, deleted or not; None before it appeared."""

    def written(self, stored: StoredView, *, after: int, limit: int) -> Sequence[Version]:
        """Every version behind a write, in the order in which they were made."""

    def newest(self, stored: StoredView, *, after: Place | None, limit: int) -> Sequence[Version]:
        """Rows as they were last written, whatever was noted, deleted ones too, in the order of
        `sort` and `id`."""

    def search(
        self, stored: StoredView, words: Sequence[str], *, until: int, limit: int
    ) -> Sequence[Version]:
        """Rows as they are now that have all the words, or words that begin so, and were written
        up to a position; the newest first."""

    def close(self) -> None:
        """Free the connection."""


class QueryStore(RowReader, Protocol):
    """The same, for who writes too."""

    def begin(self, made_of: MadeOf) -> StoredView:
        """Room for the rows of a view, empty and not shown; makes what it needs around it."""

    def write(self, stored: StoredView, versions: Sequence[Version]) -> int:
        """Write versions in any order, any number of times; returns how many of them told
        something new. Raises RowNotTaken. They can be read once their position was noted."""

    def note(self, stored: StoredView, mark: Mark) -> StoredView:
        """The rows are complete up to an event: from now on they can be read up to there. One
        that lies behind what was noted changes nothing."""

    def show(self, stored: StoredView) -> StoredView:
        """Readers find these rows from now on, in place of those before; in one step. What was
        before stays for those who are reading it, until the next one is shown."""

    def drop(self, stored: StoredView) -> None:
        """Remove rows that nobody reads any more. Nothing when they are gone."""

    def claim(self, what: str, holder: str) -> bool:
        """Whether `holder` may write `what` from now on: nobody else has said so within LEASE_S.
        To be repeated sooner than that."""

    def release(self, what: str, holder: str) -> None:
        """It writes no more."""


LEASE_S: Final = 10.0
