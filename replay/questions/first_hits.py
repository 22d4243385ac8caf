"""The first events that hold a text, by the index of words: a scan of a long log comes to them
later, and finds those that hold it elsewhere than at the beginning of a word."""

import sqlite3
from typing import Final

from replay.views import checkpoints
from replay.views.search_view import SEARCH, NothingToSearch, words_query
from store.filter.evaluate import matches
from store.filter.tree import ANYTHING, Claim, Every, Tree
from store.interface import EventReader

MOST: Final = 200
OLDEST: Final = """
SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?
"""


def first_hits(
    views: sqlite3.Connection | None, log: EventReader, where: Tree, *, after: int, until: int
) -> list[int]:
    """Positions of events that meet a filter, in order, at most `MOST`; there may be others between
    them. None where the filter looks for no text, or the index is not there."""
    known = None if views is None else checkpoints.read_one(views, SEARCH.name)
    asked = _words(where)
    if views is None or not asked or known is None or not SEARCH.can_serve(known.definition):
        return []
    last = min(until, known.checkpoint)
    found = [it for (it,) in views.execute(OLDEST, [asked, after, last, MOST])]
    is_met = matches(where)
    return [it.position for it in log.at_positions(found) if is_met(it)]


def _words(where: Tree) -> str:
    """The question to the index: of texts that every hit must hold somewhere."""
    wanted = where.parts if isinstance(where, Every) else (where,)
    texts = [str(it.value) for it in wanted if isinstance(it, Claim) and _is_text(it)]
    try:
        return words_query(" ".join(texts))
    except NothingToSearch:
        return ""


def _is_text(claim: Claim) -> bool:
    return claim.field == (ANYTHING,) and claim.comparison == "contains"
