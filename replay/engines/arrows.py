"""How events get on: from a server into the log, from the log into views, topics and query
stores, and once more into the views where those are folded on Spark."""

from typing import Literal

from msgspec import Struct

Way = Literal["mirror", "fold", "publish", "sink", "rebuild"]


class ViewReached(Struct, frozen=True, kw_only=True):
    """How far one view is."""

    view: str
    position: int


class Arrow(Struct, frozen=True, kw_only=True):
    """One way that events go, as of the last look. Positions are those of the log."""

    way: Way
    address: str = ""  # of the server at its other end, without secrets; empty: no server
    head: int | None = None  # where the events come from; None: it was not told
    position: int | None = None  # that they have come to; None: it was not told
    behind: int | None = None  # events; None: it was not told
    seconds: float = 0.0  # since the first event that is missing came
    rate: float | None = None  # events a second, while they come
    dropped: int | None = None  # that came again and changed nothing; None: nobody counts them
    trouble: str = ""  # why nothing was told, or gets on; empty while all is well
    hint: str = ""  # what to do about that
    views: tuple[ViewReached, ...] = ()  # of folding and of a query store
    parts: int = 0  # of rebuilds on Spark that were ended early; 0: there are none
    parts_done: int = 0  # which the next rebuild does not fold again
    is_chosen: bool = False  # just these views are written; else all that have rows

    @property
    def key(self) -> tuple[str, str]:
        """By which it is the same one at the next look."""
        return self.way, self.address


class Survey(Struct, frozen=True, kw_only=True):
    """The servers around one log."""

    store: str  # its name
    head: int
    arrows: tuple[Arrow, ...]
    problem: str = ""  # why the servers that were chosen are not known
