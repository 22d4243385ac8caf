"""A filter over events as a person writes it, read into its tree.

    type = OrderTotalsCalculated and data.total > 250
    conferenceId = "gophercon" and not (seats.quantity < 2 or actor in (ada, bob))
    stream ~ "order-*" and recorded between 2026-01-01 and 2026-02-01
    data."order.id" = 7 and metadata.step is missing

A field is one of the facts of an event, `data.…`, `metadata.…`, or any other path, which is one
into the data; a key in double quotes may hold what a word cannot.

A condition on the states of a stream is the same language: every field is a path into the state,
and one may ask what has come of it by an event.

    total > 250 and status changed
    status became Paid and not (seats.quantity < 2 or note is present)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn, cast

from store.errors import WrongFilter
from store.filter.tokens import Token, keys_of, tokens, unquoted
from store.filter.tree import (
    DATA,
    FACTS,
    METADATA,
    STATE,
    TIMES,
    Changed,
    Claim,
    Comparison,
    Every,
    Field,
    Not,
    Some,
    Tree,
    Value,
)
from store.times import parse_moment
from store.words import said

DEEPEST: Final = 100  # brackets within brackets
MISSING: Final = ("missing", "null")  # behind `is`
PRESENT: Final = "present"

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_CONSTANTS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}


def parse(text: str) -> Tree | None:
    """The tree of a filter; None for an empty text, which every event meets.

    Raises WrongFilter, which says what is wrong at which place.
    """
    return _Parser(text, _OF_EVENTS).whole() if text.strip() else None


def parse_condition(text: str) -> Tree:
    """The tree of a condition on a state. Raises WrongFilter, also for an empty text."""
    return _Parser(text, _OF_STATES).whole()


def field_of(word: str) -> Field | None:
    """The field that a word names; None for a word that names none."""
    keys = keys_of(word)
    if keys is None or (keys[0] in FACTS and keys == (word,)):
        return keys
    is_rooted = keys[0] in (DATA, METADATA) and len(keys) > 1
    return keys if is_rooted else (DATA, *keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A field, and where it stands in the text."""

    keys: Field
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """What a filter and a condition do not share."""

    keys: Callable[[str], Field | None]  # the field that a word names
    example: str
    comparisons: str
    has_changes: bool = False


class _Parser:
    """Or binds weaker than and, and weaker than not."""

    def __init__(self, text: str, language: "_Language") -> None:
        self._text = text
        self._language = language
        self._tokens = list(tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._either()
        token = self._token
        if token.kind == "close":
            self._fail(said("there is no open bracket to close"), token)
        if token.kind != "end":
            self._fail(said("`and` or `or` is missing"), token)
        return tree

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        self._next += token.kind != "end"
        return token

    def _took(self, kind: str) -> bool:
        if self._token.kind != kind:
            return False
        self._next += 1
        return True

    def _either(self) -> Tree:
        parts = [self._both()]
        while self._took("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Some(parts=tuple(parts))

    def _both(self) -> Tree:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Every(parts=tuple(parts))

    def _one(self) -> Tree:
        self._depth += 1
        token = self._token
        if self._depth > DEEPEST:
            self._fail(said("there are too many brackets"), token)
        tree = self._negated() or self._bracketed() or self._claim()
        self._depth -= 1
        return tree

    def _negated(self) -> Tree | None:
        return Not(part=self._one()) if self._took("not") else None

    def _bracketed(self) -> Tree | None:
        token = self._token
        if not self._took("open"):
            return None
        tree = self._either()
        if not self._took("close"):
            self._fail(said("this bracket is not closed"), token)
        return tree

    def _claim(self) -> Tree:
        field = self._field()
        is_not = self._took("not")
        if self._took("in"):
            tree: Tree = Some(parts=self._listed(field))
        elif self._took("between"):
            tree = self._between(field)
        else:
            found = self._of_words(field)
            if found is None:
                return self._compared(field, is_not=is_not)
            tree = found
        return Not(part=tree) if is_not else tree

    def _field(self) -> "_Placed":
        token = self._take()
        keys = self._language.keys(token.text) if token.kind == "word" else None
        if keys is None:
            self._fail(
                said("expected a field here, such as {example}", example=self._language.example),
                token,
            )
        return _Placed(keys=keys, at=token.at)

    def _of_words(self, field: "_Placed") -> Tree | None:
        """`contains`, `is missing`, `is present`; of a state also `changed` and `became`. None
        where another word stands."""
        if self._took_word("contains"):
            return self._valued(field, "contains")
        if self._language.has_changes:
            changed = Changed(field=field.keys, at=field.at)
            if self._took_word("changed"):
                return changed
            if self._took_word("became"):
                return Every(parts=(self._valued(field, "="), changed))
        return self._said_to_be(field) if self._took_word("is") else None

    def _said_to_be(self, field: "_Placed") -> Tree:
        is_not, token = self._took("not"), self._take()
        word = token.text.lower() if token.kind == "word" else ""
        if word not in (*MISSING, PRESENT):
            self._fail(said("expected `missing` or `present` here"), token)
        nothing = self._holding(field, "=", None, at=token.at)
        return nothing if is_not is (word == PRESENT) else Not(part=nothing)

    def _took_word(self, word: str) -> bool:
        """A word that is one of the language only where it stands behind a field."""
        token = self._token
        is_it = token.kind == "word" and token.text.lower() == word
        self._next += is_it
        return is_it

    def _listed(self, field: "_Placed") -> tuple[Tree, ...]:
        opening = self._token
        if not self._took("open"):
            self._fail(said("expected values in brackets here: (a, b)"), opening)
        found = [self._valued(field, "=")]
        while self._took("comma"):
            found.append(self._valued(field, "="))
        if not self._took("close"):
            self._fail(said("this bracket is not closed"), opening)
        return tuple(found)

    def _between(self, field: "_Placed") -> Tree:
        least = self._valued(field, ">=")
        if not self._took("and"):
            self._fail(said("expected `and` and the largest value here"), self._token)
        return Every(parts=(least, self._valued(field, "<=")))

    def _compared(self, field: "_Placed", *, is_not: bool) -> Tree:
        token = self._take()
        if token.kind != "sign" or is_not:
            self._fail(
                said(
                    "expected a comparison here: {comparisons}",
                    comparisons=self._language.comparisons,
                ),
                token,
            )
        sign = {"==": "=", "<>": "!="}.get(token.text, token.text)
        claim = self._valued(field, cast(Comparison, {"!=": "=", "!~": "~"}.get(sign, sign)))
        return Not(part=claim) if sign.startswith("!") else claim

    def _valued(self, field: "_Placed", comparison: Comparison) -> Claim:
        at = self._token.at
        value = self._value(field.keys, is_pattern=comparison in ("~", "contains"))
        return self._holding(field, comparison, value, at=at)

    def _holding(self, field: "_Placed", comparison: Comparison, value: Value, *, at: int) -> Claim:
        return Claim(field=field.keys, comparison=comparison, value=value, at=field.at, value_at=at)

    def _value(self, field: Field, *, is_pattern: bool = False) -> Value:
        token = self._take()
        if token.kind not in ("word", "text"):
            self._fail(said("expected a value here"), token)
        plain = unquoted(token.text) if token.kind == "text" else token.text
        if field[0] in TIMES:
            return self._time(plain, token)
        if token.kind == "text" or is_pattern:
            return plain
        if plain in _CONSTANTS:
            return _CONSTANTS[plain]
        return self._number(plain, token) if _NUMBER.fullmatch(plain) else plain

    def _time(self, text: str, token: Token) -> int:
        try:
            return parse_moment(text).at_us
        except (ValueError, OverflowError):
            self._fail(said("expected a time here, such as 2026-03-14 or 2026-03-14T09:41Z"), token)

    def _number(self, text: str, token: Token) -> Value:
        try:
            return Decimal(text) if set(text) & set(".eE") else int(text)
        except (InvalidOperation, ValueError):
            self._fail(said("this number is too long"), token)

    def _fail(self, problem: str, token: Token) -> NoReturn:
        raise WrongFilter(problem, self._text, token.at)


def _state_path(word: str) -> Field | None:
    keys = keys_of(word)
    return None if keys is None else (STATE, *keys)


_OF_EVENTS: Final = _Language(
    keys=field_of,
    example=said("type or data.total"),
    comparisons="= != < <= > >= ~ contains in between is",
)
_OF_STATES: Final = _Language(
    keys=_state_path,
    example=said("total or seats.quantity"),
    comparisons=f"{_OF_EVENTS.comparisons} changed became",
    has_changes=True,
)
