"""Where the rows of a view go that was folded in parts. The kinds are in replay/parts/targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from replay.parts.joined import Joined
from replay.parts.shipment import PartReport
from replay.query_store.interface import StoredView
from replay.views.sink import Mark
from replay.views.view import View
from store.place import Place


class Accepted(Struct, frozen=True, kw_only=True):
    """What has become of the rows."""

    digest: str
    note: str = ""  # about it, for a person
    is_equal: bool | None = None  # to the view that was there before; None: none could be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """All parts of a view, done."""

    view: View
    joined: Joined
    mark: Mark  # the last event that is in them
    reports: Sequence[PartReport]

    def digest(self) -> str:
        """As a fold here gives it."""
        assert self.view.projection is not None
        return self.joined.digest(keeps_lookup=self.view.projection.keeps_lookup)


class Target(Protocol):
    """One place for rows. One thread."""

    @property
    def place(self) -> Place | None:
        """Of a log whose views they become."""

    @property
    def shown(self) -> str:
        """Where it is, without secrets."""

    def folder_for(self, view: View) -> Path:
        """Where the parts of a view are kept until they are accepted; another one for every view.
        A folder that is there belongs to an earlier run."""

    def begin(self, view: View, mark: Mark, /) -> StoredView | None:
        """Get ready for rows up to an event. What workers are to write to, if it is a server."""

    def address(self) -> str:
        """Of the server, for the workers; it may hold a password. Empty where there is none."""

    def renew(self) -> None:
        """Called every second while workers are at it: say that it is still wanted."""

    def accept(self, done: Finished) -> Accepted:
        """All parts are done: what readers find from now on. Their folder may be removed then."""

    def close(self) -> None:
        """Free what it holds."""
