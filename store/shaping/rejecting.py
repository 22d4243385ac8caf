"""Keep events out by rule; a rule is a filter."""

from collections.abc import Iterable

from store.errors import WrongFilter, WrongRules
from store.events import RecordedEvent
from store.filter.evaluate import Matches, matches
from store.filter.parse import parse
from store.filter.tree import Tree, leaves
from store.reading.format import Incoming
from store.shaping.facts import Documents
from store.shaping.rules import Rejection
from store.words import said

_GIVEN_HERE = frozenset({"position", "version"})


class Rejecting:
    """The rules of `reject`."""

    def __init__(self, stated: Iterable[Rejection]) -> None:
        """Raises WrongRules."""
        self._rules: list[tuple[Rejection, Matches]] = []
        for it in stated:
            self._rules.append((it, matches(_tree(it))))

    def __bool__(self) -> bool:
        return bool(self._rules)

    @property
    def names(self) -> list[tuple[str, str]]:
        """Each rule, and what it does, for people."""
        return [(rule_name(it), said("reject {where}", where=it.where)) for it, _ in self._rules]

    def of(self, incoming: Incoming, documents: Documents) -> Rejection | None:
        """The first rule that keeps an event out."""
        if not self._rules:
            return None
        event = _as_recorded(incoming, documents)
        return next((rule for rule, holds in self._rules if holds(event)), None)


def rule_name(rejection: Rejection) -> str:
    """As problems and reports name it."""
    return f"reject.{rejection.where}"


def _tree(rejection: Rejection) -> Tree:
    where = rule_name(rejection)
    try:
        tree = parse(rejection.where)
    except WrongFilter as error:
        raise WrongRules(
            [(where, said("{problem} (character {at})", problem=error.problem, at=error.at + 1))]
        ) from None
    if tree is None:
        raise WrongRules([(where, said("the rule is empty and would reject every event"))])
    for leaf in leaves(tree):
        if leaf.field[0] in _GIVEN_HERE and len(leaf.field) == 1:
            raise WrongRules(
                [(where, said("{field} is set when the event is stored", field=leaf.field[0]))]
            )
    return tree


def _as_recorded(incoming: Incoming, documents: Documents) -> RecordedEvent:
    """The event as a filter looks at it. Times that it does not state count as 0."""
    event = incoming.event
    return RecordedEvent(
        0,
        incoming.stream,
        0,
        event.type,
        event.id,
        event.recorded_at_us or 0,
        event.recorded_offset_min,
        event.occurred_at_us or 0,
        event.occurred_offset_min,
        documents.data,
        documents.metadata,
        event.source_json,
    )
