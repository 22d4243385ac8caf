"""What a person may decide before a file is read: declared by its format, checked with the file."""

from dataclasses import dataclass
from typing import Final

from store.errors import UnknownChoice
from store.reading.format import Choice, Format, Options
from store.reading.packed import ALL, LIMITED, MEMBER, UNLIMITED, UNPACK, UNPACK_TITLE
from store.reading.source import Source
from store.words import said

NOTHING: Final = Options(values=(), default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A choice of a format, with the options that are found in a file."""

    name: str  # as in --choice NAME=VALUE
    title: str  # the question, for people
    values: tuple[str, ...]
    default: str
    chosen: str


def offers(format_: Format, source: Source) -> tuple[Offer, ...]:
    """What can be decided about a file; a choice that has no options in it is left out.

    Raises UnknownChoice when the source was opened with a choice that is not among them, and
    what reading raises.
    """
    found = tuple(it for it in _all(format_, source) if it.values)
    by_name = {it.name: it for it in found}
    for name, value in source.choices.items():
        if name in _NAMES_OF_PACKED and name not in by_name:
            continue  # it is stated of several files, and this one is not packed
        if name not in by_name:
            raise UnknownChoice(
                said("{title} has no choice {name!r}", title=format_.title, name=name),
                _names(found),
            )
        if value not in by_name[name].values:
            reason = said(
                "{name} cannot be {value!r} for {path}", name=name, value=value, path=source.path
            )
            raise UnknownChoice(reason, by_name[name].values)
    return found


def require_offered(format_: Format, source: Source) -> None:
    """Raises UnknownChoice like `offers`; without choices it does not look into the file."""
    if source.choices:
        offers(format_, source)


def of_format(format_: Format) -> frozenset[str]:
    """The names of all that may be chosen of a file of a format."""
    return frozenset(it.name for it in (*_OF_PACKED, *format_.choices))


def _members(source: Source) -> Options:
    """Of an archive with several files: each of them, or all."""
    if len(source.members) < 2:
        return NOTHING
    return Options(values=(ALL, *source.members), default=ALL)


def _limits(source: Source) -> Options:
    """Of a packed file: whether it may become as large as it likes."""
    return Options(values=(LIMITED, UNLIMITED), default=LIMITED) if source.packing else NOTHING


def _all(format_: Format, source: Source) -> list[Offer]:
    found = []
    for choice in (*_OF_PACKED, *format_.choices):
        options = choice.options(source)
        found.append(
            Offer(
                name=choice.name,
                title=choice.title,
                values=options.values,
                default=options.default,
                chosen=source.choices.get(choice.name, options.default),
            )
        )
    return found


_OF_PACKED: Final = (
    Choice(name=MEMBER, title=said("Files of the archive"), options=_members),
    Choice(name=UNPACK, title=UNPACK_TITLE, options=_limits),
)
_NAMES_OF_PACKED: Final = frozenset(it.name for it in _OF_PACKED)


def _names(found: tuple[Offer, ...]) -> tuple[str, ...]:
    return tuple(it.name for it in found)
