"""What can stand at a place of a filter that is being typed: a field, a comparison, a value, or
what joins two comparisons."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from store.errors import WrongFilter
from store.filter.parse import field_of
from store.filter.tokens import Token, tokens
from store.filter.tree import Field

Place: TypeAlias = Literal["field", "comparison", "value", "joint", "state"]

COMPARISONS: Final = (
    *("=", "!=", "<", "<=", ">", ">=", "~", "contains", "in (", "between", "is missing"),
    "is present",
)
STATES: Final = ("missing", "present", "not missing")  # behind `is`
JOINTS: Final = ("and", "or")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """At a cursor. The text from `start` to the cursor is the beginning of a word of that kind."""

    place: Place
    prefix: str
    start: int
    field: Field | None = None  # that the comparison, or value, is of


def expected_at(text: str, cursor: int) -> Expected:
    """What the word at the cursor can be."""
    found, rest = _tokens(text[:cursor])
    prefix = rest
    if not rest and found and _is_open(found[-1], cursor):
        prefix = found.pop().text
    reading = _Reading()
    for token in found:
        reading.take(token)
    place, start = reading.place, cursor - len(prefix)
    return Expected(
        place=place,
        prefix=prefix,
        start=start,
        field=reading.field if place in ("value", "comparison") else None,
    )


def _tokens(text: str) -> tuple[list[Token], str]:
    """The tokens, and what stands behind them that is none yet, such as an open quote."""
    found, at = list[Token](), 0
    try:
        for token in tokens(text):
            if token.kind != "end":
                found.append(token)
    except WrongFilter as error:
        at = error.at
        return found, text[at:]
    return found, ""


def _is_open(last: Token, cursor: int) -> bool:
    """Whether the word that stands before the cursor may go on."""
    is_word = last.kind in ("word", "and", "or", "not", "in", "between")
    return is_word and last.at + len(last.text) == cursor


class _Reading:
    """Goes along the tokens of a filter, however far it has been typed."""

    def __init__(self) -> None:
        self.place: Place = "field"
        self.field: Field | None = None
        self._is_in_list = self._is_between = False

    def take(self, token: Token) -> None:
        """One token more."""
        match self.place:
            case "field":
                self._take_field(token)
            case "comparison":
                self._take_comparison(token)
            case "value" | "state":
                self._take_value(token)
            case "joint":
                self._take_joint(token)

    def _take_field(self, token: Token) -> None:
        if token.kind == "word":
            self.field, self.place = field_of(token.text), "comparison"

    def _take_comparison(self, token: Token) -> None:
        word = token.text.lower()
        if token.kind == "sign" or word == "contains":
            self.place = "value"
        elif token.kind == "between":
            self.place, self._is_between = "value", True
        elif token.kind == "in":
            self.place, self._is_in_list = "value", True
        elif word == "is":
            self.place = "state"

    def _take_value(self, token: Token) -> None:
        if token.kind in ("word", "text"):
            self.place = "joint"
        elif token.kind == "close":
            self.place, self._is_in_list = "joint", False

    def _take_joint(self, token: Token) -> None:
        if self._is_in_list:
            self.place = "value" if token.kind == "comma" else "joint"
            self._is_in_list = token.kind != "close"
        elif token.kind == "and" and self._is_between:
            self.place, self._is_between = "value", False
        elif token.kind in ("and", "or"):
            self.place = "field"
