"""Compile the tree of a filter to conditions over `events e`."""

from typing import Final

from store.filter.tree import FACTS, IN_METADATA, Changed, Claim, Every, Not, Some, Tree, leaves
from store.sqlite.filter_bounds import NEVER, UNKNOWN, Bounds, every, inverse, some
from store.sqlite.filter_documents import document_bounds
from store.sqlite.filter_facts import fact_bounds

DEEPEST: Final = 10  # levels of the tree; SQLite's parser and its expressions are limited
MOST_CLAIMS: Final = 1_000  # SQLite takes some 32,000 values in a statement


def compiled(tree: Tree) -> Bounds:
    """The conditions of a filter. Their values are marks in order: `maybe.values`, `sure.values`.

    What is too large for SQLite is left to the evaluator.
    """
    return _bounds(tree, DEEPEST) if sum(1 for _ in leaves(tree)) <= MOST_CLAIMS else UNKNOWN


def _bounds(tree: Tree, levels: int) -> Bounds:
    if levels == 0:
        return UNKNOWN
    match tree:
        case Every(parts=parts):
            return every([_bounds(it, levels - 1) for it in parts])
        case Some(parts=parts):
            return some([_bounds(it, levels - 1) for it in parts])
        case Not(part=part):
            return inverse(_bounds(part, levels - 1))
        case Changed():
            return Bounds(maybe=NEVER, sure=NEVER)  # of a state alone
        case Claim(field=(fact,)) if fact in FACTS and fact not in IN_METADATA:
            return fact_bounds(tree)
        case Claim():
            return document_bounds(tree)
