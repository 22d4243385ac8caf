"""What is new in an event, on one line: the fields that tell it from others of its type and from
the event before it in its stream."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Final, TypeAlias

from replay.words import counted
from store import json_text
from store.number_text import number_text
from store.times import parse_moment

Path: TypeAlias = tuple[str, ...]
Leaves: TypeAlias = Mapping[Path, Any]

LONGEST: Final = 160  # characters
MOST_LEAVES: Final = 64  # values of one event that are looked at
DEEPEST: Final = 6
LABELS: Final = 2  # keys of a path that are shown: address.city
FEWEST: Final = 5  # events of a type, to call a field of it constant
ITEMS: Final = 3  # of a list that is written out
ITEM_FIELDS: Final = 3
ITEM_LENGTH: Final = 32
TEXT_LENGTH: Final = 60  # of one value
BETWEEN: Final = " · "


def leaves(value: Any) -> Leaves:
    """The values inside an object by their paths; a list counts as one value."""
    return dict(islice(_leaves(value, ()), MOST_LEAVES)) if isinstance(value, dict) else {}


def constants(samples: Sequence[Leaves]) -> Leaves:
    """What all events of a type say alike, as far as these few show; nothing of too few."""
    if len(samples) < FEWEST:
        return {}
    first, *others = samples
    return {
        path: value
        for path, value in first.items()
        if all(path in it and _same(it[path], value) for it in others)
    }


def summary(
    value: Any,
    *,
    stream: str,
    before: Leaves,
    usual: Leaves,
    times_us: Iterable[int] = (),
) -> str:
    """The new fields of a payload. Left out is what names the stream, what is `usual` in all
    events of the type, times that are the event's own, and what repeats the event `before` in the
    stream; where an event repeats it all, that is what it says."""
    if not isinstance(value, dict):
        return one_line(short(value))
    own = _own_names(stream)
    told = {
        path: it
        for path, it in leaves(value).items()
        if not _names(path, it, own)
        and not (isinstance(it, list) and it and not _without(it, own))
        and not (path in usual and _same(usual[path], it))
        and not _is_time(it, times_us)
    }
    fresh = {
        path: it for path, it in told.items() if path not in before or not _same(before[path], it)
    }
    parts = (
        f"{_label(path, own)} {short(_without(it, own) if isinstance(it, list) else it)}".strip()
        for path, it in (fresh or told).items()
    )
    return _joined(one_line(it) for it in parts)


def short(value: Any) -> str:
    """A value in a few words: short items of a list, else how many there are."""
    if isinstance(value, str):
        return _cut(_moment(value) or value, TEXT_LENGTH)
    if isinstance(value, bool) or value is None:
        return json_text.encode(value)
    if isinstance(value, int | Decimal):
        return number_text(value)
    if isinstance(value, list):
        return _items(value)
    return _fields(value) if isinstance(value, dict) else _cut(str(value), TEXT_LENGTH)


def one_line(text: str) -> str:
    """A text without line breaks, cut where it is too long."""
    return _cut(" ".join(text.split()), LONGEST)


def _leaves(value: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, item in value.items():
        here = (*path, key)
        if isinstance(item, dict) and item and len(here) < DEEPEST:
            yield from _leaves(item, here)
        else:
            yield here, item


def _same(one: Any, other: Any) -> bool:
    """A truth is never a number; 1 and 1.0 are."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _own_names(stream: str) -> frozenset[str]:
    """What the stream is called, with and without its category."""
    return frozenset({stream.casefold(), stream.partition("-")[2].casefold()} - {""})


def _names(path: Path, value: Any, own: frozenset[str]) -> bool:
    """Whether a value is the stream's own id again. A number is one under the name of an id."""
    if isinstance(value, str):
        return value.casefold() in own
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and path[-1].casefold().endswith("id") and str(value) in own


def _without(items: list[Any], own: frozenset[str]) -> list[Any]:
    """The items of a short list but for the stream's own names, in objects too."""
    if len(items) > ITEMS:
        return items
    kept = (_bare(it, own) if isinstance(it, dict) else it for it in items)
    return [it for it in kept if it != {} and not (isinstance(it, str) and it.casefold() in own)]


def _bare(item: dict[str, Any], own: frozenset[str]) -> dict[str, Any]:
    return {key: it for key, it in item.items() if not _names((key,), it, own)}


def _is_time(value: Any, times_us: Iterable[int]) -> bool:
    """Whether a value is one of the event's own times, which have columns."""
    if not isinstance(value, str) or not value[:4].isdecimal():
        return False
    try:
        return parse_moment(value).at_us in times_us
    except ValueError:
        return False


def _moment(text: str) -> str:
    """A time, down to its seconds; empty when the text is none."""
    if len(text) < 20 or text[4:5] != "-" or text[10:11] not in "Tt":
        return ""
    try:
        parse_moment(text)
    except ValueError:
        return ""
    return f"{text[:10]} {text[11:19]}"


def _label(path: Path, own: frozenset[str]) -> str:
    """The last keys of a path; one that is the stream's own id says nothing."""
    keys = [it for it in path if it.casefold() not in own]
    return ".".join(_cut(it, TEXT_LENGTH) for it in keys[-LABELS:])


def _items(value: list[Any]) -> str:
    """Plain items, or objects of a few plain fields, when they are few; else how many."""
    if value and len(value) <= ITEMS:
        texts = [_item(it) for it in value]
        if all(it and len(it) <= ITEM_LENGTH for it in texts):
            return ", ".join(texts)
    return counted("1 item", "{count:,} items", len(value))


def _item(value: Any) -> str:
    """One item of a list; empty when it is too much for a line."""
    if isinstance(value, dict):
        plain = [it for it in value.values() if not isinstance(it, dict | list)]
        is_small = 0 < len(plain) == len(value) <= ITEM_FIELDS
        return " ".join(short(it) for it in plain) if is_small else ""
    return "" if isinstance(value, list) else short(value)


def _fields(value: dict[str, Any]) -> str:
    return "{}" if not value else counted("1 field", "{count:,} fields", len(value))


def _joined(parts: Iterable[str]) -> str:
    """As many whole parts as there is room for; the first one in any case."""
    text = ""
    for part in parts:
        more = f"{text}{BETWEEN}{part}" if text else part
        if len(more) > LONGEST - len(BETWEEN) - 1 and text:
            return f"{text}{BETWEEN}…"
        text = more
    return text


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
