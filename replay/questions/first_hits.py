"""The first events that hold a text, by the index of words: a scan of a long log comes to them
later, and finds those that hold it elsewhere than at the beginning of a word."""

import sqlite3
from typing import Final

from replay.views import checkpoints
from replay.views.search_view import SEARCH, NothingToSearch, words_query
from store.filter.tree import ANYTHING, Claim, Every
from store.interface import EventReader
from store.query import EventQuery

MOST: Final = 100
OLDEST: Final = """
SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?
"""


def first_hits(
    views: sqlite3.Connection | None,
    log: EventReader,
    query: EventQuery,
    *,
    after: int,
    until: int,
) -> list[int]:
    """Positions of events that meet a query, in order, at most `MOST`; there may be others between
    them. None where it looks for no text, or the index is not there."""
    known = None if views is None else checkpoints.read_one(views, SEARCH.name)
    asked = _words(query)
    if views is None or not asked or known is None or not SEARCH.can_serve(known.definition):
        return []
    last = min(until, known.checkpoint)
    found = [it for (it,) in views.execute(OLDEST, [asked, after, last, MOST])]
    return [it for at in found for it in log.positions(query, after=at - 1, until=at)]


def _words(query: EventQuery) -> str:
    """The question to the index: of texts that every hit must hold somewhere."""
    parts = query.where.parts if isinstance(query.where, Every) else (query.where,)
    claims = [it for it in parts if isinstance(it, Claim)]
    texts = [str(it.value) for it in claims if _is_text(it)]
    try:
        return words_query(" ".join([query.text, *texts]))
    except NothingToSearch:
        return ""


def _is_text(claim: Claim) -> bool:
    return claim.field == (ANYTHING,) and claim.comparison == "contains"
