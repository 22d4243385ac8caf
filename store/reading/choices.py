"""What a person may decide before a file is read: declared by its format, checked with the file."""

from dataclasses import dataclass

from store.errors import UnknownChoice
from store.reading.format import Format
from store.reading.source import Source


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
        if name not in by_name:
            raise UnknownChoice(f"{format_.title} has no choice {name!r}", _names(found))
        if value not in by_name[name].values:
            reason = f"{name} cannot be {value!r} for {source.path}"
            raise UnknownChoice(reason, by_name[name].values)
    return found


def require_offered(format_: Format, source: Source) -> None:
    """Raises UnknownChoice like `offers`; without choices it does not look into the file."""
    if source.choices:
        offers(format_, source)


def _all(format_: Format, source: Source) -> list[Offer]:
    found = []
    for choice in format_.choices:
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


def _names(found: tuple[Offer, ...]) -> tuple[str, ...]:
    return tuple(it.name for it in found)
