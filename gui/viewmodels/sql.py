"""Questions in SQL to the open store, and what of an answer can be drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.viewmodels.asked_questions import AskedQuestions
from gui.viewmodels.cell_answer import CellAnswerViewModel
from gui.viewmodels.things import (
    ActorThing,
    AnswerThing,
    CellThing,
    ConversationThing,
    EventThing,
    StreamThing,
    Thing,
    TypeThing,
)
from gui.window_words import error_words
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions import saved_questions
from replay.questions.row_source import RowSource, row_source
from replay.questions.sql_freshness import Stale, stale_ones, views_read
from replay.questions.sql_numbers import NUMBER
from replay.questions.sql_query import SqlFailed, SqlResult, ask
from replay.questions.sql_tables import shipped
from replay.views.group_key import group_key
from store.errors import StoreError
from store.number_text import plain_text
from store.times import now_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A series: a line over numbers, or a bar a name. `why_not` when there is none."""

    names: tuple[str, ...] = ()
    xs: tuple[float, ...] = ()  # empty for bars
    values: tuple[float, ...] = ()
    over: str = ""
    unit: str = ""
    why_not: str = ""


# What the name of a column says that its values are the names of.
NAMED: Final[dict[str, Callable[[str], Thing]]] = {
    "stream": lambda it: StreamThing(name=it),
    "type": lambda it: TypeThing(name=it),
    "actor": lambda it: ActorThing(name=it),
    "correlation_id": lambda it: ConversationThing(id=it),
}


class SqlViewModel(QObject):
    """`answered()` when `result` or `problem` is there, `busy_changed()`, `saved_changed()` when
    the named questions differ, `failed(error)`."""

    answered = Signal()
    busy_changed = Signal()
    saved_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self.result: SqlResult | None = None
        self.stale: tuple[Stale, ...] = ()  # views that the answer is taken from, and is old by
        self.problem = ""
        self.is_busy = False
        self.saved: dict[str, str] = {}  # with those that ship
        self.shipped: frozenset[str] = frozenset()  # which of them nobody has saved
        self.asked = AskedQuestions()
        self.selection = selection
        self.cell = CellAnswerViewModel(tasks, selection)
        self._source: RowSource | None = None
        self._tasks = tasks
        self.cell.failed.connect(self.failed)

    def run(self, statement: str) -> None:
        """Ask; what is under way is stopped."""
        self.asked.add(statement)
        self._set_busy(True)
        work = partial(_ask, statement=statement)
        self._tasks.latest("sql", work, done=self._show, failed=self._tell)

    def stop(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel("sql")
        self.result, self.problem = None, said("Stopped.")
        self._set_busy(False)
        self.answered.emit()

    @property
    def stale_words(self) -> str:
        """What the answer lacks; empty when it shows everything that was recorded."""
        return "".join(said(" · stale: {now_us}", now_us=it.words(now_us())) for it in self.stale)

    @property
    def truth_words(self) -> str:
        """That truths and numbers share groups of the answer; empty where they cannot."""
        return f" · {self.result.truths}" if self.result and self.result.truths else ""

    def list_saved(self) -> None:
        """Read the named questions."""
        self._change(lambda _log: None)

    def save(self, name: str, statement: str) -> None:
        """Keep a question under a name."""
        self._change(partial(saved_questions.save, name=name, statement=statement))

    def remove(self, name: str) -> None:
        """Forget a name."""
        self._change(partial(saved_questions.remove, name=name))

    def drawn(self) -> Drawn:
        """The answer as a chart: the first column names or places, the next number measures."""
        result = self.result
        if result is None or not result.rows:
            return Drawn(why_not=said("There are no rows to draw."))
        rows = result.rows
        measured = next((n for n in range(1, len(result.columns)) if _measures(rows, n)), None)
        if measured is None:
            return Drawn(why_not=said("A chart needs a column of numbers after the first one."))
        rows = tuple(row for row in rows if row[measured] is not None)
        values = tuple(float(row[measured]) for row in rows)
        over, unit = result.columns[0], result.columns[measured]
        if _all_numbers(rows, 0):
            xs = tuple(float(row[0]) for row in rows)
            return Drawn(xs=xs, values=values, over=over, unit=unit)
        return Drawn(names=_names(rows), values=values, over=over, unit=unit)

    def positions(self) -> tuple[int, ...]:
        """The positions in the log that the answer names, in a column called …position."""
        result = self.result
        if result is None:
            return ()
        named = (n for n, it in enumerate(result.columns) if it.endswith("position"))
        column = next(named, None)
        if column is None:
            return ()
        return tuple(row[column] for row in result.rows if isinstance(row[column], int))

    def choose_cell(self, row: int, column: int) -> None:
        """Ask why a cell is what it is, where the answer's rows are rows of one view."""
        result, source = self.result, self._source
        if result is None or source is None or not 0 <= row < len(result.rows):
            self.cell.forget()
            return
        texts, name = result.rows[row], result.columns[column]
        if name in source.columns:
            self.cell.ask(source.view, source.key(texts), name, at=source.position(texts))
        else:
            self.cell.forget()

    def things(self, row: int, column: int) -> list[Thing]:
        """What a cell names, what its row does, and what is the same of any; by keys before a
        cell was chosen the column is -1, which stands for the first."""
        result, source = self.result, self._source
        if result is None or not 0 <= row < len(result.rows):
            return []
        values, at = result.rows[row], max(column, 0)
        name, value = result.columns[at], values[at]
        text, texts = _copied(value), "\t".join(map(_copied, values))
        found: list[Thing] = [AnswerThing(text=text, row=texts)]
        if source is not None and name in source.columns:
            found = [
                CellThing(
                    view=source.view,
                    key=source.key(values),
                    column=name,
                    text=text,
                    row=texts,
                    at=source.position(values) or self.selection.as_of,
                ),
                AnswerThing(text=text, row=""),
            ]
        if isinstance(value, str) and value and (kind := NAMED.get(name)) is not None:
            found.insert(0, kind(value))
        position = _position(result.columns, values, at)
        return found if position is None else [*found, EventThing(position=position)]

    def _change(self, change: Callable[[Any], None]) -> None:
        work = partial(_changed, change=change)
        self._tasks.latest("questions", work, done=self._learn_saved, failed=self._tell)

    def _learn_saved(self, found: tuple[dict[str, str], dict[str, str]]) -> None:
        shipped, saved = found
        self.saved, self.shipped = {**shipped, **saved}, frozenset(shipped) - set(saved)
        self.saved_changed.emit()

    def _show(self, found: tuple[SqlResult, tuple[Stale, ...], RowSource | None]) -> None:
        (self.result, self.stale, self._source), self.problem = found, ""
        self.cell.forget()
        self._set_busy(False)
        self.answered.emit()

    def _tell(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, StoreError):
            text = error_words(error)
            self.result = None
            self.problem = text[:1].upper() + text[1:]
            self.answered.emit()
        else:
            self.failed.emit(error)

    def _set_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.busy_changed.emit()


def _copied(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else plain_text(value)


def _position(columns: Sequence[str], values: Sequence[Any], at: int) -> int | None:
    """That the cell names; else the first that its row does."""
    for it in (at, *range(len(columns))):
        if columns[it].endswith("position") and type(values[it]) is int and values[it] > 0:
            return int(values[it])
    return None


def _names(rows: Sequence[tuple[Any, ...]]) -> tuple[str, ...]:
    """Of bars; where numbers stand among texts, a text that reads like one is quoted."""
    is_mixed = any(isinstance(row[0], int | float) for row in rows)
    return tuple(group_key(row[0]) if is_mixed else str(row[0]) for row in rows)


def _ask(reads: Reads, *, statement: str) -> tuple[SqlResult, tuple[Stale, ...], RowSource | None]:
    with reads.asking() as db:
        if db is None:
            raise SqlFailed(
                said("there are no views yet"),
                said("They are being built. Run the query again later."),
            )
        views = views_read(db, statement)
        stale, found = stale_ones(db, reads.log, views), ask(db, statement)
        return found, stale, row_source(reads.views(), reads.log, views, found.columns)


def _changed(
    reads: Reads, *, change: Callable[[Any], None]
) -> tuple[dict[str, str], dict[str, str]]:
    """The questions that ship for the views that are there, and the saved ones."""
    change(reads.log.place)
    views = reads.views()
    ours = {} if views is None else shipped(views)
    return ours, saved_questions.load(reads.log.place)


def _measures(rows: tuple[tuple[Any, ...], ...], column: int) -> bool:
    """Whether a column can be drawn: numbers, or texts that say one, as JSON columns do; what is
    not there is passed over."""
    there = [row[column] for row in rows if row[column] is not None]
    return bool(there) and all(map(_is_drawable, there))


def _is_drawable(value: Any) -> bool:
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return False
    return isinstance(value, int | float | str) and isfinite(float(value))


def _all_numbers(rows: tuple[tuple[Any, ...], ...], column: int) -> bool:
    return all(isinstance(row[column], int | float) for row in rows)
