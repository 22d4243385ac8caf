"""What the page of definitions reads from the journal, as rows and values. Reader threads."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from gui.viewmodels.value_text import cell_text
from gui.words import said
from gui.work.reads import Reads

if TYPE_CHECKING:
    from replay.definition_journal import Entry, Journal
    from replay.definitions.history import Difference

# replay.definitions names every kind of definition there is: it is imported when a page asks for
# it, and not when the window starts.

Against: TypeAlias = int | Literal["before", "now"]
LISTED: Final = 1_000  # changes, the newest; differences
SIGNS: Final = {"added": "+", "removed": "−", "changed": "~"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the page shows."""

    kind: str  # empty: every one
    number: int | None  # of a change; None, or one that is not listed: the newest
    against: Against


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change, for a list."""

    number: int
    at: str
    kind: str
    how: str
    by: str
    definitions: str
    why: str
    is_current: bool  # what it made so is so now


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One definition, or one field of it, that differs."""

    sign: str
    name: str
    field: str
    one: str  # in what it is compared with
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """The change that a person chose."""

    number: int
    kind: str
    value: dict[str, Any]  # the definitions after it, by name
    files: tuple[str, ...]  # that they name, each with what became of it
    against: Against
    others: tuple[tuple[int, str], ...]  # changes of its kind that it can be compared with
    differences: tuple[DifferenceRow, ...]
    count: int  # of the differences, listed or not
    headings: tuple[str, str]  # of the two sides
    names: tuple[str, ...]  # of the definitions that are others now, or were before the change
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was read at once; `kinds` are those that have changes."""

    rows: tuple[ChangeRow, ...] = ()
    count: int = 0
    kinds: tuple[str, ...] = ()
    broken: int = 0  # the first change that is not as it was written
    shown: ShownChange | None = None
    why_not: str = ""  # nothing can be restored


def look(reads: Reads, *, question: Question) -> Looked:
    """The journal of the log, newest change first. Raises StoreBusy, OSError."""
    from replay.definitions.history import history

    place = reads.log.place
    journal = history(place)
    newest = {it.kind: it.number for it in journal.entries}
    listed = [it for it in reversed(journal.entries) if question.kind in ("", it.kind)]
    rows = tuple(
        _row(journal, it, is_current=newest[it.kind] == it.number) for it in listed[:LISTED]
    )
    chosen = next((it for it in listed if it.number == question.number), None)
    chosen = chosen or (listed[0] if listed else None)
    why_not = said("The log can only be read. Nothing can be restored.")
    return Looked(
        rows=rows,
        count=len(listed),
        kinds=tuple(sorted(newest)),
        broken=journal.broken,
        shown=_shown(journal, chosen, question.against) if chosen is not None else None,
        why_not=why_not if place.only_read else "",
    )


def restored(
    reads: Reads, *, number: int, is_before: bool, name: str | None, why: str
) -> tuple[str, ...]:
    """Put a change back; the names of what that changed. Raises as
    replay.definitions.history.restore does."""
    from replay.definitions.history import entry_of, history, restore

    place = reads.log.place
    journal = history(place)
    entry = entry_of(journal, number)
    return tuple(
        it.name for it in restore(place, journal, entry, name=name, is_before=is_before, why=why)
    )


def kind_words(kind: str) -> str:
    """A kind, for a person: `built views`."""
    return kind.replace("-", " ")


def _row(journal: "Journal", it: "Entry", *, is_current: bool) -> ChangeRow:
    from replay.definition_journal import HOWS
    from replay.definitions.history import before, differences

    changed = differences(before(journal, it), it.text)
    return ChangeRow(
        number=it.number,
        at=_second(it.at),
        kind=kind_words(it.kind),
        how=HOWS[it.how],
        by=it.by or "–",
        definitions=", ".join(f"{SIGNS[one.sign]}{one.name}" for one in changed),
        why=it.why,
        is_current=is_current,
    )


def _shown(journal: "Journal", it: "Entry", against: Against) -> ShownChange:
    from replay.definitions.history import before, differences, now
    from replay.definitions.kinds import parts

    same_kind = [one for one in journal.entries if one.kind == it.kind]
    texts = {one.number: one.text for one in same_kind if one.number != it.number}
    if isinstance(against, int) and against not in texts:
        against = "before"
    current, earlier = now(journal, it.kind), before(journal, it)
    other = {"before": earlier, "now": current}.get(str(against)) or ""
    if isinstance(against, int):
        other = texts[against]
    here = said("after change {number:,}", number=it.number)
    there = _side(against)
    is_later = against == "now" or (isinstance(against, int) and against > it.number)
    one, two = (it.text, other) if is_later else (other, it.text)
    found = [row for each in differences(one, two) for row in _differences(each)]
    changed = [*differences(it.text, current), *differences(earlier, current)]
    return ShownChange(
        number=it.number,
        kind=kind_words(it.kind),
        value=parts(it.text),
        files=tuple(_file(path, digest) for path, digest in it.files.items()),
        against=against,
        others=tuple(
            (each.number, f"{each.number:,} · {_second(each.at)}")
            for each in reversed(same_kind)
            if each.number != it.number
        )[:LISTED],
        differences=tuple(found[:LISTED]),
        count=len(found),
        headings=(here, there) if is_later else (there, here),
        names=tuple(sorted({each.name for each in changed if each.name})),
        is_current=it.text == current,
    )


def _second(at: str) -> str:
    """A moment, without parts of a second and the zone, which is UTC."""
    return at.partition(".")[0].replace("T", " ")


def _side(against: Against) -> str:
    if against == "now":
        return said("now")
    if against == "before":
        return said("before it")
    return said("after change {number:,}", number=against)


def _differences(it: "Difference") -> list[DifferenceRow]:
    """A definition that came or went in one row, one that changed in a row for each field."""
    from replay.states.diff import path_text

    sign = SIGNS[it.sign]
    if it.sign == "changed" and it.changes:
        return [
            DifferenceRow(
                sign=sign,
                name=it.name,
                field=path_text(one.path),
                one=_text(one.before),
                other=_text(one.after),
            )
            for one in it.changes
        ]
    one = "" if it.sign == "added" else _text(it.before)
    other = "" if it.sign == "removed" else _text(it.after)
    return [DifferenceRow(sign=sign, name=it.name, field="", one=one, other=other)]


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return cell_text(json.dumps(value, ensure_ascii=False))
    return cell_text(value)


def _file(path: str, digest: str) -> str:
    """A file that was named, by its hash: it is run only as it was trusted."""
    try:
        is_same = hashlib.sha256(Path(path).read_bytes()).hexdigest() == digest
    except OSError:
        state = said("not there now")
    else:
        state = said("unchanged since") if is_same else said("changed since")
    return said("{path} (SHA-256 {digest:.12}…, {state})", path=path, digest=digest, state=state)
