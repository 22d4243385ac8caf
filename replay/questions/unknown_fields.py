"""Fields of a filter that no event has: a wrong name finds nothing, and that is not the same as
there being nothing to find."""

from dataclasses import dataclass
from typing import Any, Final

from replay.errors import UnknownField
from store import json_text
from store.filter.nearest import nearest
from store.filter.tree import DATA, FACTS, METADATA, Claim, Field, Not, Tree, leaves
from store.interface import EventReader
from store.query import EventQuery

LOOKED_AT: Final = 1_000  # of the newest events, for names that are like a wrong one
SHOWN: Final = 12  # known names


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that a filter can use, as they are written."""

    facts: tuple[str, ...]
    paths: tuple[str, ...]  # into the data and the metadata, of the newest events

    def close_to(self, name: str) -> list[str]:
        """The nearest ones, by their whole path or its last key."""
        return nearest(name, (*self.facts, *self.paths))


def require_known_fields(log: EventReader, where: Tree) -> None:
    """Raise UnknownField, which says what is known and what is like it, when no event has one of
    the fields of a filter. It reads the log once a field: ask when nothing was found."""
    for field in dict.fromkeys(it.field for it in leaves(where) if len(it.field) > 1):
        has_it = Not(part=Claim(field=field, comparison="=", value=None))
        if next(iter(log.read(EventQuery(where=has_it), limit=1)), None) is None:
            known = known_fields(log)
            raise UnknownField(
                written(field), close=known.close_to(".".join(field[1:])), known=_listed(known)
            )


def known_fields(log: EventReader) -> Known:
    """The facts of every event, and what the newest events have."""
    paths: dict[str, None] = {}
    for event in log.read(reverse=True, limit=LOOKED_AT):
        for root, text in ((DATA, event.data_json), (METADATA, event.metadata_json)):
            for key in _keys(text):
                paths[f"{root}.{key}"] = None
    return Known(facts=tuple(sorted(FACTS)), paths=tuple(paths))


def written(field: Field) -> str:
    """A field as a person writes it: what is in the data needs no root."""
    return ".".join(field[1:] if field[0] == DATA else field)


def _keys(text: str) -> list[str]:
    try:
        value: Any = json_text.decode(text)
    except (ValueError, ArithmeticError):
        return []
    return [it for it in value if it.isidentifier()] if isinstance(value, dict) else []


def _listed(known: Known) -> str:
    more = ", …" if len(known.paths) > SHOWN else ""
    return f"{', '.join(known.facts)}, {', '.join(known.paths[:SHOWN])}{more}"
