"""Fields of the data and the metadata as SQL: what SQLite sees of a document, and what it cannot.

SQLite takes the first of two equal keys where the evaluator takes the last, compares keys as they
are escaped, walks into no list, and holds numbers in 64 bits. A document in which none of this
can matter is decided here; any other one, and a number too near to tell, is left to the evaluator.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from store.filter.tree import IN_METADATA, METADATA, Claim, Comparison, Field
from store.sqlite.filter_bounds import (
    ALWAYS,
    NEVER,
    UNKNOWN,
    Bounds,
    Sql,
    all_of,
    any_of,
    none_of,
)
from store.sqlite.filter_numbers import Number, around, integer_condition
from store.sqlite.filter_texts import (
    LONGEST_PATTERN,
    glob_of,
    holds,
    is_bindable,
    is_plain_pattern,
    is_verbatim,
    longest_piece,
)

MOST_KEYS: Final = 20
_OTHER_STARTS: Final = (*"-0123456789[{", "True", "False", "Infinity")

# Read by the evaluator as nothing: too deep for its parser, or with a NUL behind its end.
_UNREADABLE: Final = """(length({column}) >= 1000
AND length({column}) - length(replace(replace({column}, '[', ''), '{{', '')) >= 300
OR instr({column}, char(0)))"""
_NEVER: Final = Bounds(maybe=NEVER, sure=NEVER)
_IS_NUMBER: Final = "json_type({it}) IN ('integer', 'real')"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a claim looks: a column, and the keys of a path into its document."""

    column: str
    keys: Field
    is_text_made: bool = False  # a fact: whatever stands there is compared as its text

    @property
    def path(self) -> str:
        return _json_path(self.keys)


def document_bounds(claim: Claim) -> Bounds:
    """The bounds of a claim about the data, the metadata, or a fact that stands in it."""
    root, keys = claim.field[0], claim.field[1:]
    fact = IN_METADATA.get(root) if not keys else None
    column = "e.metadata" if fact or root == METADATA else "e.data"
    place = _Place(column=column, keys=(fact,) if fact else keys, is_text_made=bool(fact))
    if _is_never(place, claim):
        return _NEVER
    if not all(it and is_verbatim(it) and len(it) <= LONGEST_PATTERN for it in place.keys):
        return UNKNOWN
    if len(place.keys) > MOST_KEYS:
        return UNKNOWN
    is_null = claim.kind == "nothing" and claim.comparison == "="
    return _null_bounds(place) if is_null else _value_bounds(place, claim)


def _is_never(place: _Place, claim: Claim) -> bool:
    """Whether nothing that can stand there meets the claim."""
    if claim.comparison == "~":
        return False
    if place.is_text_made:
        return claim.kind in ("truth", "number") or (
            claim.kind == "nothing" and claim.comparison != "="
        )
    return claim.kind in ("nothing", "truth") and claim.comparison != "="


def _null_bounds(place: _Place) -> Bounds:
    """`= null` is also met by what cannot be read."""
    is_null = _typed(place, "ifnull(json_type({it}), 'null') = 'null'")
    unclear = _unclear(place)
    unreadable = Sql(text=_UNREADABLE.format(column=place.column))
    return Bounds(
        maybe=any_of([is_null, unclear, unreadable]), sure=all_of([is_null, none_of(unclear)])
    )


def _value_bounds(place: _Place, claim: Claim) -> Bounds:
    seen = _seen(place, claim)
    unclear = _unclear(place)
    readable = none_of(Sql(text=_UNREADABLE.format(column=place.column)))
    return Bounds(
        maybe=all_of([_necessary(place, claim), any_of([seen.maybe, unclear])]),
        sure=all_of([seen.sure, none_of(unclear), readable]),
    )


def _seen(place: _Place, claim: Claim) -> Bounds:
    """The bounds in a document that is clear."""
    if claim.comparison == "~":
        return _pattern_seen(place, str(claim.value))
    match claim.value:
        case str(text):
            return _text_seen(place, claim.comparison, text)
        case bool(truth):
            word = "true" if truth else "false"
            condition = _typed(place, f"ifnull(json_type({{it}}) = '{word}', 0)")
            return Bounds(maybe=condition, sure=condition)
        case int() | Decimal() as number:
            return _number_seen(place, claim.comparison, number)
        case None:
            return UNKNOWN


def _text_seen(place: _Place, comparison: Comparison, text: str) -> Bounds:
    if comparison == "=" and not is_verbatim(text):
        return _NEVER  # it takes a backslash
    if not is_bindable(text):
        return UNKNOWN
    is_text = "" if comparison == "=" else "typeof(json_extract({it})) = 'text' AND "
    return Bounds(
        maybe=_typed(place, f"ifnull({is_text}json_extract({{it}}) {comparison} ?, 0)", text),
        sure=_typed(
            place,
            f"ifnull(json_type({{it}}) = 'text' AND json_extract({{it}}) {comparison} ?, 0)",
            text,
        ),
    )


def _pattern_seen(place: _Place, pattern: str) -> Bounds:
    if not is_plain_pattern(pattern):
        return UNKNOWN
    return Bounds(
        maybe=_typed(place, "ifnull(json_extract({it}) GLOB ?, 0)", glob_of(pattern)),
        sure=_typed(
            place,
            "ifnull(json_type({it}) = 'text' AND json_extract({it}) GLOB ?, 0)",
            glob_of(pattern),
        ),
    )


def _number_seen(place: _Place, comparison: Comparison, number: Number) -> Bounds:
    beside = around(number)
    match comparison:
        case "=":
            maybe = _typed(
                place, "ifnull(json_extract({it}) BETWEEN ? AND ?, 0)", beside.low, beside.high
            )
            apart = NEVER
        case "<" | "<=":
            maybe = _typed(place, "ifnull(json_extract({it}) <= ?, 0)", beside.high)
            apart = _typed(place, "json_extract({it}) < ?", beside.low)
        case _:
            is_number = "typeof(json_extract({it})) <> 'text'"
            maybe = _typed(
                place, f"ifnull({is_number} AND json_extract({{it}}) >= ?, 0)", beside.low
            )
            apart = _typed(place, "json_extract({it}) > ?", beside.high)
    return Bounds(maybe=maybe, sure=_certain(place, comparison, number, apart))


def _certain(place: _Place, comparison: Comparison, number: Number, apart: Sql) -> Sql:
    """By a 64-bit integer, or by a double that is far enough away."""
    integer = "json_type({it}) = 'integer' AND typeof(json_extract({it})) = 'integer'"
    value = _typed(place, "json_extract({it})")
    exact = integer_condition(value.text, comparison, number)
    by_integer = all_of(
        [_typed(place, integer), Sql(text=exact.text, values=(*value.values, *exact.values))]
        if exact not in (NEVER, ALWAYS)
        else [_typed(place, integer), exact]
    )
    by_double = all_of(
        [_typed(place, f"{_IS_NUMBER} AND typeof(json_extract({{it}})) = 'real'"), apart]
    )
    either = any_of([by_integer, by_double])
    return (
        either if either == NEVER else Sql(text=f"ifnull({either.text}, 0)", values=either.values)
    )


def _necessary(place: _Place, claim: Claim) -> Sql:
    """What a document must hold as text, which is looked for before it is parsed."""
    backslash = _backslash(place)
    if place.is_text_made and not _can_only_be_text(claim):
        return ALWAYS
    wanted = f'"{place.keys[-1]}"'
    if claim.comparison == "=" and claim.kind == "text":
        if not is_verbatim(str(claim.value)):
            return backslash
        text = str(claim.value)
        wanted = f'"{text}"' if len(text) < LONGEST_PATTERN else f'"{text}'
    elif claim.comparison == "~" and is_plain_pattern(str(claim.value)):
        piece = longest_piece(str(claim.value))
        if piece and not is_verbatim(piece):
            return backslash
        wanted = piece or wanted
    return any_of([holds(place.column, wanted), backslash])


def _can_only_be_text(claim: Claim) -> bool:
    """Whether no number, truth, list or object has this text."""
    return claim.comparison == "=" and not str(claim.value).startswith(_OTHER_STARTS)


def _unclear(place: _Place) -> Sql:
    """That SQLite may see something else than the evaluator does."""
    twice = [holds(place.column, f'"{it}"', f'"{it}"') for it in dict.fromkeys(place.keys)]
    return any_of([_backslash(place), *twice, _has_list(place), *_not_as_text(place)])


def _has_list(place: _Place) -> Sql:
    """That a list stands at the path or on the way to it."""
    prefixes = [_json_path(place.keys[:count]) for count in range(len(place.keys) + 1)]
    types = ", ".join(f"json_type({place.column}, ?)" for _ in prefixes)
    return Sql(
        text=f"(instr({place.column}, '[') AND ifnull('array' IN ({types}), 0))",
        values=tuple(prefixes),
    )


def _not_as_text(place: _Place) -> list[Sql]:
    if not place.is_text_made:
        return []
    return [_typed(place, "ifnull(json_type({it}), 'null') NOT IN ('null', 'text')")]


def _backslash(place: _Place) -> Sql:
    return Sql(text=f"{place.column} GLOB '*\\*'")


def _typed(place: _Place, condition: str, *values: str | float) -> Sql:
    """A condition on what stands at the path; {it} is its document and path."""
    count = condition.count("{it}")
    text = condition.format(it=f"{place.column}, ?")
    return Sql(text=f"({text})" if " AND " in text else text, values=(place.path,) * count + values)


def _json_path(keys: Field) -> str:
    return "$" + "".join(f'."{it}"' for it in keys)
