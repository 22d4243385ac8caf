"""What a box offers while a filter is typed: fields, comparisons, and values found in the data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from gui.selection import Selection
from gui.words import said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.errors import UnknownField
from replay.questions.sampled_names import Names, sampled_names
from replay.questions.unknown_fields import unknown_name
from store.filter.complete import COMPARISONS, JOINTS, STATES, Expected, expected_at
from store.filter.tree import Tree
from store.filter.typed import typed
from store.filter.write import quoted, value_text

OFFERED: Final = 50
LOOKED_AGAIN: Final = 1_000  # events later, or a tenth of the log, the sample is taken again
HELP: Final = {
    "type": said("the event type"),
    "stream": said("the stream of the event"),
    "category": said("the part of the stream name before the first -"),
    "id": said("the id of the event"),
    "actor": said("who: metadata.user"),
    "command": said("the command: metadata.command"),
    "correlation": said("the conversation: metadata.correlation_id"),
    "position": said("position in the log, from 1"),
    "version": said("version in the stream, from 1"),
    "recorded": said("a time such as 2026-03-14T09:41Z"),
    "occurred": said("a time such as 2026-03-14T09:41Z"),
    "anything": said("type, stream, id, data and metadata"),
    "~": said("a pattern with * and ?"),
    "contains": said("a text, ignoring case"),
    "in (": said("one of these, (a, b)"),
    "between": said("a and b, both included"),
    "is missing": said("null or absent"),
    "is present": said("anything but null"),
    "!=": said("other than"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would take the place of the word at the cursor, and what it is."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """For the text and the cursor that were asked about; they replace it from `start` on."""

    text: str
    cursor: int
    start: int
    offers: tuple[Offer, ...] = ()


class CompletionViewModel(QObject):
    """`offered(Offers)`; the log is sampled off the GUI thread, at the first question.

    `doubted(text, at, sentence)` when a filter that was applied names what no event has."""

    offered = Signal(object)
    doubted = Signal(str, int, str)

    def __init__(self, tasks: Tasks, selection: Selection) -> None:
        super().__init__()
        self._tasks, self._selection = tasks, selection
        self._names: Names | None = None
        self._asked = ("", 0)

    def ask(self, text: str, cursor: int) -> None:
        """What can stand at the cursor? Told later; only of the last question."""
        self._asked = (text, cursor)
        if self._is_fresh():
            self._tell()
        else:
            self._tasks.latest("filter words", _sampled, done=self._learn, failed=_pass_by)

    def check(self, text: str) -> None:
        """Whether its fields and types are those of some event; told later where one is not."""
        tree = typed(text).tree
        if tree is None:
            self._tasks.cancel("filter names")
            return
        work = partial(_unknown, where=tree)
        done = partial(self._doubt, text)
        self._tasks.latest("filter names", work, done=done, failed=_pass_by, restart=True)

    def _doubt(self, text: str, unknown: UnknownField | None) -> None:
        if unknown is not None:
            self.doubted.emit(text, unknown.at, unknown.sentence)

    def _is_fresh(self) -> bool:
        if self._names is None:
            return False
        newer = self._selection.head - self._names.head
        return newer <= max(LOOKED_AGAIN, self._names.head // 10)

    def _learn(self, names: Names) -> None:
        self._names = names
        self._tell()

    def _tell(self) -> None:
        text, cursor = self._asked
        expected = expected_at(text, cursor)
        offers = () if self._names is None else offers_for(self._names, expected, text)
        self.offered.emit(Offers(text=text, cursor=cursor, start=expected.start, offers=offers))


def offers_for(names: Names, expected: Expected, text: str = "") -> tuple[Offer, ...]:
    """The offers for a place, those first that begin as what was typed."""
    found = tuple(ranked(_candidates(names, expected, text), expected.prefix))[:OFFERED]
    is_there = len(found) == 1 and found[0].text == expected.prefix
    return () if is_there else found


def _candidates(names: Names, expected: Expected, text: str) -> Iterator[Offer]:
    match expected.place:
        case "field":
            root = "data." if expected.prefix.startswith("data.") else ""
            for name in names.fields:
                is_rooted = name in HELP or name.startswith(("data.", "metadata."))
                yield Offer(text=name if is_rooted else root + name, detail=HELP.get(name, ""))
        case "comparison":
            is_words = not typed(text).is_filter and bool(expected.prefix)
            known = () if is_words and len(expected.prefix) < 2 else COMPARISONS
            yield from (Offer(text=it, detail=HELP.get(it, "")) for it in known)
        case "state":
            yield from (Offer(text=it) for it in STATES)
        case "joint":
            yield from (Offer(text=it) for it in JOINTS)
        case "value":
            is_quoted = expected.prefix[:1] in ("'", '"')
            values = () if expected.field is None else names.values.get(expected.field, ())
            for value in values:
                is_in_quotes = is_quoted and isinstance(value, str)
                yield Offer(text=quoted(str(value)) if is_in_quotes else value_text(value))


def ranked(offers: Iterable[Offer], prefix: str) -> Iterator[Offer]:
    """Those that begin so, then those of which a key does, then those that hold it."""
    wanted = prefix.lower().lstrip("'\"")
    places: tuple[list[Offer], list[Offer], list[Offer]] = ([], [], [])
    for offer in offers:
        text = offer.text.lower().strip("'\"")
        if text.startswith(wanted):
            places[0].append(offer)
        elif f".{wanted}" in text:
            places[1].append(offer)
        elif wanted in text:
            places[2].append(offer)
    for place in places:
        yield from place


def _sampled(reads: Reads) -> Names:
    return sampled_names(reads.log)


def _unknown(reads: Reads, *, where: Tree) -> UnknownField | None:
    return unknown_name(reads.log, where)


def _pass_by(_error: Exception) -> None:
    """Nothing is offered; whoever lists the events tells what is wrong with the log."""
