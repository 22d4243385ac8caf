"""What the window asks the process that reads a query store."""

from typing import TypeAlias

from replay.children.questions import Question
from replay.query_store.interface import Place, StoredView, Version

Versions: TypeAlias = tuple[Version, ...]


class HeldViews(Question[tuple[StoredView, ...]], frozen=True, kw_only=True):
    """RowReader.views."""


class RowsAsOf(Question[Versions], frozen=True, kw_only=True):
    """RowReader.rows."""

    stored: StoredView
    at: int
    after: Place | None
    limit: int


class OneRow(Question[Version | None], frozen=True, kw_only=True):
    """RowReader.row."""

    stored: StoredView
    row_id: str
    at: int


class WrittenRows(Question[Versions], frozen=True, kw_only=True):
    """RowReader.written."""

    stored: StoredView
    after: int
    limit: int


class NewestRows(Question[Versions], frozen=True, kw_only=True):
    """RowReader.newest."""

    stored: StoredView
    after: Place | None
    limit: int


class FoundWords(Question[Versions], frozen=True, kw_only=True):
    """RowReader.search."""

    stored: StoredView
    words: tuple[str, ...]
    until: int
    limit: int


Asked: TypeAlias = HeldViews | RowsAsOf | OneRow | WrittenRows | NewestRows | FoundWords
