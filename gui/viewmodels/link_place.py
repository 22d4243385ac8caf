"""Going where a link points in the open store: everything it names is looked up before anything
moves."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.deep_link import Link
from replay.questions.view_status import list_views
from store.visible_text import visible


class LinkPlaceViewModel(QObject):
    """`failed(error)` when the log could not be asked."""

    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks

    def check(self, link: Link, done: Callable[[str], None]) -> None:
        """Tell what of the link is not in this store, as a sentence; empty where all is there."""
        work = partial(_missing, link=link)
        self._tasks.latest("link", work, done=done, failed=self.failed.emit, restart=True)


def _missing(reads: Reads, *, link: Link) -> str:
    log = reads.log
    head, last = log.head(), max(link.at or 0, link.until or 0)
    if last > head:
        return said(
            "The link points at position {last:,}, and the store ends at {head:,}.",
            last=last,
            head=head,
        )
    if link.stream and not log.has_stream(link.stream):
        return said(
            "The link names a stream that is not in this store: {stream}",
            stream=visible(link.stream),
        )
    if link.view:
        views = {it.name for it in list_views(reads.views(), log) if it.columns}
        if link.view not in views:
            return said(
                "The link names a view that this store does not have: {view}",
                view=visible(link.view),
            )
    return ""
