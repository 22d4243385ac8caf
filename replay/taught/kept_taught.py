"""What was taught of a log, kept as text beside it: every version of every category."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from replay.beside_log import BesideLog
from replay.taught.shape import require_sound
from replay.taught.steps import Step, Taught, Types, WrongTeaching
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.place import Place
from store.times import format_moment, now_us

FILE: Final = BesideLog[tuple[Taught, ...]](
    "-taught.json",
    tuple[Taught, ...],
    empty=tuple,
    what=said("the taught states file"),
    wrong=WrongTeaching,
)
_BYTE: Final = re.compile(r"\(byte (\d+)\)")


class TaughtMeanwhile(StoreError):
    """Somebody else has kept a version since what is to be kept was begun: `newest`."""

    hint = said("Look at theirs with: main.py teach STORE CATEGORY. --after N saves yours over it.")

    def __init__(self, newest: Taught) -> None:
        super().__init__(
            said(
                "version {version} of {category} was saved meanwhile, by {by} at {at}",
                version=newest.version,
                category=newest.category,
                by=newest.by or "?",
                at=newest.at,
            )
        )
        self.newest = newest


class UnknownVersion(StoreError):
    """A category has no such version, or was never taught."""

    hint = said("Choose another one. List them with: main.py teach STORE CATEGORY --versions")


def load(place: Place) -> tuple[Taught, ...]:
    """Every version, by category and number; none without a file. Raises WrongTeaching for a file
    that cannot be used, and names the place in it: nothing in it is lost."""
    found = read(place)
    for it in newest_of(found):
        require_usable(it)
    return found


def read(place: Place) -> tuple[Taught, ...]:
    """As `load`, and what the newest versions say is not looked at. Raises WrongTeaching."""
    try:
        found = FILE.load(place)
    except WrongTeaching as error:
        raise WrongTeaching(_with_place(place, str(error))) from error
    seen = set[tuple[str, int]]()
    for it in found:
        if (it.category, it.version) in seen:
            raise WrongTeaching(
                said(
                    "the taught states file has version {version} of {category} twice: {place}",
                    version=it.version,
                    category=it.category,
                    place=FILE.path(place),
                )
            )
        seen.add((it.category, it.version))
    return tuple(sorted(found, key=lambda it: (it.category, it.version)))


def newest_of(found: Sequence[Taught]) -> list[Taught]:
    """What counts: the newest version of each category, those that are taught no longer left
    out."""
    newest = {it.category: it for it in sorted(found, key=lambda it: it.version)}
    return [it for it in newest.values() if it.types]


def current(place: Place, category: str) -> Taught | None:
    """What counts of one category. Raises WrongTeaching."""
    return next((it for it in newest_of(load(place)) if it.category == category), None)


def versions(place: Place, category: str) -> tuple[Taught, ...]:
    """All of one category, the oldest first. Raises UnknownVersion, WrongTeaching."""
    found = tuple(it for it in read(place) if it.category == category)
    if not found:
        raise UnknownVersion(
            said("nothing has been taught for the category {category!r}", category=category)
        )
    return found


def version(place: Place, category: str, number: int) -> Taught:
    """One of them. Raises UnknownVersion, WrongTeaching."""
    found = versions(place, category)
    for it in found:
        if it.version == number:
            return it
    raise UnknownVersion(
        said(
            "{category} has no version {number}; it has 1 to {count}",
            category=category,
            number=number,
            count=len(found),
        )
    )


def newest_number(place: Place, category: str) -> int:
    """Of all versions of a category; 0 where there is none. Raises WrongTeaching."""
    return max((it.version for it in read(place) if it.category == category), default=0)


def save(
    place: Place,
    category: str,
    types: Types,
    *,
    by: str,
    note: str = "",
    after: int | None = None,
) -> Taught:
    """Keep this as the newest version of a category; without types it is taught no longer. What
    says the same as the newest one is no new version. `after`: the number of the version that was
    the newest when this was begun, 0 for none. Raises TaughtMeanwhile where another one is;
    WrongTeaching, StoreReadOnly, DiskFull."""
    found = read(place)
    known = [it for it in found if it.category == category]
    newest = known[-1] if known else None
    taught = Taught(
        category=category,
        version=newest.version + 1 if newest else 1,
        at=format_moment(now_us()),
        by=by,
        note=note,
        types=types,
    )
    if newest is not None and _text(newest.types) == _text(types):
        return newest
    if newest is not None and after is not None and newest.version != after:
        raise TaughtMeanwhile(newest)
    require_usable(taught)

    def with_it(now: tuple[Taught, ...]) -> tuple[Taught, ...]:
        for it in now:
            if it.category == category and it.version >= taught.version:
                raise TaughtMeanwhile(it)
        return (*now, taught)

    FILE.change(place, with_it, why=note)
    return taught


def put_back(
    place: Place, category: str, number: int, *, by: str, after: int | None = None
) -> Taught:
    """Make an older version the newest one again, under a number of its own. Raises
    UnknownVersion, and what `save` does."""
    older, note = version(place, category, number), f"version {number} again"
    return save(place, category, older.types, by=by, note=note, after=after)


def require_usable(taught: Taught) -> None:
    """Raises WrongTeaching with the category, the type and the step."""
    try:
        _require_category(taught.category)
        require_sound(taught.types)
    except WrongTeaching as error:
        raise WrongTeaching(
            said(
                "{category}, version {version}: {error}",
                category=taught.category,
                version=taught.version,
                error=error,
            )
        ) from None


def types_in(value: Any, what: str) -> Types:
    """What a JSON value says of event types. Raises WrongTeaching with the type and the step."""
    if not isinstance(value, dict):
        raise WrongTeaching(said("{what} is not an object of event types", what=what))
    found: dict[str, tuple[Step, ...]] = {}
    for name, steps in value.items():
        if not isinstance(steps, list):
            raise WrongTeaching(
                said("{what}, {name}: its steps are not a list", what=what, name=name)
            )
        found[name] = tuple(
            _step_in(it, said("{what}, {name}, step {number}", what=what, name=name, number=number))
            for number, it in enumerate(steps, 1)
        )
    return found


def types_from(text: bytes, what: str) -> Types:
    """The same of a JSON text. Raises WrongTeaching with the line, or with the type and step."""
    try:
        found = json_text.decode_plain(text)
    except (*json_text.REFUSALS, UnicodeError) as error:
        raise WrongTeaching(
            said(
                "{what} is not valid JSON ({error}){text}",
                what=what,
                error=error,
                text=_line(text, str(error)),
            )
        ) from None
    return types_in(found, what)


def text_of(types: Types) -> str:
    """What `types_from` reads, a step a line or more, for a person."""
    return msgspec.json.format(_text(types), indent=1)


def _step_in(value: Any, where: str) -> Step:
    try:
        step: Step = msgspec.convert(value, Step)
    except msgspec.ValidationError as error:
        raise WrongTeaching(f"{where}: {error}") from None
    return step


def _require_category(category: str) -> None:
    if not category.strip() or category != category.strip() or category.endswith("-"):
        raise WrongTeaching(
            said(
                "a category is the part of a stream name before the dash: {category!r}",
                category=category,
            )
        )


def _text(types: Types) -> str:
    return json_text.encode(msgspec.to_builtins(types, builtin_types=(Decimal,)))


def _with_place(place: Place, sentence: str) -> str:
    """The same, with the place in words where it can be told."""
    path = FILE.path(place)
    text = path.read_bytes()
    if where := _line(text, sentence):
        return sentence + where
    return next(_wrong_steps(text), sentence) + ("" if str(path) in sentence else f": {path}")


def _line(text: bytes, sentence: str) -> str:
    """Where in a text the byte is that a sentence names; empty where it names none."""
    found = _BYTE.search(sentence)
    if found is None:
        return ""
    before = text[: int(found[1])]
    line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
    return said(" at line {line}, character {column}", line=line, column=column)


def _wrong_steps(text: bytes) -> Iterator[str]:
    """Sentences of the steps that cannot be read."""
    try:
        found = json_text.decode(text)
    except ValueError:
        return
    for number, it in enumerate(found if isinstance(found, list) else [], 1):
        if not isinstance(it, dict):
            continue
        where = said(
            "{name}, version {version}",
            name=it.get("category", said("entry {number}", number=number)),
            version=it.get("version", "?"),
        )
        try:
            types_in(it.get("types", {}), where)
        except WrongTeaching as error:
            yield said("the taught states file cannot be used ({error})", error=error)


def facts_of(taught: Taught) -> dict[str, Any]:
    """One version as a JSON value."""
    found: dict[str, Any] = msgspec.to_builtins(taught, builtin_types=(Decimal,))
    return found
