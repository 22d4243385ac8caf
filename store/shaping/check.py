"""What is wrong with the rules of an import, before a file is read: everything, by rule."""

from collections.abc import Callable
from typing import Final

from store.errors import WrongRules
from store.filter.parse import field_of
from store.reading.source import plain_encoding
from store.shaping.facts import readable_field
from store.shaping.mapping import RoleMap
from store.shaping.masking import Masking
from store.shaping.payload_rules import PayloadRules
from store.shaping.rejecting import Rejecting
from store.shaping.rules import ORDERS, ImportRules
from store.words import said

_PARTS: Final[tuple[Callable[[ImportRules], object], ...]] = (
    lambda it: _check_types(it),
    lambda it: plain_encoding(it.encoding),
    lambda it: _check_order(it),
    PayloadRules,
    lambda it: RoleMap(it.map),
    lambda it: Rejecting(it.reject),
    lambda it: Masking(it.mask),
)


def problems_of(rules: ImportRules) -> tuple[tuple[str, str], ...]:
    """The rules that cannot be followed, such as map.stream, and why. A rule that is wrong hides
    the others of its kind."""
    found: list[tuple[str, str]] = []
    for part in _PARTS:
        try:
            part(rules)
        except WrongRules as error:
            found += error.problems
    return tuple(found) if found else tuple(Masking(rules.mask).problems(RoleMap(rules.map)))


def require_sound(rules: ImportRules) -> None:
    """Raises WrongRules."""
    if found := problems_of(rules):
        raise WrongRules(found)


def _check_types(rules: ImportRules) -> None:
    for old, new in rules.rename_types.items():
        if not old or not new.strip():
            raise WrongRules([(f"rename_types.{old}", said("a type needs a name"))])
        if new == old:
            raise WrongRules([(f"rename_types.{old}", said("the new name equals the old one"))])


def _check_order(rules: ImportRules) -> None:
    if rules.order and rules.order not in ORDERS:
        field = field_of(rules.order.strip())
        if field is None or len(field) == 1:
            known = ", ".join(ORDERS)
            raise WrongRules(
                [("order", said("known are {known}, or a field such as data.sentAt", known=known))]
            )
        readable_field(rules.order, of="order")
