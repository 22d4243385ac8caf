"""What is named as the source of an import, as the files that it is: a folder, or an archive with
several files, stands for what is in it."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from store.errors import UnreadableSource
from store.reading.choices import of_format
from store.reading.format import Format
from store.reading.git_history import is_git
from store.reading.packed import ALL, MEMBER
from store.reading.source import Source
from store.transfer.answer_file import SUFFIX as ANSWERS
from store.transfer.new_name import SUFFIX as STORE
from store.words import said


class Part(Struct, kw_only=True):
    """One file of several. What reading it finds out is kept: it is open only meanwhile."""

    path: Path
    member: str | None
    name: str  # for people, other than those of the others
    format: Format
    choices: dict[str, str]
    bytes: int
    sha256: str = ""  # once it was read
    notes: dict[str, object]

    def opened(self, encoding: str) -> Source:
        """Its source. Raises UnreadableSource."""
        return Source(self.path, choices=self.choices, encoding=encoding, member=self.member)


def files_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Every file that is named, and in place of a folder those in it and in the folders in it, by
    name, numbers in names by their value. Links, hidden files, stores and recorded answers are left
    out. Raises UnreadableSource for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if is_git(path) or not path.is_dir():
            found.append(path)
            continue
        inside = sorted(_in_folder(path), key=_by_numbers)
        if not inside:
            raise UnreadableSource(said("there is no file to import in this folder"), path)
        found += inside
    return tuple(found)


def members_in(path: Path, choices: dict[str, str]) -> tuple[str | None, ...]:
    """The files of an archive of which all are wanted; (None,) of a file as it is. Raises
    UnreadableSource."""
    if choices.get(MEMBER, ALL) != ALL:
        return (choices[MEMBER],)
    with Source(path) as source:
        found = source.members
    return found if len(found) > 1 else (None,)


def choices_for(format_: Format, choices: dict[str, str]) -> dict[str, str]:
    """Those that a format leaves open; what is stated for the others is not its own."""
    names = of_format(format_)
    return {name: value for name, value in choices.items() if name in names and name != MEMBER}


def _in_folder(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [it for it in folders if not it.startswith(".")]
        for name in names:
            path = Path(place, name)
            is_beside = name.startswith(".") or name.endswith(ANSWERS) or f"{STORE}-" in name
            if not is_beside and path.suffix != STORE and path.is_file() and not path.is_symlink():
                yield path


def _by_numbers(path: Path) -> list[tuple[int, str]]:
    """part-2 comes before part-10."""
    words = re.split(r"(\d+)", str(path))
    return [(int(it), "") if it.isdecimal() else (-1, it) for it in words]
