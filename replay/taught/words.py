"""The names of event types and fields as words, for guessing what they mean."""

import re
from typing import Final

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_ID: Final = ("id", "key", "sku", "code", "number", "name")


def words_of(name: str) -> tuple[str, ...]:
    """In lower case: `ProductItemAdded` and `product_item-added` are product, item, added."""
    return tuple(it.lower() for it in _WORDS.findall(name))


def is_id(name: str) -> bool:
    """Whether a field's name says that its value tells one thing from another."""
    words = words_of(name)
    return bool(words) and words[-1] in _ID


def is_own_id(name: str, category: str) -> bool:
    """Whether a field is most likely the id of the stream itself."""
    words, own = words_of(name), set(words_of(category))
    if not words or words[-1] != "id":
        return False
    return len(words) == 1 or set(words[:-1]) <= own


def plural(word: str) -> str:
    """As a list of such things is named."""
    if word.endswith(("s", "x", "ch", "sh")):
        return word if word.endswith("s") else f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"
