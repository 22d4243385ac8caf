"""JSON text over lines, as much of it as is wanted: a document may be of any size, and so may one
value in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gui.words import counted, said

BEGINNING: Final = 100_000  # characters of a document that are laid out at once
LONGEST_VALUE: Final = 2_000  # characters of a value that are shown until all are asked for
LONGEST_LINE: Final = 2_000  # a line is laid out as a whole: a longer one goes on in the next
PIECE: Final = 50_000  # characters that are laid out in one turn
_TOKENS: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+|"', re.DOTALL)
_PAIRS: Final = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first lines of a document; `is_cut` when something of it is left out."""

    text: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a document. Each goes on in the last line of the piece before unless it
    begins with a line break. `lines[at]` is the number of the JSON line that break `at` begins."""

    text: str
    lines: tuple[int, ...]


def indented(text: str) -> str:
    """JSON over lines, two spaces a level; the tokens themselves are not touched."""
    return "".join(_parts(text, len(text)))


def beginning(text: str) -> Beginning:
    """As much as is laid out at once, with a long value cut."""
    parts: list[str] = []
    size, length, is_cut = 0, 0, False
    for part in _parts(text, LONGEST_VALUE):
        is_cut = is_cut or "… (" in part
        length = len(part) if "\n" in part else length + len(part)
        if length > 2 * LONGEST_VALUE + 100:  # no line of JSON: a key and a value are shorter
            parts.append("\n")
            length = len(part)
        parts.append(part)
        size += len(part)
        if size > BEGINNING:
            return Beginning("".join((*parts, "\n…")), is_cut=True)
    return Beginning("".join(parts), is_cut=is_cut and len(text) > LONGEST_VALUE)


def pieces(text: str) -> Iterator[Piece]:
    """All of it, a piece at a time, with lines that are broken where they are too long."""
    made: list[str] = []
    begun: list[int] = []
    size, length, line = 0, 0, 0
    for part in _parts(text, len(text)):
        for at, words in enumerate(part.split("\n")):
            if at:
                made.append("\n")
                line, length = line + 1, 0
                begun.append(line)
            for start in range(0, len(words), LONGEST_LINE):
                chunk = words[start : start + LONGEST_LINE]
                if length and length + len(chunk) > LONGEST_LINE:
                    made.append("\n")
                    begun.append(line)
                    length = 0
                made.append(chunk)
                length += len(chunk)
                size += len(chunk)
                if size >= PIECE:
                    yield Piece("".join(made), tuple(begun))
                    made, begun, size = [], [], 0
    yield Piece("".join(made), tuple(begun))


def _parts(text: str, longest: int) -> Iterator[str]:
    """Each token with the white space it needs around it."""
    depth, before = 0, ""
    for token, follower in pairwise(_tokens(text, longest)):
        if token in _PAIRS:
            yield token
            if follower != _PAIRS[token]:
                depth += 1
                yield "\n" + "  " * depth
        elif token in ("}", "]"):
            if _PAIRS.get(before) != token:
                depth = max(depth - 1, 0)
                yield "\n" + "  " * depth
            yield token
        elif token == ",":
            yield ",\n" + "  " * depth
        else:
            yield ": " if token == ":" else token
        before = token


def _tokens(text: str, longest: int) -> Iterator[str]:
    """The tokens, those that are too long cut; an empty one after the last."""
    for found in _TOKENS.finditer(text):
        start, end = found.span()
        if end - start <= longest:
            yield found[0]
        else:
            quote = '"' if text[start] == '"' else ""
            kept = text[start : start + longest]
            yield said(
                "{kept}{quote} … ({end})",
                kept=kept,
                quote=quote,
                end=counted(
                    "{count:,} more character", "{count:,} more characters", end - start - longest
                ),
            )
    yield ""
