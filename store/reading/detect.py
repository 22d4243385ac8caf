"""Which format a file has, told by its content; its name only breaks ties."""

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

import store.formats
from store.errors import UnknownFormat
from store.reading.format import Format, UnreadFormat
from store.reading.packed_names import without_packing
from store.reading.sample import Sample
from store.reading.signs import confidence_of
from store.reading.source import Source
from store.words import said

ENOUGH: Final = 0.3  # confidence below which a format is not even proposed
TIE_BREAK: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The likeliest format, and the others that are possible, likeliest first."""

    format: Format
    confidence: float
    others: tuple[tuple[Format, float], ...]
    advice: str  # for a person who doubts it; empty when there is nothing to doubt


def formats() -> tuple[Format, ...]:
    """Every format whose files hold events as such, by name."""
    return tuple(it for it in _declared() if isinstance(it, Format) and not it.is_bare)


def bare_formats() -> tuple[Format, ...]:
    """Every format of records that say neither stream nor type, by name."""
    return tuple(it for it in _declared() if isinstance(it, Format) and it.is_bare)


def bare_in(source: Source) -> Format | None:
    """The format of a file's records, whatever they are about; None where they are none."""
    ranked = [(confidence_of(it.signs, source.sample), it) for it in bare_formats()]
    sure, best = max(ranked, key=lambda it: it[0])
    return best if sure >= ENOUGH else None


def unread_formats() -> tuple[UnreadFormat, ...]:
    """Every format that is known and not read yet, by name."""
    return tuple(it for it in _declared() if isinstance(it, UnreadFormat))


@cache
def _declared() -> tuple[Format | UnreadFormat, ...]:
    """What the files in store/formats define as FORMAT."""
    modules = pkgutil.iter_modules(store.formats.__path__, f"{store.formats.__name__}.")
    found = [import_module(module.name).FORMAT for module in modules]
    return tuple(sorted(found, key=lambda it: it.name))


def format_named(name: str) -> Format:
    """The format with this name or alias. Raises UnknownFormat, which lists those there are."""
    for it in (*formats(), *bare_formats()):
        if name.lower() in (it.name, *it.aliases):
            return it
    error = UnknownFormat(said("there is no format with this name"), Path(name))
    known = sorted(it.name for it in (*formats(), *bare_formats()))
    error.hint = said("Choose one of: {known}.", known=", ".join(known))
    raise error


def detect(path: Path) -> Detection:
    """The format of a file. Raises UnreadableSource, UnknownFormat."""
    with Source(path) as source:
        return detect_in(source)


def detect_in(source: Source) -> Detection:
    """The format of an open file.

    Raises UnknownFormat, which says what the file looks like and what to do about it, and
    UnreadableSource of JSON that is none.
    """
    sample = source.sample
    ranked, unread, likeness = _ranked(sample)
    if max(ranked[0][1], likeness) < ENOUGH and (closer := source.closer_look()) is not None:
        ranked, unread, likeness = _ranked(closer)
    best, confidence = ranked[0]
    if likeness > confidence or confidence < ENOUGH:
        raise _refusal(unread if likeness else None, source.path)
    others = tuple(it for it in ranked[1:] if it[1] >= ENOUGH)
    return Detection(
        format=best, confidence=confidence, others=others, advice=_advice(best, confidence, others)
    )


def _ranked(sample: Sample) -> tuple[list[tuple[Format, float]], UnreadFormat, float]:
    """The formats, likeliest first; and the likeliest of those that are not read."""
    ranked = sorted(_confidences(sample), key=lambda it: it[1], reverse=True)
    return ranked, *_likeliest_unread(sample)


def _likeliest_unread(sample: Sample) -> tuple[UnreadFormat, float]:
    found = ((it, confidence_of(it.signs, sample)) for it in unread_formats())
    return max(found, key=lambda it: it[1])


def _refusal(unread: UnreadFormat | None, path: Path) -> UnknownFormat:
    if unread is None:
        return UnknownFormat(said("the format of this file was not recognised"), path)
    error = UnknownFormat(said("this looks like {title}", title=unread.title), path)
    error.hint = unread.advice
    return error


def _confidences(sample: Sample) -> list[tuple[Format, float]]:
    return [(it, _confidence(it, sample)) for it in formats()]


def _confidence(format_: Format, sample: Sample) -> float:
    """From content; the file's name adds too little to overrule another format's content."""
    sure = confidence_of(format_.signs, sample)
    has_suffix = without_packing(sample.name.lower()).endswith(format_.suffixes)
    return min(sure + TIE_BREAK * has_suffix, 1.0) if sure else 0.0


def _advice(best: Format, confidence: float, others: tuple[tuple[Format, float], ...]) -> str:
    if others and others[0][1] > confidence - 0.2:
        return said("It could also be {title}.", title=others[0][0].title)
    if confidence < 0.8:
        return said(
            "Only part of the file looks like {title}. Check the preview.", title=best.title
        )
    return ""
