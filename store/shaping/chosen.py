"""The format that a file is read by: named, found, or that of bare records with a mapping."""

from typing import Final

from store.errors import UnknownFormat, WrongRules
from store.reading.detect import Detection, bare_in, detect_in, format_named
from store.reading.format import Format
from store.reading.source import Source
from store.shaping.mapping import WANTED
from store.shaping.rules import ImportRules
from store.words import said

_HINT: Final = said(" Or map the fields of its records to stream and type, with --map.")
_WANTED: Final = said("say which field names the {}")


def chosen_format(
    source: Source, rules: ImportRules, *, named: str | Format | None, is_mapping: bool = False
) -> Detection:
    """The format, and how sure it is. Bare records are read as such when the rules map their stream
    and type, or while somebody is about to (`is_mapping`).

    Raises UnknownFormat, UnreadableSource.
    """
    if named or rules.format:
        named = named or rules.format
        format_ = format_named(named) if isinstance(named, str) else named
        return Detection(format=format_, confidence=1.0, others=(), advice="")
    try:
        return detect_in(source)
    except UnknownFormat as error:
        bare = bare_in(source)
        if bare is None:
            raise
        if is_mapping or not unmapped(bare, rules):
            return Detection(format=bare, confidence=0.0, others=(), advice=str(error))
        error.hint += _HINT
        raise


def require_text(source: Source, rules: ImportRules) -> None:
    """Raises WrongRules where an encoding is named for a file that is no text."""
    if rules.encoding and source.sample.shape == "sqlite":
        raise WrongRules([("encoding", said("a SQLite file declares its own encoding"))])


def unmapped(format_: Format, rules: ImportRules) -> tuple[tuple[str, str], ...]:
    """What the rules have to say of bare records, and do not."""
    missing = [it for it in WANTED if it not in rules.map] if format_.is_bare else []
    return tuple((f"map.{it}", _WANTED.format(it)) for it in missing)


def require_mapped(format_: Format, rules: ImportRules) -> None:
    """Raises WrongRules."""
    if missing := unmapped(format_, rules):
        raise WrongRules(missing)
