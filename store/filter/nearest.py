"""Known names that a mistyped one may have meant, the nearest first."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Final

NEAREST: Final = 3
COMPARED: Final = 20_000  # names that are compared letter by letter, some hundredths of a second
CUTOFF: Final = 0.6  # of alike letters, as difflib measures it


def nearest(name: str, known: Iterable[str], *, count: int = NEAREST) -> list[str]:
    """At most `count` of the known names: alike as a whole or in the last key of a path, whatever
    their case, or with the name as their beginning. Of a great many names the first are compared
    letter by letter, the others by their beginning alone."""
    wanted = {it for it in (name.lower(), _last(name.lower())) if it}
    names, matchers = iter(known), [SequenceMatcher(None, "", it, False) for it in wanted]
    found = {
        it: max(_beginning(it, wanted), _alike(it, matchers)) for it in islice(names, COMPARED)
    }
    found |= {it: CUTOFF for it in names if _beginning(it, wanted)}
    close = [it for it, ratio in found.items() if ratio >= CUTOFF]
    return sorted(close, key=lambda it: (-found[it], it))[:count]


def _alike(known: str, matchers: Sequence[SequenceMatcher[str]]) -> float:
    best = 0.0
    for text in {known.lower(), _last(known.lower())}:
        for matcher in matchers:
            matcher.set_seq1(text)
            if matcher.real_quick_ratio() > CUTOFF and matcher.quick_ratio() > CUTOFF:
                best = max(best, matcher.ratio())
    return best


def _beginning(known: str, wanted: set[str]) -> float:
    """Just enough for a name, or its last key, that begins as it was typed."""
    lower = known.lower()
    begins = any(lower.startswith(it) or _last(lower).startswith(it) for it in wanted)
    return CUTOFF if begins else 0.0


def _last(path: str) -> str:
    return path.rpartition(".")[2]
