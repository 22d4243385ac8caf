"""Naming a query store: its address, what is there, and that it is kept with the store."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.query_stores import QueryStoresViewModel
from gui.window_words import hint_of
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from gui.work.there import reads_there
from store.errors import StoreError

_LOOK: Final = "naming"  # the key of the work


class NamingStoreViewModel(QObject):
    """`changed()` when a test begins or ends, then one of `seen(words)`, `failed(sentence, hint)`
    or `cancelled()`. `named(address)` once one is kept, without secrets; `failed_oddly(error)`."""

    changed = Signal()
    progressed = Signal(object)
    seen = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()
    named = Signal(str)
    failed_oddly = Signal(Exception)

    def __init__(self, stores: QueryStoresViewModel, there: Tasks) -> None:
        super().__init__()
        self._stores, self._there = stores, there
        self.is_running = False

    @property
    def kept(self) -> tuple[str, ...]:
        """Those that are kept with the store."""
        return self._stores.kept

    def test(self, text: str, password: str) -> None:
        """Connect, and tell what is there."""
        if source := self._source(text, password):
            self._set_running(True)
            self._there.latest(
                _LOOK, partial(_look, source=source), done=self._tell, failed=self._refuse
            )

    def add(self, text: str, password: str) -> None:
        """Keep it with the store, and show it. What is wrong with the address is told by
        `failed`."""
        if source := self._source(text, password):
            self.cancel()
            self._stores.keep(source)
            self.named.emit(source)

    def forget(self, text: str) -> None:
        """Keep it no longer; nothing changes at the server."""
        self._stores.forget(text)

    @Slot()
    def cancel(self) -> None:
        """Stop a test."""
        if self.is_running:
            self._there.cancel(_LOOK)
            self._set_running(False)
            self.cancelled.emit()

    def _source(self, text: str, password: str) -> str:
        """The address without secrets, which are kept for this run of the program and in no file;
        empty when it is none."""
        from replay.query_store.kind import query_kind_of  # what speaks to servers is loaded late
        from store.remote.address import address_of
        from store.remote.passwords import remember_password

        try:
            address = address_of(text.strip())
            query_kind_of(address)
        except StoreError as error:
            sentence = str(error)
            self.failed.emit(sentence[:1].upper() + sentence[1:], hint_of(error))
            return ""
        if typed := password or address.password:
            remember_password(address, typed)
        return address.shown

    def _set_running(self, is_running: bool) -> None:
        self.is_running = is_running
        self.changed.emit()

    def _tell(self, words: str) -> None:
        self._set_running(False)
        self.seen.emit(words)

    def _refuse(self, error: Exception) -> None:
        self._set_running(False)
        if isinstance(error, StoreError):
            sentence = str(error)
            self.failed.emit(sentence[:1].upper() + sentence[1:], hint_of(error))
        else:
            self.failed_oddly.emit(error)


def _look(reads: Reads, *, source: str) -> str:
    from replay.query_store.kind import query_kind_of
    from replay.query_store.same_log import distance_there
    from store.remote.address import address_of

    title = query_kind_of(address_of(source)).title
    held = [it for it in reads_there(reads).there(source).views() if it.is_shown]
    ours = [it for it in held if it.made_of.log == reads.log.store_id()]
    if not held:
        return said("{kind}: it answers, and holds no rows of views yet", kind=title)
    if not ours:
        return said("{kind}: it holds rows of another log", kind=title)
    many = counted("rows of 1 view", "rows of {count:,} views", len(ours))
    oldest = min(ours, key=lambda it: it.position)
    age = distance_there(reads.log, oldest).short
    return said("{kind}: {many} of this log, {age}", kind=title, many=many, age=age)
