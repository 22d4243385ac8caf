"""Building a view without code: tried on the log, kept, or let go."""

from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.said import Said
from gui.words import counted, said
from gui.work.jobs import Jobs, sentences
from gui.work.long_work import LongWork
from gui.work.reports import ViewPreviewed, ViewRemoved, ViewSaved
from gui.work.wishes import DraftView, PreviewView, RemoveView, SaveView, Wish
from replay.views.group_key import group_key
from store import json_text
from store.place import Place

EMPTY: Final = said("Preview shows the rows that the view would have. Save adds the view.")
PREVIEWED: Final = 500  # rows


def _text(value: Any) -> str:
    """As JSON; a text stands bare unless it reads like another value."""
    if value is None or isinstance(value, str):
        return "" if value is None else group_key(value)
    return json_text.encode(value)


class BuildViewModel(QObject):
    """`changed()` when a work begins, ends or has something to say; `previewed()` with new rows;
    `kept_changed()` when a view was kept or let go."""

    changed = Signal()
    previewed = Signal()
    kept_changed = Signal()

    def __init__(self, jobs: Jobs, store: Place) -> None:
        super().__init__()
        self.said = Said(text=EMPTY)
        self.titles: tuple[str, ...] = ()
        self.rows: tuple[tuple[str, ...], ...] = ()
        self._store, self._name = store, ""
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.succeeded.connect(self._learn)
        self._work.failed.connect(self._learn_failed)

    @property
    def is_running(self) -> bool:
        """Whether a work has begun and not ended."""
        return self._work.is_running

    def preview(self, draft: DraftView) -> None:
        """Fold the log into it, in memory."""
        self._start(PreviewView(store=self._store, draft=draft, limit=PREVIEWED), draft.name)

    def save(self, draft: DraftView) -> None:
        """Keep it from now on."""
        self._start(SaveView(store=self._store, draft=draft), draft.name)

    def remove(self, name: str) -> None:
        """Let it go, with its rows."""
        self._start(RemoveView(store=self._store, name=name), name)

    def close(self) -> None:
        """Stop what runs."""
        self._work.close()

    def _start(self, wish: Wish, name: str) -> None:
        self._name = name
        self._work.start(wish)

    @Slot(object)
    def _learn(self, report: ViewPreviewed | ViewSaved | ViewRemoved) -> None:
        if isinstance(report, ViewPreviewed):
            self._learn_rows(report)
            return
        text = (
            said("{name} is saved.", name=self._name)
            if isinstance(report, ViewSaved)
            else said("{name} is removed.", name=self._name)
        )
        self.said = Said(text=text, role="ok")
        self.kept_changed.emit()

    def _learn_rows(self, report: ViewPreviewed) -> None:
        count = counted("{count:,} row", "{count:,} rows", report.count)
        self.said = Said(text=said("{count} as of now. Nothing is saved yet.", count=count))
        self.titles = tuple(report.rows[0]) if report.rows else ("key",)
        self.rows = tuple(
            tuple(str(it) if name == "key" else _text(it) for name, it in row.items())
            for row in report.rows
        )
        self.previewed.emit()

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self.said = Said(text=sentences(what, hint), role="error")
