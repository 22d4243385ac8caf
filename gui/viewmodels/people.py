"""Actors and conversations among the newest events, for the navigator."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.kept_order import KeptOrder
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.navigation import Counted
from replay.history.recent_names import Conversation, RecentNames, grown

LISTED: Final = 500  # of each; the section says how many there are


class PeopleViewModel(QObject):
    """`changed()` when there are others; `failed(error)`. Nothing is asked while nobody looks."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self._tasks = tasks
        self._selection = selection
        self._names = RecentNames()
        self._is_wanted = False
        self._actor_order, self._conversation_order = KeptOrder(), KeptOrder()
        self.actors: list[Counted] = []  # the most active first, as of when somebody came to look
        self.conversations: list[Conversation] = []  # of more than one event, the newest first

    @property
    def actor_words(self) -> str:
        """How many there are."""
        return self._words(len(self._names.actors))

    @property
    def conversation_words(self) -> str:
        """How many there are."""
        return self._words(sum(it.count > 1 for it in self._names.conversations.values()))

    def want(self, is_wanted: bool) -> None:
        """Whether somebody can see them."""
        if is_wanted and not self._is_wanted:
            self._actor_order.forget()
            self._conversation_order.forget()
            self._arrange()
        self._is_wanted = is_wanted
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """The log has grown."""
        head = self._selection.head
        if self._is_wanted and head != self._names.until:
            work = partial(_grown, names=self._names, head=head)
            self._tasks.latest("people", work, done=self._show, failed=self.failed.emit)

    def _words(self, count: int) -> str:
        """How many of them, of how many; and of which events, if not of all."""
        if not count:
            return ""
        names = self._names
        words = (
            said("{listed:,} of {count:,}", listed=LISTED, count=count)
            if count > LISTED
            else f"{count:,}"
        )
        among = (
            said(" in the newest {until:,}", until=names.until - names.after) if names.after else ""
        )
        return words + among

    def _show(self, names: RecentNames) -> None:
        self._names = names
        self._arrange()
        self.changed.emit()

    def _arrange(self) -> None:
        actors = [Counted(*it) for it in self._names.actors.most_common(LISTED)]
        found = [it for it in self._names.conversations.values() if it.count > 1]
        newest = sorted(found, key=lambda it: -it.last_position)[:LISTED]
        self.actors = self._actor_order.arranged(actors, lambda it: it.name)
        self.conversations = self._conversation_order.arranged(newest, lambda it: it.id)


def _grown(reads: Reads, *, names: RecentNames, head: int) -> RecentNames:
    return grown(reads.log, names, head=head)
