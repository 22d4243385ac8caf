"""Questions in SQL to begin with: a sample for each view, and the ones that ship saved."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from replay.projection import Column
from replay.questions.sql_words import as_name
from replay.words import said

EVENTS_SAMPLE: Final = (
    "SELECT type, count(*) AS events, max(position) AS last_position\n"
    "FROM event_log GROUP BY type ORDER BY events DESC"
)
SEARCH_SAMPLE: Final = (
    "SELECT position, type, stream FROM search\n"
    "JOIN event_log ON position = search.rowid WHERE search MATCH 'order' LIMIT 20"
)
RUN_OUT: Final = said("When did {what} run out")

_KINDS: Final = re.compile(r"(^|_)(status|state|category|type|model|currency|location)$")
_LEFT: Final = re.compile(r"(^|_)(remaining|left|available|stock|balance)($|_)", re.IGNORECASE)
_AMOUNTS: Final = re.compile(rf"{_LEFT.pattern}|(^|_)quantity$", re.IGNORECASE)
_MEASURES: Final = re.compile(r"(_us|version|position)$")


def sample_of(view: str, columns: Sequence[Column]) -> str:
    """A question that says something about any view of these columns."""
    keys = _keys(columns)
    rest = [it for it in columns if not it.is_key]
    kinds = (it.name for it in rest if it.kind == "text" and _KINDS.search(it.name))
    kind = next(map(as_name, kinds), None)
    if kind is not None:
        return f"SELECT {kind}, count(*) AS rows FROM {view}\nGROUP BY {kind} ORDER BY rows DESC"
    number = next((as_name(it.name) for it in rest if _is_measure(it)), None)
    if number is not None:
        return f"SELECT {keys}, {number} FROM {view}\nORDER BY {number} DESC LIMIT 20"
    return f"SELECT * FROM {view}\nORDER BY _position DESC LIMIT 20"


def shipped_questions(views: Iterable[tuple[str, Sequence[Column]]]) -> dict[str, str]:
    """Name → statement: for each view that counts down something, when it ran out."""
    found: dict[str, str] = {}
    for view, columns in views:
        amounts = [it.name for it in columns if _is_amount(it)]
        for name in amounts:
            what = view if len(amounts) == 1 else said("{name} of {view}", name=name, view=view)
            found[RUN_OUT.format(what=what)] = _run_out(view, columns, name)
    return dict(sorted(found.items()))


def _run_out(view: str, columns: Sequence[Column], amount: str) -> str:
    """Each time that it came to nothing or less, the first time first."""
    keys, amount = _keys(columns), as_name(amount)
    return (
        f"SELECT {keys}, _position AS position, recorded_at, was, {amount}\n"
        f"FROM (SELECT *, lag({amount}) OVER (PARTITION BY {keys} ORDER BY _position) AS was\n"
        f"      FROM {view}_history WHERE NOT _is_deleted)\n"
        f"JOIN (SELECT position AS at, recorded_at FROM event_log) ON at = _position\n"
        f"WHERE {amount} <= 0 AND was > 0 ORDER BY _position"
    )


def _keys(columns: Sequence[Column]) -> str:
    return ", ".join(as_name(it.name) for it in columns if it.is_key)


def _is_measure(it: Column) -> bool:
    return it.kind in ("integer", "real") and not _MEASURES.search(it.name)


def _is_amount(it: Column) -> bool:
    """Whether it is of what can run out, by its name."""
    named = _AMOUNTS if it.kind in ("integer", "real") else _LEFT
    is_number = it.kind in ("integer", "real", "json")
    return is_number and not it.is_key and named.search(it.name) is not None
