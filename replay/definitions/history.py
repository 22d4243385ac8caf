"""The history of the definitions of a log: what changed, what was so once, and the way back."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from replay.definition_journal import Entry, Journal, read
from replay.definitions.kinds import KINDS, joined, kind_of, parts, place_of
from replay.states.diff import Change, diff
from replay.words import said
from store.errors import StoreError
from store.place import Place

Sign: TypeAlias = Literal["added", "removed", "changed"]


class UnknownChange(StoreError):
    """The journal has no such entry, or the entry no such definition."""

    hint = said("List the changes, and choose one of them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One definition that is another one than it was."""

    name: str
    sign: Sign
    before: Any  # None where there was none
    after: Any
    changes: tuple[Change, ...] = ()  # of its fields, where it was changed


def history(place: Place) -> Journal:
    """Every change, oldest first, after what was changed by hand was noted. Of a log that this
    account may only read, as far as it was noted. Raises StoreBusy, OSError."""
    if not place.only_read:
        for kind in KINDS:
            kind.note(place)
    return read(place)


def entry_of(journal: Journal, number: int) -> Entry:
    """Raises UnknownChange."""
    for it in journal.entries:
        if it.number == number:
            return it
    raise UnknownChange(
        said(
            "there is no change {number}: they are numbered from 1 to {count}",
            number=number,
            count=len(journal.entries),
        )
    )


def before(journal: Journal, entry: Entry) -> str:
    """The text of the kind before an entry."""
    older = (it.text for it in reversed(journal.entries) if _is_before(it, entry))
    return next(older, "")


def now(journal: Journal, kind: str) -> str:
    """The text that a kind has now."""
    last = journal.last(kind)
    return last.text if last else ""


def differences(old: str, new: str) -> list[Difference]:
    """Of two texts of one kind, by the names of the definitions."""
    was, is_ = parts(old), parts(new)
    found = []
    for name in sorted({*was, *is_}):
        one, other = was.get(name), is_.get(name)
        if name not in was:
            found.append(Difference(name=name, sign="added", before=None, after=other))
        elif name not in is_:
            found.append(Difference(name=name, sign="removed", before=one, after=None))
        elif one != other:
            changes = tuple(diff(one, other))
            found.append(
                Difference(name=name, sign="changed", before=one, after=other, changes=changes)
            )
    return found


def restore(
    place: Place,
    journal: Journal,
    entry: Entry,
    *,
    name: str | None = None,
    is_before: bool = False,
    why: str = "",
) -> list[Difference]:
    """Make the kind of an entry what it was after it (or before it), or only one definition of
    it; what that changed. Raises UnknownChange for a name that is neither there nor was, and what
    writing the definition raises."""
    text, current = (
        before(journal, entry) if is_before else entry.text,
        now(read(place), entry.kind),
    )
    if name is not None:
        text = _with_one(text, current, name)
    changed = differences(current, text)
    if changed:
        kind_of(entry.kind).restore(place_of(place, entry.kind), text, why=why)
    return changed


def _with_one(text: str, current: str, name: str) -> str:
    then, found = parts(text), parts(current)
    if name not in then and name not in found:
        raise UnknownChange(said("there is no definition {name!r} in it", name=name))
    if name in then:
        found[name] = then[name]
    else:
        del found[name]
    return joined(current or text, found)


def _is_before(one: Entry, entry: Entry) -> bool:
    return one.kind == entry.kind and one.number < entry.number
