"""The tables and columns that SQL can name: listed at its left, and offered while one types."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.completion import OFFERED, Offer, Offers, ranked
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.sql_tables import SqlColumn, SqlTable, sql_tables
from replay.questions.sql_words import FUNCTIONS, KEYWORDS, as_name

NOT_IN_STAR: Final = said("not in *")
_WORD: Final = re.compile(r"\w*\Z")
_OWNER: Final = re.compile(r"(\w+)\.\Z")
_TABLE_NEXT: Final = re.compile(r"\b(from|join|from\s[\w\s,]*,)\s+\Z", re.IGNORECASE)
_CLOSED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|--[^\n]*\n|/\*.*?\*/", re.DOTALL)
_OPEN: Final = re.compile(r"['\"]|--|/\*")
_NOT_ALIASES: Final = frozenset(
    {"where", "group", "order", "join", "left", "on", "using", "limit", "having", "union", "as"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedColumn:
    """A column in the list. `taken` is how a statement writes it."""

    name: str
    detail: str
    taken: str
    is_own: bool  # the program's own


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTable:
    """A table in the list, with a question to begin with."""

    name: str
    about: str
    taken: str
    sample: str
    columns: tuple[NamedColumn, ...]


class SqlNamesViewModel(QObject):
    """`listed()` when other tables or columns can be named. They are read while somebody looks."""

    listed = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.tables: tuple[SqlTable, ...] = ()
        self._tasks, self._is_looked_at = tasks, False

    def look(self, is_looked_at: bool) -> None:
        """Whether the tables are in sight: only then are they read again as views get on."""
        self._is_looked_at = is_looked_at
        self.refresh()

    def refresh(self) -> None:
        """Read them again, if they are in sight."""
        if self._is_looked_at:
            self._tasks.latest("sql names", _tables, done=self._learn, failed=_pass_by)

    def named(self) -> tuple[NamedTable, ...]:
        """The tables as they are listed."""
        return tuple(_named(it) for it in self.tables)

    def offers(self, text: str, cursor: int, *, is_asked: bool) -> Offers:
        """What can stand at the cursor; without a word begun only where it is asked for, and
        behind FROM, JOIN and a dot."""
        return sql_offers(self.tables, text, cursor, is_asked=is_asked)

    def _learn(self, tables: tuple[SqlTable, ...]) -> None:
        if tables != self.tables:
            self.tables = tables
            self.listed.emit()


def sql_offers(
    tables: Sequence[SqlTable], text: str, cursor: int, *, is_asked: bool = False
) -> Offers:
    """Names and words for a place in a statement, those first that begin as what was typed."""
    before = text[:cursor]
    word = _WORD.search(before)
    prefix = word[0] if word else ""
    start = cursor - len(prefix)
    nothing = Offers(text=text, cursor=cursor, start=start)
    if _OPEN.search(_CLOSED.sub(" ", before)) or prefix[:1].isdigit():
        return nothing
    ahead = before[:start]
    if (owner := _OWNER.search(ahead)) is not None:
        found = _columns(_owned(tables, owner[1], text))
    elif _TABLE_NEXT.search(ahead):
        found = _names(tables)
    elif prefix or is_asked:
        asked = _asked(tables, text)
        found = (*_columns(asked), *_names(tables), *_words())
    else:
        return nothing
    offers = tuple(ranked(dict.fromkeys(found), prefix))[:OFFERED]
    is_there = any(it.text.lower() == prefix.lower() for it in offers)
    return nothing if is_there else Offers(text=text, cursor=cursor, start=start, offers=offers)


def _named(it: SqlTable) -> NamedTable:
    columns = (
        NamedColumn(
            name=column.name,
            detail=_detail(column, NOT_IN_STAR if column.is_own else ""),
            taken=as_name(column.name),
            is_own=column.is_own,
        )
        for column in it.columns
    )
    return NamedTable(
        name=it.name,
        about=it.about,
        taken=as_name(it.name),
        sample=it.sample,
        columns=tuple(columns),
    )


def _detail(it: SqlColumn, more: str = "") -> str:
    return " · ".join(filter(None, (it.type, it.about, more)))


def _owned(tables: Sequence[SqlTable], owner: str, text: str) -> list[SqlTable]:
    """The table that stands before a dot: by its name, or by its other name in the statement."""
    lower = owner.lower()
    for it in tables:
        if it.name == lower or lower in _aliases(it.name, text):
            return [it]
    return []


def _aliases(table: str, text: str) -> set[str]:
    found = re.findall(rf"\b{re.escape(table)}\s+(?:as\s+)?(\w+)", text, re.IGNORECASE)
    return {it.lower() for it in found} - _NOT_ALIASES


def _asked(tables: Sequence[SqlTable], text: str) -> list[SqlTable]:
    """Those that the statement names; all while it names none."""
    words = {it.lower() for it in re.findall(r"\w+", text)}
    return [it for it in tables if it.name in words] or list(tables)


def _columns(tables: Iterable[SqlTable]) -> tuple[Offer, ...]:
    """Each name once; the program's own behind the others."""
    found: dict[str, Offer] = {}
    columns = [it for table in tables for it in table.columns]
    for it in sorted(columns, key=lambda it: it.is_own):
        found.setdefault(it.name, Offer(text=as_name(it.name), detail=_detail(it)))
    return tuple(found.values())


def _names(tables: Iterable[SqlTable]) -> tuple[Offer, ...]:
    return tuple(Offer(text=as_name(it.name), detail=it.about) for it in tables)


def _words() -> Iterator[Offer]:
    for word in KEYWORDS:
        yield Offer(text=word)
    for name, about in FUNCTIONS.items():
        yield Offer(text=name, detail=about)


def _tables(reads: Reads) -> tuple[SqlTable, ...]:
    with reads.asking() as db:
        return () if db is None else sql_tables(db)


def _pass_by(_error: Exception) -> None:
    """Nothing is listed; whoever asks is told what is wrong with the log."""
