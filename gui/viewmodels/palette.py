"""What the palette lists: whatever holds the letters that are typed, or what was used last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias, get_args

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.viewmodels.fuzzy import SCATTERED, FuzzyHit, FuzzyNames, marks
from gui.viewmodels.known_names import KINDS_NAMED, FoundNames, NameKind, Told
from gui.words import said
from replay.states.moment import parse_moment_text
from store.errors import WrongMoment
from store.visible_text import visible

Kind: TypeAlias = Literal[
    "action", "panel", "view", "type", "filter", "bookmark", "here", "store", "stream", "moment"
]
Used: TypeAlias = tuple[str, str, str]  # kind, id, store: empty where it is of the window

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TOGETHER_MS: Final = 16  # what comes within a frame is listed together
MOST: Final = 100  # rows that are listed; the others are counted
WORDS: Final[dict[Kind, str]] = {
    "action": said("action"),
    "panel": said("panel"),
    "view": said("view"),
    "type": said("event type"),
    "filter": said("saved filter"),
    "bookmark": said("bookmark"),
    "here": said("the selected event"),
    "store": said("store"),
    "stream": said("stream"),
    "moment": said("moment"),
}
OF_WINDOW: Final = frozenset({"action", "panel", "store"})
PREFIXES: Final[dict[str, tuple[Kind, ...]]] = {
    ">": ("action", "here"),
    "@": ("stream",),
    "#": ("type",),
}
MOMENT: Final = ":"
HINT: Final = said("> actions   @ streams   # event types   : position or time")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteItem:
    """One thing there is. `id` names it among those of its kind."""

    kind: Kind
    id: str
    text: str
    detail: str = ""
    key: str = ""
    refusal: str = ""  # why it cannot be done now


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteRow:
    """One line: an item, and what was sought."""

    item: PaletteItem
    text: str  # as it can be shown
    sought: str = ""

    @property
    def marks(self) -> tuple[int, ...]:
        """Which letters of its text were sought: found when the line is drawn."""
        return marks(self.sought, self.text) if self.sought else ()


class Names(Protocol):
    """Who knows the names of streams and event types."""

    def prepare(self) -> None: ...
    def find(self, kind: NameKind, sought: str, *, most: int, told: Told) -> None: ...


class PaletteViewModel(QObject):
    """`listed()` when `rows` or `words` are others. GUI thread; the names of streams and types are
    looked through off it, and join what is listed already."""

    listed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[PaletteRow, ...] = ()
        self.words = HINT
        self._text = ""
        self._items: tuple[PaletteItem, ...] = ()
        self._own: FuzzyNames | None = None  # names of the items; None while nothing is known
        self._own_hits: tuple[str, list[FuzzyHit]] = ("", [])  # of the text that was sought last
        self._used: list[tuple[str, str]] = []
        self._names: Names | None = None
        self._told: dict[NameKind, FoundNames] = {}  # of the text that stands there
        self._awaits: set[NameKind] = set()
        self._joining = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._joining.timeout.connect(self._join)

    @property
    def is_whole(self) -> bool:
        """Whether the streams and types that the text asks for are among what is listed."""
        return not self._awaits

    def begin(
        self,
        items: Sequence[PaletteItem],
        *,
        used: Sequence[tuple[str, str]],
        names: Names | None,
        text: str = "",
    ) -> None:
        """These things there are now, and this was used, the last first. Streams and types of an
        open store are asked of `names`."""
        self._used, self._names = list(used), names
        self._know(items)
        if names is not None:
            names.prepare()
        self.ask(text)

    def add(self, items: Sequence[PaletteItem]) -> None:
        """There are these, too."""
        self._know((*self._items, *items))
        if self._text:
            self.ask(self._text)

    def _know(self, items: Sequence[PaletteItem]) -> None:
        self._items = tuple(items)
        self._own = FuzzyNames([visible(it.text) for it in self._items])
        self._own_hits = ("", [])

    def ask(self, text: str) -> None:
        """List what a text asks for."""
        self._text = text
        self._awaits, self._told = set(), {}
        self._joining.stop()
        sign, rest = text[:1], text[1:].strip()
        if sign == MOMENT:
            self._list([_moment(rest)] if rest else [], 1 if rest else 0)
        elif sign in PREFIXES:
            self._look(rest, PREFIXES[sign])
        else:
            self._look(text.strip(), KINDS)

    def _look(self, sought: str, kinds: tuple[Kind, ...]) -> None:
        named = [it for it in KINDS_NAMED if it in kinds and (sought or kinds == (it,))]
        if self._names is not None:
            self._awaits = set(named)
            for kind in named:
                self._names.find(kind, sought, most=MOST, told=self._merge)
        if set(kinds) - set(KINDS_NAMED) or self._names is None:
            self._list(*self._found(sought, kinds))

    def _merge(self, found: FoundNames) -> None:
        """The answer for the text that stands there, or for an older one."""
        sought, kinds = self._asked()
        is_asked = not self._text.startswith(MOMENT) and found.kind in kinds
        if is_asked and found.sought == sought:
            self._awaits.discard(found.kind)
            self._told[found.kind] = found
            if not self._awaits:
                self._join()
            elif not self._joining.isActive():
                self._joining.start()

    @Slot()
    def _join(self) -> None:
        """List what has come."""
        self._joining.stop()
        self._list(*self._found(*self._asked()))

    def _asked(self) -> tuple[str, tuple[Kind, ...]]:
        """What is sought, and among which kinds."""
        sign = self._text[:1]
        if sign in PREFIXES:
            return self._text[1:].strip(), PREFIXES[sign]
        return self._text.strip(), KINDS

    def _found(self, sought: str, kinds: tuple[Kind, ...]) -> tuple[list[PaletteRow], int]:
        """The rows, and how many there would be."""
        if not sought and kinds == KINDS:
            rows = self._first()
            return rows[:MOST], len(rows)
        ranked, total = self._ranked(sought, kinds)
        for told in self._told.values():
            total += told.total
            for name, detail, hit in zip(told.names, told.details, told.hits, strict=True):
                item = PaletteItem(kind=told.kind, id=name, text=name, detail=detail)
                ranked.append(((hit.tier, self._age(item), _rank(item), hit.order), item))
        ranked.sort(key=lambda it: it[0])
        return [_row(it, sought) for _, it in ranked[:MOST]], total

    def _ranked(
        self, sought: str, kinds: tuple[Kind, ...]
    ) -> tuple[list[tuple[tuple[int, int, int, int], PaletteItem]], int]:
        found = [(it, self._items[it.number]) for it in self._hits(sought)]
        ranked = [
            ((hit.tier, self._age(item), _rank(item), hit.order), item)
            for hit, item in found
            if item.kind in kinds
        ]
        return ranked, len(ranked)

    def _hits(self, sought: str) -> list[FuzzyHit]:
        """Among the things of the window; looked for once, however many answers join them."""
        if self._own is not None and (not sought or self._own_hits[0] != sought):
            most = max(len(self._items), 1)
            self._own_hits = (sought, self._own.find(sought, most=most)[0])
        return self._own_hits[1]

    def _first(self) -> list[PaletteRow]:
        """Of an empty line: what was used, then every action and panel."""
        known: dict[tuple[str, str], PaletteItem] = {(it.kind, it.id): it for it in self._items}
        used = [
            known.get((kind, id_)) or PaletteItem(kind=_named(kind), id=id_, text=id_)
            for kind, id_ in self._used
            if (kind, id_) in known or (kind in KINDS_NAMED and self._names is not None)
        ]
        others = [it for it in self._items if it.kind in OF_WINDOW and it not in used]
        return [_row(it, "") for it in (*used, *others)]

    def _age(self, item: PaletteItem) -> int:
        """How long ago it was used, in uses."""
        pair = (item.kind, item.id)
        return self._used.index(pair) if pair in self._used else len(self._used)

    def _list(self, rows: list[PaletteRow], total: int) -> None:
        self.rows = tuple(rows)
        more = total - len(rows)
        self.words = (
            said("{more:,} more: keep typing", more=more)
            if more > 0
            else HINT
            if rows
            else self._nothing()
        )
        self.listed.emit()

    def _nothing(self) -> str:
        if self._text.startswith(MOMENT):
            return said(
                "A position, a time such as 2026-03-01 14:00, or v3 of the selected stream."
            )
        return said("Nothing matches these letters in this order.")


def used_first(used: Sequence[Used], pair: tuple[str, str], store: str) -> list[Used]:
    """What is kept once this has been used, too."""
    now: Used = (*pair, "" if pair[0] in OF_WINDOW else store)
    return [now, *(it for it in used if it != now)]


def _named(kind: str) -> NameKind:
    return "type" if kind == "type" else "stream"


def _moment(text: str) -> PaletteRow:
    try:
        parse_moment_text(text)
        wrong = ""
    except WrongMoment as error:
        wrong = str(error).partition(":")[0]
    return _row(
        PaletteItem(kind="moment", id=text, text=said("Go to {text}", text=text), refusal=wrong), ""
    )


def _row(item: PaletteItem, sought: str) -> PaletteRow:
    return PaletteRow(item=item, text=visible(item.text), sought=sought)


def _rank(item: PaletteItem) -> int:
    """Between things that hold the letters equally well; what cannot be done comes last."""
    return KINDS.index(item.kind) + (SCATTERED * len(KINDS) if item.refusal else 0)
