"""Fields and types of a filter that no event has: a wrong name finds nothing, and that is not the
same as there being nothing to find."""

from dataclasses import dataclass
from typing import Any, Final

from replay.errors import UnknownField
from replay.words import said
from store import json_text
from store.filter.nearest import nearest
from store.filter.tree import DATA, FACTS, METADATA, Claim, Field, Not, Tree, leaves
from store.interface import EventReader
from store.query import EventQuery

LOOKED_AT: Final = 1_000  # of the newest events, for names that are like a wrong one
SHOWN: Final = 12  # known names
DEEPEST: Final = 4  # keys of a path that is looked for
MOST_ITEMS: Final = 20  # of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that a filter can use, as they are written."""

    facts: tuple[str, ...]
    paths: tuple[str, ...]  # into the data and the metadata, of the newest events

    def close_to(self, name: str) -> list[str]:
        """The nearest ones, by their whole path or its last key."""
        return nearest(name, (*self.facts, *self.paths))


def require_known_fields(log: EventReader, where: Tree) -> None:
    """Raise what `unknown_name` finds. It may read the log once a field: ask when nothing was
    found."""
    if (unknown := unknown_name(log, where)) is not None:
        raise unknown


def unknown_name(log: EventReader, where: Tree) -> UnknownField | None:
    """The first field of a filter, or type that it asks for, that no event has, with what is known
    and like it. A field that the newest events lack is looked for in the whole log."""
    known = known_fields(log)
    recent, seen = {_path_of(it) for it in known.paths}, set[Field]()
    for leaf in leaves(where):
        if leaf.field == ("type",) and isinstance(leaf, Claim) and leaf.comparison == "=":
            if (wrong := _unknown_type(log, leaf)) is not None:
                return wrong
        elif len(leaf.field) > 1 and leaf.field not in recent | seen:
            if not _is_in_log(log, leaf.field):
                name = ".".join(leaf.field[1:])
                close, listed = known.close_to(name), _listed(known)
                return UnknownField(written(leaf.field), close=close, known=listed, at=leaf.at)
            seen.add(leaf.field)
    return None


def _path_of(name: str) -> Field:
    return tuple(name.split("."))


def _is_in_log(log: EventReader, field: Field) -> bool:
    has_it = Not(part=Claim(field=field, comparison="=", value=None))
    return next(iter(log.read(EventQuery(where=has_it), limit=1)), None) is not None


def _unknown_type(log: EventReader, claim: Claim) -> UnknownField | None:
    name, known = str(claim.value), log.type_names()
    if name in known:
        return None
    more = ", …" if len(known) > SHOWN else ""
    listed = ", ".join(known[:SHOWN]) + more
    close = nearest(name, known)
    return UnknownField(name, close=close, known=listed, at=claim.value_at, what=said("type"))


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
    """The paths into a document, those into the items of lists included, the upper ones first."""
    try:
        level: list[tuple[str, Any]] = [("", json_text.decode(text))]
    except (ValueError, ArithmeticError):
        return []
    found: dict[str, None] = {}
    for _ in range(DEEPEST):
        level = [(path, it) for path, value in level for it in _items(value)]
        level = [
            (f"{path}.{key}" if path else key, value)
            for path, it in level
            for key, value in it.items()
            if key.isidentifier()
        ]
        found |= dict.fromkeys(path for path, _ in level)
    return list(found)


def _items(value: Any) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [it for it in items[:MOST_ITEMS] if isinstance(it, dict)]


def _listed(known: Known) -> str:
    more = ", …" if len(known.paths) > SHOWN else ""
    return f"{', '.join(known.facts)}, {', '.join(known.paths[:SHOWN])}{more}"
