"""Compile the tree of a filter to conditions over `events e`."""

from typing import Final, TypeAlias

from store.filter.tree import FACTS, IN_METADATA, Changed, Claim, Every, Not, Some, Tree, leaves
from store.sqlite.filter_bounds import NEVER, UNKNOWN, Bounds, every, inverse, some
from store.sqlite.filter_documents import document_bounds, key_of
from store.sqlite.filter_facts import fact_bounds

DEEPEST: Final = 10  # levels of the tree; SQLite's parser and its expressions are limited
Keys: TypeAlias = frozenset[tuple[bool, str]]

MOST_CLAIMS: Final = 1_000  # SQLite takes some 32,000 values in a statement


def compiled(tree: Tree, *, common: Keys = frozenset()) -> Bounds:
    """The conditions of a filter. Their values are marks in order: `maybe.values`, `sure.values`.
    `common`: keys that most documents have, as `keys_of` gives them.

    What is too large for SQLite is left to the evaluator.
    """
    if sum(1 for _ in leaves(tree)) > MOST_CLAIMS:
        return UNKNOWN
    return _bounds(tree, DEEPEST, common)


def keys_of(tree: Tree) -> Keys:
    """(whether of the metadata, key) of the keys that documents are looked through for."""
    claims = [it for it in leaves(tree) if isinstance(it, Claim)]
    return frozenset(key for it in claims if (key := key_of(it)) is not None)


def _bounds(tree: Tree, levels: int, common: Keys) -> Bounds:
    if levels == 0:
        return UNKNOWN
    match tree:
        case Every(parts=parts):
            return every([_bounds(it, levels - 1, common) for it in parts])
        case Some(parts=parts):
            return some([_bounds(it, levels - 1, common) for it in parts])
        case Not(part=part):
            return inverse(_bounds(part, levels - 1, common))
        case Changed():
            return Bounds(maybe=NEVER, sure=NEVER)  # of a state alone
        case Claim(field=(fact,)) if fact in FACTS and fact not in IN_METADATA:
            return fact_bounds(tree)
        case Claim():
            return document_bounds(tree, is_common=key_of(tree) in common)
