"""A branch as a log is read: store.interface.EventReader."""

from collections.abc import Sequence
from functools import cached_property

from store.beside.interface import Beside
from store.branches.beside import BranchBeside
from store.branches.decided import Decided
from store.branches.edited import Edited
from store.branches.edits import Edit, digest
from store.branches.errors import BranchEdited
from store.branches.facts import BranchFacts
from store.branches.joined import Joined
from store.branches.layout import layout_of
from store.branches.own_log import OwnLog
from store.branches.retries import Events
from store.commits import CommitWatcher
from store.interface import EventReader
from store.place import Place


class BranchReader(Edited):
    """Reads the history that a branch had when this was opened, and what is appended to it.

    Use it from one thread at a time; `interrupt` may be called from any thread. `head` and
    `store_id` raise BranchEdited once somebody has edited the history: positions then mean other
    events, and whoever goes on has to open the branch again.
    """

    def __init__(
        self,
        log: EventReader,
        own: OwnLog,
        facts: BranchFacts,
        edits: Sequence[Edit],
        decided: Decided | None = None,
    ) -> None:
        """It closes `log` and `own`. `decided`: what came of deciding later commands again."""
        self.facts, self.edits, self.decided = facts, tuple(edits), decided
        self._log_below, self._own_log = log, own
        joined = Joined(log, facts.base_head, own)
        super().__init__(joined, layout_of(joined, self._all_edits()))

    @property
    def place(self) -> Place:
        return self._own_log.place

    @property
    def beside(self) -> Beside:
        own, log = self._own_log.beside, self._log_below.beside
        return BranchBeside(
            own,
            log,
            self._layout,
            base_head=self.facts.base_head,
            events=self.events_now,
            here=self.position_of_own,
        )

    @property
    def events_now(self) -> Events:
        """The events of the branch, for what is kept of them beside it."""
        return Events(at=self.event, by_id=self.event_by_id)

    @property
    def own_log(self) -> OwnLog:
        """The branch's own events by themselves, counted from 1; closed with this."""
        return self._own_log

    @property
    def beside_of_log(self) -> Beside:
        """What stands beside the events of the log, whatever the branch holds of them."""
        return self._log_below.beside

    def store_id(self) -> str:
        """Another one for each history: what was folded from one is of no use for another."""
        self.require_unedited()
        return self._id

    def commits(self) -> CommitWatcher:
        return self._own_log.commits()

    def interrupt(self) -> None:
        self._log_below.interrupt()
        self._own_log.interrupt()

    def close(self) -> None:
        self._own_log.close()
        self._log_below.close()

    def head(self) -> int:
        self.require_unedited()
        return super().head()

    def undecided(self) -> "BranchReader":
        """The branch with its edits alone, later events as they were recorded; open as long as
        this one."""
        return BranchReader(self._log_below, self._own_log, self.facts, self.edits)

    def is_undecided(self) -> bool:
        """Whether later commands are to be decided again, and were not for these edits."""
        is_edited = not all(it.is_undone for it in self.edits)
        is_wanted = self.facts.later == "rerun" or (self.facts.later == "decide" and is_edited)
        return is_wanted and self.decided is None

    def is_only_decided(self, event_id: str) -> bool:
        """Whether an event is there only because a command was decided again."""
        return event_id in self._only_decided

    def after(self, edit: Edit) -> "BranchReader":
        """The branch as it would be after one more edit, before anything is decided again; open
        as long as this one."""
        edits = [it for it in self.edits if not it.is_undone]
        return BranchReader(self._log_below, self._own_log, self.facts, [*edits, edit])

    def own_events(self) -> int:
        """How many events are the branch's own."""
        return self._own_log.head()

    def own_position(self, position: int) -> int | None:
        """The place among the branch's own events of one of them; None of any other."""
        if self._places.placed_at(position) is not None:
            return None
        own = self._places.there(position) - self.facts.base_head
        return own if 0 < own <= self.own_events() else None

    def position_of_own(self, own: int) -> int:
        """The position of the branch's own event with this number. An edit may have taken it
        out; then that of the event before it."""
        there = own + self.facts.base_head
        return self._places.here(there) - self._places.is_removed(there)

    def end(self) -> int:
        """What Edit.end is for an edit that puts something at the end."""
        return self._raw.head() + 1

    def version_before_own(self, stream: str) -> int:
        """By how much a stream's version is greater here than among the branch's own events; it
        does not grow with them."""
        return self.stream_version(stream) - self._own_log.stream_version(stream)

    def version_of_log(self, stream: str) -> int:
        """The version that a stream has in what the branch holds of the log, without edits."""
        return self._log_below.stream_version(stream, until=self.facts.base_head)

    def require_unedited(self) -> None:
        """Raises BranchEdited."""
        if self._own_log.revision() != self.facts.revision:
            raise BranchEdited(self.place.path)

    @cached_property
    def _id(self) -> str:
        edited = digest(self._all_edits())
        return f"{self.facts.id} {edited}" if edited else self.facts.id

    @cached_property
    def _only_decided(self) -> frozenset[str]:
        found = self.decided.edits if self.decided else ()
        return frozenset(it.target for it in found if it.kind == "insert")

    def _all_edits(self) -> tuple[Edit, ...]:
        return (*self.edits, *(self.decided.edits if self.decided else ()))
