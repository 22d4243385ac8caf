"""What a line offers while a condition on the states of a category is typed."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.completion import LOOKED_AGAIN, Offer, Offers, offers_for, ranked
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.sampled_states import known_categories, sampled_states
from replay.questions.sampled_names import Names
from store.filter.complete import expected_at

OFFERED: Final = 50


class StateCompletionViewModel(QObject):
    """`offered(Offers)` for a condition, `named(Offers)` for a category; states are sampled off the
    GUI thread, anew for another category and once the log has grown."""

    offered = Signal(object)
    named = Signal(object)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self._tasks, self._selection = tasks, selection
        self._names: Names | None = None
        self._of = ""  # the category of these names
        self._asked = ("", 0)

    def ask(self, text: str, cursor: int, category: str) -> None:
        """What can stand at the cursor of a condition? Told later; only of the last question."""
        self._asked = (text, cursor)
        if self._names is not None and self._of == category and not self._is_old(self._names):
            self._tell(self._names)
            return
        work, done = partial(_sampled, category=category), partial(self._learn, category)
        self._tasks.latest("state words", work, done=done, failed=_pass_by)

    def ask_category(self, text: str, cursor: int) -> None:
        """Which categories of streams go on as what was typed? Told later."""
        done = partial(self._tell_categories, text, cursor)
        self._tasks.latest("category words", _categories, done=done, failed=_pass_by)

    def forget(self) -> None:
        """A model gives states another meaning."""
        self._names = None

    def _is_old(self, names: Names) -> bool:
        return self._selection.head - names.head > max(LOOKED_AGAIN, names.head // 10)

    def _learn(self, category: str, names: Names) -> None:
        self._names, self._of = names, category
        self._tell(names)

    def _tell(self, names: Names) -> None:
        text, cursor = self._asked
        expected = expected_at(text, cursor)
        offers = offers_for(names, expected, text)
        self.offered.emit(Offers(text=text, cursor=cursor, start=expected.start, offers=offers))

    def _tell_categories(self, text: str, cursor: int, names: tuple[str, ...]) -> None:
        found = tuple(ranked([Offer(text=it) for it in names], text[:cursor]))[:OFFERED]
        is_there = [it.text for it in found] == [text]
        offers = () if is_there else found
        self.named.emit(Offers(text=text, cursor=cursor, start=0, offers=offers))


def _sampled(reads: Reads, *, category: str) -> Names:
    return sampled_states(reads.log, reads.views(), reads.states, category)


def _categories(reads: Reads) -> tuple[str, ...]:
    return known_categories(reads.views())


def _pass_by(_error: Exception) -> None:
    """Nothing is offered; whoever shows the state tells what is wrong with it."""
