"""Names that hold the letters of a word in their order, the likeliest first.

A hundred thousand names, or a million, are looked through in one piece, as an array of letters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

EXACT, PREFIX, WORD, INITIALS, INSIDE, SCATTERED = range(6)  # how a name holds the letters
END: Final = "\n"
_BEFORE_WORDS: Final = frozenset(" \t\n-_./:,;()[]{}<>=+*#@|\\'\"&!?…▸")
_TIER: Final = 48  # bits that the order within a tier takes
_SPAN: Final = 24

CHUNK: Final = 20_000  # names whose letters are made at once: longer calls would hold up the window

Places = NDArray[np.int32]
Keys = NDArray[np.int64]
Flags = NDArray[np.bool_]
Letters = NDArray[np.unsignedinteger[Any]]
_Chain = tuple[Places, Places, Places]  # names, place of the first letter, place of the last one


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzyHit:
    """The number of a name, and how it holds the letters: the lower the better."""

    number: int
    tier: int
    order: int  # among those of a tier


class FuzzyNames:
    """Several threads may ask at once: what is kept of a question is replaced in one piece."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        parts = [_letters(self.names[at : at + CHUNK]) for at in range(0, len(self.names), CHUNK)]
        texts, starts = [low for low, _ in parts], [starts for _, starts in parts]
        self._text: Letters = _joined(texts)
        self._starts: Flags = np.concatenate(starts) if starts else np.zeros(0, bool)
        self._ends: Places = _places(self._text == ord(END))
        self._begins: Places = np.zeros_like(self._ends)
        self._begins[1:] = self._ends[:-1] + 1
        self._places: dict[tuple[int, bool], Places] = {}  # of letters that were sought before
        self._chains: dict[bool, tuple[list[int], _Chain]] = {}  # of the last text, gone on with

    def find(self, sought: str, *, most: int) -> tuple[list[FuzzyHit], int]:
        """At most so many, the best first, and how many there are in all. White space in what is
        sought only parts words."""
        letters = [ord(it) for it in folded("".join(sought.split()))]
        count = len(self.names)
        if not letters or not count:
            return [
                FuzzyHit(number=n, tier=SCATTERED, order=n) for n in range(min(most, count))
            ], count
        lines, span = self._scattered(letters)
        keys = self._keys(letters, lines, span)
        best = _smallest(keys, most)
        hits = [
            FuzzyHit(number=int(line), tier=int(key >> _TIER), order=int(key & ((1 << _TIER) - 1)))
            for line, key in zip(lines[best], keys[best], strict=True)
        ]
        return hits, len(lines)

    def _scattered(self, letters: list[int]) -> tuple[Places, Places]:
        """The names that hold the letters in order, and over how many letters they reach."""
        lines, first, at = self._chain(letters, at_words=False)
        return lines, at - first

    def _chain(self, letters: list[int], *, at_words: bool) -> _Chain:
        """The names that have the letters in order, or each where a word begins: their numbers, the
        place of the first letter and that of the last one."""
        known, chain = self._chains.get(at_words, ([], self._all()))
        if known != letters[: len(known)]:
            known, chain = [], self._all()
        for at in range(len(known), len(letters)):
            places = self._places_of(letters[at], at_words=at_words)
            chain = self._longer(chain, places, is_first=at == 0)
        self._chains[at_words] = (list(letters), chain)
        return chain

    def _all(self) -> _Chain:
        """Every name, before the first letter."""
        return np.arange(len(self.names), dtype=np.int32), self._begins, self._begins - 1

    def _longer(self, chain: _Chain, places: Places, *, is_first: bool) -> _Chain:
        """Those that have one of these places behind their last letter, too."""
        lines, first, at = chain
        if not len(places):
            nothing = lines[:0]
            return nothing, nothing, nothing
        index = np.searchsorted(places, at, side="right")
        there = places[np.minimum(index, len(places) - 1)]
        is_in = (index < len(places)) & (there < self._ends[lines])
        found = there[is_in]
        return lines[is_in], found if is_first else first[is_in], found

    def _keys(self, letters: list[int], lines: Places, span: Places) -> Keys:
        """A number for each of these names that sorts them: tier, reach, length."""
        tiers: Keys = np.full(len(self.names), SCATTERED)
        inside = self._runs(letters)
        holders = np.searchsorted(self._ends, inside)
        initials, _, _ = self._chain(letters, at_words=True)
        tiers[holders] = INSIDE
        tiers[initials] = INITIALS
        tiers[holders[self._starts[inside]]] = WORD
        begun = holders[self._begins[holders] == inside]
        tiers[begun] = PREFIX
        lengths = self._ends - self._begins
        tiers[begun[lengths[begun] == len(letters)]] = EXACT
        limit = (1 << _SPAN) - 1
        reach = np.where(tiers[lines] == SCATTERED, np.minimum(span, limit), 0).astype(np.int64)
        by_length = np.minimum(lengths[lines], limit)
        keys: Keys = (tiers[lines] << _TIER) | (reach << _SPAN) | by_length
        return keys

    def _places_of(self, letter: int, *, at_words: bool) -> Places:
        """Where a letter stands, in order."""
        key = (letter, at_words)
        if key not in self._places:
            is_it = self._text == letter
            self._places[key] = _places(is_it & self._starts if at_words else is_it)
        return self._places[key]

    def _runs(self, letters: list[int]) -> Places:
        """Where the letters stand side by side."""
        at = self._places_of(letters[0], at_words=False)
        for number, letter in enumerate(letters[1:], 1):
            at = at[at + number < len(self._text)]
            at = at[self._text[at + number] == letter]
        return at


def _smallest(keys: Keys, most: int) -> NDArray[np.intp]:
    """Where the smallest keys are, in order; of equal ones the first. A partition alone would
    take of those at the limit any, and other ones on another processor."""
    if len(keys) <= most:
        return np.argsort(keys, kind="stable")
    limit = np.partition(keys, most - 1)[most - 1]
    below = np.flatnonzero(keys < limit)
    below = below[np.argsort(keys[below], kind="stable")]
    return np.concatenate([below, np.flatnonzero(keys == limit)[: most - len(below)]])


def marks(sought: str, name: str) -> tuple[int, ...]:
    """Which letters of a name are those that were sought, as `FuzzyNames.find` prefers them."""
    letters, text = folded("".join(sought.split())), folded(name)
    runs = _runs(letters, text)
    words = [at for at in runs if _is_start(name, text, at)]
    if words:
        return tuple(range(words[0], words[0] + len(letters)))
    starts = [at for at in range(len(text)) if _is_start(name, text, at)]
    if initials := _in_order(letters, text, starts):
        return initials
    if runs:
        return tuple(range(runs[0], runs[0] + len(letters)))
    return _in_order(letters, text, range(len(text)))


def folded(text: str) -> str:
    """In lower case, letter by letter."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(_low(it) for it in text)


def _low(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 else letter


def _runs(letters: str, text: str) -> list[int]:
    """Where the letters stand side by side."""
    found, at = [], text.find(letters) if letters else -1
    while at >= 0:
        found.append(at)
        at = text.find(letters, at + 1)
    return found


def _in_order(letters: str, text: str, places: Sequence[int]) -> tuple[int, ...]:
    """The first of these places that have the letters; empty where they have not."""
    found: list[int] = []
    for at in places:
        if len(found) < len(letters) and text[at] == letters[len(found)]:
            found.append(at)
    return tuple(found) if len(found) == len(letters) else ()


def _is_start(name: str, text: str, at: int) -> bool:
    if name[at] in _BEFORE_WORDS:
        return False
    if at == 0 or name[at - 1] in _BEFORE_WORDS:
        return True
    has_turned = name[at] != text[at] and name[at - 1] == text[at - 1]
    return has_turned or (_is_figure(name[at]) and not _is_figure(name[at - 1]))


def _is_figure(letter: str) -> bool:
    return "0" <= letter <= "9"


def _array(text: str) -> Letters:
    """A number a letter; of one byte where that is enough."""
    try:
        return np.frombuffer(text.encode("latin-1"), np.uint8)
    except UnicodeEncodeError:
        return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _letters(names: Sequence[str]) -> tuple[Letters, Flags]:
    """The letters of some names in lower case, each behind an end, and where words begin."""
    text = END.join(it.replace(END, " ") for it in names) + END
    low = _array(folded(text))
    return low, _word_starts(_array(text), low)


def _joined(parts: list[Letters]) -> Letters:
    return np.concatenate([np.zeros(0, np.uint8), *parts])


def _places(flags: Flags) -> Places:
    """Where they are true. A text has fewer than 2 ** 31 letters."""
    return np.flatnonzero(flags).astype(np.int32)


def _word_starts(raw: Letters, low: Letters) -> Flags:
    """As `_is_start` says, for all letters at once."""
    parts = np.isin(raw, [ord(it) for it in _BEFORE_WORDS])
    figures = (raw >= ord("0")) & (raw <= ord("9"))
    turned = raw != low
    before = np.ones(len(raw), bool)
    before[1:] = parts[:-1]
    starts = before.copy()
    starts[1:] |= turned[1:] & ~turned[:-1]
    starts[1:] |= figures[1:] & ~figures[:-1]
    return starts & ~parts
