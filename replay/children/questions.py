"""Questions to a process and its answers: structs on both sides, a line of JSON each between them.

A question is a struct whose base names the type of its answer: `class Count(Question[int])`. Its
line is {"n":1,"question":{"ask":"Count",…}}, that of an answer {"is":"answered","n":1,"value":…}
or {"is":"troubled","n":1,"reason":…}. JSON values of any form keep every digit.
"""

from decimal import Decimal
from typing import Any, Final, Generic, TypeAlias, TypeVar, get_args

import msgspec
from msgspec import Raw, Struct

from replay.words import said
from store import json_text

A = TypeVar("A", covariant=True)

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


class Question(
    Struct,
    Generic[A],
    frozen=True,
    kw_only=True,
    tag_field="ask",
    tag=True,
    forbid_unknown_fields=True,
):
    """Base of every question; A is what answers it."""


class Asked(Struct, frozen=True, kw_only=True):
    """A question on its way, with the number that its answer repeats."""

    n: int
    question: Raw


class WrongField(Struct, frozen=True, kw_only=True):
    """What is wrong with one field of a form."""

    path: tuple[str | int, ...]
    message: str


class Answered(Struct, frozen=True, kw_only=True, tag_field="is", tag="answered"):
    """The answer."""

    n: int
    value: Raw


class Troubled(Struct, frozen=True, kw_only=True, tag_field="is", tag="troubled"):
    """Why there is none, as a sentence; and what to do, another one."""

    n: int
    reason: str
    hint: str = ""
    details: str = ""  # such as a traceback
    fields: tuple[WrongField, ...] = ()


Answer: TypeAlias = Answered | Troubled


class Malformed(Exception):
    """A line that is no question, or no answer. `n` is its number, 0 when nobody knows."""

    def __init__(self, why: object, *, n: int = 0) -> None:
        super().__init__(said("a message cannot be read: {why}", why=why))
        self.n = n


_asked: Final = msgspec.json.Decoder(Asked)
_answers: Final = msgspec.json.Decoder(Answer)


def line_of(n: int, question: Question[Any]) -> bytes:
    """A question as a line, ended."""
    return _text(Asked(n=n, question=Raw(_text(question)))) + b"\n"


def read_question(line: bytes, kinds: Any) -> tuple[int, Any]:
    """The number and the question of a line; `kinds` is the union of those that are known.
    Raises Malformed."""
    try:
        asked = _asked.decode(line)
    except msgspec.MsgspecError:
        asked = _asked_rarely(line)
    return asked.n, _decoded(asked.question, kinds, n=asked.n)


def answer_line(n: int, value: Any) -> bytes:
    """The answer to question `n` as a line, ended. Raises what a value raises without a form."""
    return _text(Answered(n=n, value=Raw(_text(value)))) + b"\n"


def trouble_line(trouble: Troubled) -> bytes:
    """That there is no answer, as a line, ended."""
    return _text(trouble) + b"\n"


def read_answer(line: bytes) -> Answer:
    """Raises Malformed."""
    try:
        answer: Answer = _answers.decode(line)
        return answer
    except msgspec.MsgspecError:
        pass
    facts = _rare(line)
    try:
        if facts.get("is") == "answered":
            return Answered(n=int(facts["n"]), value=Raw(_text(facts["value"])))
        return msgspec.convert(facts, Troubled)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(error) from None


def value_of(answered: Answered, question: Question[A]) -> A:
    """The answer to the question. Raises Malformed."""
    value: A = _decoded(answered.value, answer_type(type(question)), n=answered.n)
    return value


def answer_type(kind: type[Question[Any]]) -> Any:
    """What a kind of question is answered with."""
    return get_args(kind.__orig_bases__[0])[0]  # type: ignore[attr-defined]


def _asked_rarely(line: bytes) -> Asked:
    facts = _rare(line)
    try:
        return Asked(n=int(facts["n"]), question=Raw(_text(facts["question"])))
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(said("{error} is missing", error=error)) from None


def _rare(line: bytes) -> dict[str, Any]:
    """A line with text that the fast decoder refuses: lone surrogates in escapes."""
    try:
        facts = json_text.decode(line)
    except ValueError as error:
        raise Malformed(error) from None
    if not isinstance(facts, dict):
        raise Malformed(said("it is not a JSON object"))
    return facts


def _decoded(text: Raw, type_: Any, *, n: int) -> Any:
    try:
        return msgspec.json.Decoder(type_, float_hook=Decimal).decode(text)
    except json_text.REFUSALS:
        pass
    try:  # the rare: lone surrogates in escapes, numbers that no Decimal holds
        return msgspec.convert(json_text.decode(bytes(text)), type_)
    except ValueError as error:
        raise Malformed(error, n=n) from None


def _text(value: Any) -> bytes:
    try:
        return _encoder.encode(value)
    except UnicodeError:  # the same
        plain = msgspec.to_builtins(value, builtin_types=(Decimal,))
        return json_text.encode(plain).encode()
