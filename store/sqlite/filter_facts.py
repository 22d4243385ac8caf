"""The facts of an event (type, stream, position, …) as SQL. They are columns, so SQL decides."""

from decimal import Decimal
from typing import Final

from store.filter.tree import ANYTHING, NUMBERS, Claim, Comparison
from store.sqlite.filter_bounds import NEVER, UNKNOWN, Bounds, Sql, exactly, some
from store.sqlite.filter_numbers import integer_condition
from store.sqlite.filter_texts import glob_of, is_bindable, is_plain_pattern, like_of

_NEVER: Final = Bounds(maybe=NEVER, sure=NEVER)
_NUMBERS: Final = {
    "position": "e.position",
    "version": "e.version",
    "recorded": "e.recorded_at_us",
    "occurred": "e.occurred_at_us",
}
# Looked up event by event: a set of a million streams would be made anew for every span.
_OF_ITS_STREAM: Final = "EXISTS (SELECT 1 FROM streams s WHERE s.id = e.stream_id AND {condition})"
# How a fact is compared: its text, the column that it stands in, and what is asked around it. Of
# many names an index would be asked for each, and its answers sorted: + keeps it away.
_TEXTS: Final = {
    "id": ("+e.id", "e.id", "{condition}"),
    "type": ("name", "name", "+e.type_id IN (SELECT id FROM types WHERE {condition})"),
    "stream": ("s.name", "s.name", _OF_ITS_STREAM),
    "category": ("substr(s.name, 1, instr(s.name || '-', '-') - 1)", "s.name", _OF_ITS_STREAM),
}
_OF_ONE_NAME: Final = {
    "id": "e.id = ?",
    "type": "e.type_id IN (SELECT id FROM types WHERE name = ?)",
    "stream": "e.stream_id IN (SELECT id FROM streams WHERE name = ?)",
}
# "." follows "-": these are the names that begin with the category and a hyphen.
_OF_A_CATEGORY: Final = _OF_ITS_STREAM.format(
    condition="(s.name = ? OR (s.name >= ? AND s.name < ?))"
)

_IN_DOCUMENTS: Final = "(e.data LIKE ? ESCAPE '\\' OR e.metadata LIKE ? ESCAPE '\\')"


def fact_bounds(claim: Claim) -> Bounds:
    """The bounds of a claim about a fact that is a column: not one that stands in the metadata."""
    (fact,) = claim.field
    if fact in NUMBERS:
        return _number_bounds(_NUMBERS[fact], claim)
    text = str(claim.value)
    if fact == ANYTHING:
        return _anything_bounds(claim, text)
    if claim.comparison in ("~", "contains"):
        return _pattern_bounds(fact, text, claim.comparison)
    if claim.kind != "text":
        return _NEVER
    if not is_bindable(text):
        return _NEVER if claim.comparison == "=" else UNKNOWN
    if claim.comparison != "=":
        is_cut = fact == "category"
        return _named(fact, f"{{name}} {claim.comparison} ?", text, is_cut=is_cut)
    if fact == "category":
        return _NEVER if "-" in text else exactly(_OF_A_CATEGORY, text, f"{text}-", f"{text}.")
    return exactly(_OF_ONE_NAME[fact], text)


def _number_bounds(column: str, claim: Claim) -> Bounds:
    value = claim.value
    if (
        claim.comparison in ("~", "contains")
        or isinstance(value, bool)
        or not isinstance(value, int | Decimal)
    ):
        return _NEVER
    condition = integer_condition(column, claim.comparison, value)
    return Bounds(maybe=condition, sure=condition)


def _pattern_bounds(fact: str, pattern: str, comparison: Comparison) -> Bounds:
    if not is_plain_pattern(pattern):
        return UNKNOWN
    if comparison == "contains":
        return _named(fact, "{name} LIKE ? ESCAPE '\\'", like_of(pattern), is_cut=True)
    return _named(fact, "{name} GLOB ?", glob_of(pattern), is_cut=True)


def _anything_bounds(claim: Claim, text: str) -> Bounds:
    """What is compared otherwise than by `contains` is left to the evaluator."""
    if claim.comparison != "contains" or not is_plain_pattern(text):
        return UNKNOWN
    documents = exactly(_IN_DOCUMENTS, like_of(text), like_of(text))
    names = (_pattern_bounds(it, text, "contains") for it in ("id", "type", "stream"))
    return some([documents, *names])


def _named(fact: str, condition: str, value: str, *, is_cut: bool) -> Bounds:
    """`is_cut` where SQLite reads a name up to a NUL only, which a name may hold."""
    name, column, frame = _TEXTS[fact]
    text, has_nul = condition.format(name=name), f"instr({column}, char(0))"
    maybe, sure = (
        (f"({text} OR {has_nul})", f"({text} AND NOT {has_nul})") if is_cut else (text, text)
    )
    return Bounds(maybe=_framed(frame, maybe, value), sure=_framed(frame, sure, value))


def _framed(frame: str, condition: str, value: str) -> Sql:
    return Sql(text=frame.format(condition=condition), values=(value,))
