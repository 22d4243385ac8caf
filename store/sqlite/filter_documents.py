"""Fields of the data and the metadata as SQL: what SQLite sees of a document, and what it cannot.

SQLite takes the first of two equal keys where the evaluator takes the last, compares keys as they
are escaped, walks into no list, and holds numbers in 64 bits. A document in which none of this
can matter is decided here; any other one, and a number too near to tell, is left to the evaluator.

What rejects most documents for the least stands first: a text is looked for from its first letter
on (a quote stands everywhere), and what has to be parsed is asked once.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import inf, nextafter
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
from store.sqlite.filter_numbers import FAR_FROM_64_BITS, Number, around, integer_condition
from store.sqlite.filter_texts import (
    LONGEST_PATTERN,
    glob_of,
    holds,
    is_bindable,
    is_plain_pattern,
    is_verbatim,
    like_of,
    longest_piece,
)

MOST_KEYS: Final = 20
_OTHER_STARTS: Final = (*"-0123456789[{", "True", "False", "Infinity")

# Read by the evaluator as nothing: too deep for its parser, or with a NUL behind its end. Of a
# short document that has as many characters as bytes neither is so: SQLite counts up to a NUL.
_UNREADABLE: Final = """CASE
WHEN length({column}) BETWEEN length(CAST({column} AS BLOB)) AND 999 THEN 0
WHEN length({column}) >= 1000
AND length({column}) - length(replace(replace({column}, '[', ''), '{{', '')) >= 300 THEN 1
ELSE instr({column}, char(0)) > 0 END"""
_NEVER: Final = Bounds(maybe=NEVER, sure=NEVER)
_SURELY: Final = "CASE WHEN json_type({it}) = 'text' AND"
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


def document_bounds(claim: Claim, *, is_common: bool = False) -> Bounds:
    """The bounds of a claim about the data, the metadata, or a fact that stands in it.
    `is_common`: most documents have the key, so that looking for it tells little."""
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
    return _null_bounds(place) if is_null else _value_bounds(place, claim, is_common)


def _is_never(place: _Place, claim: Claim) -> bool:
    """Whether nothing that can stand there meets the claim."""
    if claim.comparison in ("~", "contains"):
        return False
    if place.is_text_made:
        return claim.kind in ("truth", "number") or (
            claim.kind == "nothing" and claim.comparison != "="
        )
    return claim.kind in ("nothing", "truth") and claim.comparison != "="


def _null_bounds(place: _Place) -> Bounds:
    """`= null` is also met by what cannot be read."""
    is_null = _typed(place, "ifnull(json_type({it}), 'null') = 'null'")
    unclear = any_of([_unclear(place), _has_list(place)])
    unreadable = Sql(text=_UNREADABLE.format(column=place.column))
    return Bounds(
        maybe=any_of([is_null, unclear, unreadable]), sure=all_of([is_null, none_of(unclear)])
    )


def key_of(claim: Claim) -> tuple[bool, str] | None:
    """(whether it is of the metadata, the key) of a claim for which documents are looked through
    for a key, unless that is common; None of any other."""
    is_metadata = claim.field[0] == METADATA
    if len(claim.field) < 2 or claim.kind == "text" or claim.comparison in ("~", "contains"):
        return None
    return is_metadata, claim.field[-1]


def _value_bounds(place: _Place, claim: Claim, is_common: bool) -> Bounds:
    seen, unclear = _seen(place, claim), _unclear(place)
    necessary = ALWAYS if is_common and key_of(claim) else _necessary(place, claim)
    readable = none_of(Sql(text=_UNREADABLE.format(column=place.column)))
    if _is_ordering(claim):
        is_met = _is_near_or_beyond(place, claim)
        return Bounds(
            maybe=any_of([_of_its_type(place, claim, _has_list(place)), unclear]),
            sure=all_of([seen.sure, none_of(unclear), readable]),
            coarse=all_of([necessary, any_of([is_met, unclear])]),
            kind=_kind(place, claim, unclear),
        )
    is_number, all_unclear = claim.kind == "number", any_of([unclear, _has_list(place)])
    return Bounds(
        maybe=all_of([necessary, any_of([seen.maybe, all_unclear])]),
        sure=all_of([seen.sure, none_of(unclear if is_number else all_unclear), readable]),
    )


def _is_ordering(claim: Claim) -> bool:
    return claim.kind == "number" and claim.comparison in ("<", "<=", ">", ">=")


def _is_near_or_beyond(place: _Place, claim: Claim) -> Sql:
    """Of what is above or below a number. Where SQLite sees a number there is no list. So lists
    are asked about only where it sees none; to it a text is greater than every number."""
    has_list, beside = _has_list(place), around(Decimal(str(claim.value)))
    is_greater = claim.comparison.startswith(">")
    is_bounded = not is_greater and beside.high < inf
    met = "NOT BETWEEN ? AND 9e999" if is_bounded else ">= ?"
    edge = nextafter(beside.high, inf) if is_bounded else beside.low if is_greater else -inf
    value = _typed(place, f"json_extract({{it}}) {met}", edge)
    return Sql(
        text=f"ifnull({value.text}, {has_list.text})", values=(*value.values, *has_list.values)
    )


def _kind(place: _Place, claim: Claim, unclear: Sql) -> Sql | None:
    """Of what is above or below a number: what `sure` and `maybe` tell, with one look at its type
    and one at its value."""
    number = claim.value
    if not isinstance(number, int | Decimal) or not _is_far_from_64_bits(number):
        return None
    sure = f"2 - {_UNREADABLE.format(column=place.column)}"
    type_, has_list = _typed(place, "json_type({it})"), _has_list(place)
    exact, apart = _exact(place, claim.comparison, number), _apart(place, claim.comparison, number)
    parts = (unclear, type_, exact, apart, has_list)
    return Sql(
        text=f"CASE WHEN {unclear.text} THEN 1 ELSE CASE {type_.text} "
        f"WHEN 'integer' THEN CASE WHEN {exact.text} THEN {sure} ELSE 0 END "
        f"WHEN 'real' THEN CASE WHEN {apart.text} THEN {sure} ELSE 1 END "
        f"ELSE {has_list.text} END END",
        values=tuple(value for it in parts for value in it.values),
    )


def _of_its_type(place: _Place, claim: Claim, otherwise: Sql) -> Sql:
    """That an integer meets the claim, exactly; that it is another number; or something else."""
    value, number = _typed(place, "json_extract({it})"), claim.value
    if not isinstance(number, int | Decimal):
        return ALWAYS
    exact = integer_condition(value.text, claim.comparison, number)
    if exact not in (NEVER, ALWAYS):
        exact = Sql(text=exact.text, values=(*value.values, *exact.values))
    kind = _typed(place, "typeof(json_extract({it}))")
    return Sql(
        text=f"CASE {kind.text} WHEN 'integer' THEN {exact.text} WHEN 'real' THEN 1 "
        f"ELSE {otherwise.text} END",
        values=(*kind.values, *exact.values, *otherwise.values),
    )


def _seen(place: _Place, claim: Claim) -> Bounds:
    """The bounds in a document that is clear."""
    if claim.comparison in ("~", "contains"):
        return _pattern_seen(place, claim.comparison, str(claim.value))
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
    is_met = _typed(place, f"ifnull(json_extract({{it}}) {comparison} ?, 0)", text)
    is_text = _typed(place, "typeof(json_extract({it})) = 'text'")  # and not a lesser number
    return Bounds(
        maybe=is_met if comparison == "=" else all_of([is_met, is_text]),
        sure=_typed(
            place, f"{_SURELY} json_extract({{it}}) {comparison} ? THEN 1 ELSE 0 END", text
        ),
    )


def _pattern_seen(place: _Place, comparison: Comparison, pattern: str) -> Bounds:
    if not is_plain_pattern(pattern):
        return UNKNOWN
    is_glob = comparison == "~"
    met = "json_extract({it}) " + ("GLOB ?" if is_glob else "LIKE ? ESCAPE '\\'")
    value = glob_of(pattern) if is_glob else like_of(pattern)
    return Bounds(
        maybe=_typed(place, f"ifnull({met}, 0)", value),
        sure=_typed(place, f"{_SURELY} {met} THEN 1 ELSE 0 END", value),
    )


def _number_seen(place: _Place, comparison: Comparison, number: Number) -> Bounds:
    """What is possible of one above or below another is told by `_value_bounds`."""
    beside = around(number)
    if comparison == "=":
        is_near = _typed(
            place, "ifnull(json_extract({it}) BETWEEN ? AND ?, 0)", beside.low, beside.high
        )
        claim = Claim(field=place.keys, comparison="=", value=number)
        maybe = all_of([is_near, _of_its_type(place, claim, NEVER)])
        return Bounds(maybe=maybe, sure=_certain(place, comparison, number, NEVER))
    apart = _apart(place, comparison, number)
    return Bounds(maybe=ALWAYS, sure=_certain(place, comparison, number, apart))


def _apart(place: _Place, comparison: Comparison, number: Number) -> Sql:
    """That a number is far enough above or below another to be told by its double."""
    beside, is_greater = around(number), comparison.startswith(">")
    sign, edge = (">", beside.high) if is_greater else ("<", beside.low)
    return _typed(place, f"json_extract({{it}}) {sign} ?", edge)


def _exact(place: _Place, comparison: Comparison, number: Number) -> Sql:
    """That a 64-bit integer meets the comparison."""
    value = _typed(place, "json_extract({it})")
    exact = integer_condition(value.text, comparison, number)
    if exact in (NEVER, ALWAYS):
        return exact
    return Sql(text=exact.text, values=(*value.values, *exact.values))


def _is_far_from_64_bits(number: Number) -> bool:
    return -FAR_FROM_64_BITS <= number <= FAR_FROM_64_BITS


def _certain(place: _Place, comparison: Comparison, number: Number, apart: Sql) -> Sql:
    """By a 64-bit integer, or by a number that is far enough away."""
    exact = _exact(place, comparison, number)
    if _is_far_from_64_bits(number):
        kind = _typed(place, "json_type({it})")
        text = f"CASE {kind.text} WHEN 'integer' THEN {exact.text} WHEN 'real' THEN {apart.text}"
        return Sql(text=f"{text} ELSE 0 END", values=(*kind.values, *exact.values, *apart.values))
    is_integer = _typed(place, "typeof(json_extract({it})) = 'integer'")
    told = any_of([apart, all_of([is_integer, exact])])
    if told == NEVER:
        return NEVER
    certain = all_of([_typed(place, _IS_NUMBER), told])
    return Sql(text=f"CASE WHEN {certain.text} THEN 1 ELSE 0 END", values=certain.values)


def _necessary(place: _Place, claim: Claim) -> Sql:
    """What a document must hold as text, which is looked for before it is parsed."""
    backslash = _backslash(place)
    if place.is_text_made and not _can_only_be_text(claim):
        return ALWAYS
    wanted = f'{place.keys[-1]}"'
    if claim.comparison == "=" and claim.kind == "text":
        text = str(claim.value)
        if not is_verbatim(text):
            return backslash
        wanted = f'{text}"' if text else '""'
    elif claim.comparison == "contains" and is_plain_pattern(str(claim.value)):
        if not is_verbatim(str(claim.value)):
            return backslash
        return any_of([_like(place.column, str(claim.value)), backslash])
    elif claim.comparison == "~" and is_plain_pattern(str(claim.value)):
        piece = longest_piece(str(claim.value))
        if piece and not is_verbatim(piece):
            return backslash
        wanted = piece or wanted
    return any_of([holds(place.column, wanted), backslash])


def _like(column: str, text: str) -> Sql:
    return Sql(text=f"{column} LIKE ? ESCAPE '\\'", values=(like_of(text),))


def _can_only_be_text(claim: Claim) -> bool:
    """Whether no number, truth, list or object has this text."""
    return claim.comparison == "=" and not str(claim.value).startswith(_OTHER_STARTS)


def _unclear(place: _Place) -> Sql:
    """That SQLite may see something else than the evaluator does, even where there is no list."""
    twice = [_stands_twice(place, it) for it in dict.fromkeys(place.keys)]
    return any_of([_backslash(place), *twice, *_not_as_text(place)])


def _stands_twice(place: _Place, key: str) -> Sql:
    """The end of the key is looked for first: of most documents that is all."""
    whole = holds(place.column, f'"{key}"', f'"{key}"')
    return all_of([holds(place.column, f'{key}"', f'{key}"'), whole])


def _has_list(place: _Place) -> Sql:
    """That a list stands at the path or on the way to it: then SQLite sees nothing there, or the
    text of the list."""
    prefixes = [_json_path(place.keys[:count]) for count in range(len(place.keys) + 1)]
    types = ", ".join(f"json_type({place.column}, ?)" for _ in prefixes)
    seen = _typed(place, "ifnull(substr(json_extract({it}), 1, 1) = '[', 1)")
    return Sql(
        text=f"({place.column} LIKE '%[%' AND {seen.text} AND ifnull('array' IN ({types}), 0))",
        values=(*seen.values, *prefixes),
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
