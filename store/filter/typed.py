"""What a person types into a box: a filter, or plain words, which are looked for as a text."""

from dataclasses import dataclass
from typing import Final

from store.errors import WrongFilter
from store.filter.parse import parse
from store.filter.tokens import Token, tokens
from store.filter.tree import ANYTHING, Claim, Tree

_BEHIND_IS: Final = frozenset({"missing", "present", "not", "null"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Plain words have `words`, a filter a `tree`; one that cannot be read has a `problem`, and
    where it is. An empty text has none of them."""

    words: str = ""
    tree: Tree | None = None
    problem: str = ""
    at: int = 0  # the character that the problem concerns

    @property
    def is_filter(self) -> bool:
        """Whether it is meant as a filter, also if it cannot be read."""
        return self.tree is not None or bool(self.problem)

    @property
    def meant(self) -> Tree | None:
        """What lists the same: of words the events that hold them. None for everything, and for
        what cannot be read."""
        return text_claim(self.words) if self.words else self.tree


def typed(text: str) -> Typed:
    """A text with a comparison in it is a filter; every other one is words. What stands in quotes
    as a whole is words too."""
    plain = text.strip()
    if not plain:
        return Typed()
    found = _tokens(plain)
    if not _compares(found):
        return Typed(words=_unquoted(plain, found))
    try:
        return Typed(tree=parse(text))
    except WrongFilter as error:
        return Typed(problem=error.problem, at=error.at)


def text_claim(words: str) -> Claim:
    """The claim that an event holds a text somewhere."""
    return Claim(field=(ANYTHING,), comparison="contains", value=words)


def _tokens(text: str) -> list[Token]:
    """Up to what is no token."""
    found = list[Token]()
    try:
        found.extend(tokens(text))
    except WrongFilter:
        return found
    return found


def _compares(found: list[Token]) -> bool:
    """Whether there is a sign, or a word that compares in its place: behind another word."""
    for before, token, behind in zip([None, *found], found, [*found[1:], None], strict=False):
        is_behind_field = before is not None and before.kind == "word"
        if token.kind == "sign":
            return True
        if token.kind == "in" and behind is not None and behind.kind == "open":
            return True
        if token.kind == "between" and is_behind_field:
            return True
        if token.kind != "word" or not is_behind_field or behind is None:
            continue
        word = token.text.lower()
        if word == "is" and behind.text.lower() in _BEHIND_IS:
            return True
        if word == "contains" and behind.kind in ("word", "text"):
            return True
    return False


def _unquoted(text: str, found: list[Token]) -> str:
    is_quoted = len(found) == 2 and found[0].kind == "text"
    return text[1:-1] if is_quoted else text
