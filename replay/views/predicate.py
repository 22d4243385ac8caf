"""A filter over events as a person writes it: text → tree → function.

    type = OrderTotalsCalculated and data.total > 250
    conferenceId = "gophercon" and not (seats.quantity < 2 or actor in (ada, bob))
    stream ~ "order-*" and recorded between 2026-01-01 and 2026-02-01

A field is one of FACTS of the event, `data.…`, `metadata.…`, or any other path, which is one into
the data. Where a path comes to a list, any of its items will do. Numbers are compared exactly; a
number is never equal to a text; `= null` is what is not there. `~` is a pattern with * and ?.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import translate
from typing import Any, Final, Literal, NoReturn, TypeAlias, cast

from store.errors import StoreError
from store.events import RecordedEvent
from store.times import parse_moment

Value: TypeAlias = str | int | Decimal | bool | None
Comparison: TypeAlias = Literal["=", "<", "<=", ">", ">=", "~"]
Matches: TypeAlias = Callable[[RecordedEvent], bool]

DEEPEST: Final = 100  # brackets within brackets
TIMES: Final = ("recorded", "occurred")
FACTS: Final[dict[str, Callable[[RecordedEvent], Any]]] = {
    "type": lambda it: it.type,
    "stream": lambda it: it.stream,
    "category": lambda it: it.stream.partition("-")[0],
    "id": lambda it: it.id,
    "position": lambda it: it.position,
    "version": lambda it: it.version,
    "recorded": lambda it: it.recorded_at_us,
    "occurred": lambda it: it.occurred_at_us,
    "actor": lambda it: _actor(it.metadata),
}


class WrongPredicate(StoreError):
    """A filter that cannot be read; `at` is the place of the character that it concerns."""

    def __init__(self, problem: str, text: str, at: int) -> None:
        super().__init__(f"the filter cannot be read: {problem}")
        self.problem, self.text, self.at = problem, text, at
        self.hint = f"{text}\n{' ' * at}^"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One comparison of a field with a value."""

    field: str
    comparison: Comparison
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All parts hold."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """One of the parts holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: "Tree"


Tree: TypeAlias = Claim | Every | Some | Not


def parse(text: str) -> Tree:
    """The tree of a filter. Raises WrongPredicate."""
    return _Parser(text).whole()


def predicate(text: str) -> Matches:
    """Whether an event meets a filter; every event meets an empty one. Raises WrongPredicate."""
    return matches(parse(text)) if text.strip() else lambda _event: True


def matches(tree: Tree) -> Matches:
    """The function of a tree."""
    match tree:
        case Every(parts=parts):
            every = tuple(map(matches, parts))
            return lambda event: all(it(event) for it in every)
        case Some(parts=parts):
            some = tuple(map(matches, parts))
            return lambda event: any(it(event) for it in some)
        case Not(part=part):
            inner = matches(part)
            return lambda event: not inner(event)
        case Claim():
            return _claimed(tree)


def _claimed(claim: Claim) -> Matches:
    values, holds = _values(claim.field), _holds(claim)
    return lambda event: any(holds(it) for it in values(event))


def _holds(claim: Claim) -> Callable[[Any], bool]:
    value = claim.value
    if claim.comparison == "~":
        pattern = re.compile(translate(str(value)))
        return lambda it: isinstance(it, str) and pattern.match(it) is not None
    if claim.comparison == "=":
        return lambda it: _kind(it) == _kind(value) and bool(it == value)
    compare, kind = _ORDERS[claim.comparison], _kind(value)
    if kind not in ("number", "str"):
        return lambda _it: False
    return lambda it: _kind(it) == kind and compare(it, value)


_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _kind(value: Any) -> str:
    """What can be compared with one another. Lists and objects are none of it."""
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else "truth"
    return "number" if isinstance(value, int | Decimal) else type(value).__name__


def _values(field: str) -> Callable[[RecordedEvent], Iterator[Any]]:
    """Every value that a field has in an event; None for one that is not there."""
    if fact := FACTS.get(field):
        return lambda event: iter((fact(event),))
    first, *rest = field.split(".")
    if first == "metadata" and rest:
        return lambda event: _reached(event.metadata, rest)
    path = rest if first == "data" and rest else [first, *rest]
    return lambda event: _reached(_data(event), path)


def _reached(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for it in value:
            yield from _reached(it, path)
        if not value:
            yield None
    elif not path:
        yield value
    else:
        yield from _reached(value.get(path[0]) if isinstance(value, dict) else None, path[1:])


def _data(event: RecordedEvent) -> Any:
    try:
        return event.data
    except (ValueError, ArithmeticError):  # nested thousands of levels deep, or no such number
        return None


def _actor(metadata: dict[str, Any]) -> str | None:
    user = metadata.get("user")
    return None if user is None else str(user)


_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<open>\()|(?P<close>\))
|(?P<comma>,)|(?P<joint>&&|\|\|)|(?P<sign>==|!=|<>|<=|>=|!~|=|<|>|~)|(?P<not>!)
|(?P<word>[^\s()<>=!~,"'&|]+)""",
    re.VERBOSE,
)
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_CONSTANTS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}
_JOINTS: Final = {"&&": "and", "||": "or"}
_KEYWORDS: Final = frozenset({"and", "or", "not", "in", "between"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str  # of _TOKEN, a keyword, or "end"
    text: str
    at: int


class _Parser:
    """Or binds weaker than and, and weaker than not."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._either()
        token = self._token
        if token.kind == "close":
            self._fail("there is no bracket to close", token)
        if token.kind != "end":
            self._fail("`and` or `or` is missing", token)
        return tree

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
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
            self._fail("there are too many brackets", token)
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
            self._fail("this bracket is not closed", token)
        return tree

    def _claim(self) -> Tree:
        token = self._take()
        if token.kind != "word" or not all(token.text.split(".")):
            self._fail("a field is wanted here, such as type or data.total", token)
        field, is_not = token.text, self._took("not")
        if self._took("in"):
            tree: Tree = Some(parts=self._listed(field))
        elif self._took("between"):
            tree = self._between(field)
        else:
            return self._compared(field, is_not=is_not)
        return Not(part=tree) if is_not else tree

    def _listed(self, field: str) -> tuple[Tree, ...]:
        opening = self._token
        if not self._took("open"):
            self._fail("values in brackets are wanted here: (a, b)", opening)
        found = [Claim(field=field, comparison="=", value=self._value(field))]
        while self._took("comma"):
            found.append(Claim(field=field, comparison="=", value=self._value(field)))
        if not self._took("close"):
            self._fail("this bracket is not closed", opening)
        return tuple(found)

    def _between(self, field: str) -> Tree:
        least = Claim(field=field, comparison=">=", value=self._value(field))
        if not self._took("and"):
            self._fail("`and` and the greatest value are wanted here", self._token)
        return Every(parts=(least, Claim(field=field, comparison="<=", value=self._value(field))))

    def _compared(self, field: str, *, is_not: bool) -> Tree:
        token = self._take()
        if token.kind != "sign" or is_not:
            self._fail("a comparison is wanted here: = != < <= > >= ~ in between", token)
        sign = {"==": "=", "<>": "!="}.get(token.text, token.text)
        value = self._value(field, is_pattern=sign.endswith("~"))
        comparison = cast(Comparison, {"!=": "=", "!~": "~"}.get(sign, sign))
        claim = Claim(field=field, comparison=comparison, value=value)
        return Not(part=claim) if sign.startswith("!") else claim

    def _value(self, field: str, *, is_pattern: bool = False) -> Value:
        token = self._take()
        if token.kind not in ("word", "text"):
            self._fail("a value is wanted here", token)
        plain = _unquoted(token.text) if token.kind == "text" else token.text
        if field in TIMES:
            return self._time(plain, token)
        if token.kind == "text" or is_pattern:
            return plain
        if plain in _CONSTANTS:
            return _CONSTANTS[plain]
        return self._number(plain, token) if _NUMBER.fullmatch(plain) else plain

    def _time(self, text: str, token: _Token) -> int:
        try:
            return parse_moment(text).at_us
        except (ValueError, OverflowError):
            self._fail("a time is wanted here, such as 2026-03-14 or 2026-03-14T09:41Z", token)

    def _number(self, text: str, token: _Token) -> Value:
        try:
            return Decimal(text) if set(text) & set(".eE") else int(text)
        except (InvalidOperation, ValueError):
            self._fail("this number is too long", token)

    def _fail(self, problem: str, token: _Token) -> NoReturn:
        raise WrongPredicate(problem, self._text, token.at)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            is_open = text[at] in "\"'"
            problem = "this text has no closing quote" if is_open else "this sign means nothing"
            raise WrongPredicate(problem, text, at)
        kind, word = str(found.lastgroup), found[0]
        if kind == "joint":
            kind = _JOINTS[word]
        elif kind == "word" and word.lower() in _KEYWORDS:
            kind = word.lower()
        if kind != "space":
            yield _Token(kind=kind, text=word, at=at)
        at = found.end()
    yield _Token(kind="end", text="", at=len(text))


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
