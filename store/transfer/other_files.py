"""The first records of the other files, where several are looked into together."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec import Struct

from store.errors import UnknownFormat, UnreadableSource
from store.reading.format import Format, Record
from store.reading.source import Source
from store.shaping.chosen import chosen_format
from store.shaping.rules import ImportRules
from store.transfer.parts import choices_for, files_of, members_in

LOOKED_INTO: Final = 8  # files; a dry run reads all


class Others(Struct, frozen=True, kw_only=True):
    """The first file or member, and those behind it."""

    first: tuple[Path, str | None]
    more: tuple[tuple[Path, str | None], ...]
    choices: Mapping[str, str]

    def records(
        self, rules: ImportRules, *, named: str | Format | None, most: int, read: int
    ) -> Iterator[Record]:
        """As many of each as there is room for beside `read` of the first. What cannot be read
        gives none."""
        if rules.order in ("", "file"):
            most -= read
        for path, member in self.more:
            if most <= 0:
                return
            try:
                with Source(path, encoding=rules.encoding, member=member) as source:
                    format_ = chosen_format(source, rules, named=named).format
                    source.choices = choices_for(format_, dict(self.choices))
                    found = list(islice(format_.read(source), most))
            except (UnreadableSource, UnknownFormat):
                continue
            yield from found
            most -= len(found) if rules.order in ("", "file") else 0


def others_of(
    paths: Sequence[Path],
    choices: Mapping[str, str],
    rules: ImportRules,
    *,
    named: str | Format | None,
) -> Others:
    """What is named, apart from its first file that can be read. Raises UnreadableSource."""
    stated = dict(choices)
    files = files_of(paths)[:LOOKED_INTO]
    places = [(it, member) for it in files for member in members_in(it, stated)][:LOOKED_INTO]
    first = places[0]
    if len(places) > 1:
        first = next((it for it in places if _can_be_read(*it, rules, named)), first)
    more = tuple(it for it in places if it != first)
    return Others(first=first, more=more, choices=choices)


def _can_be_read(
    path: Path, member: str | None, rules: ImportRules, named: str | Format | None
) -> bool:
    try:
        with Source(path, encoding=rules.encoding, member=member) as source:
            chosen_format(source, rules, named=named)
    except (UnreadableSource, UnknownFormat):
        return False
    return True
