"""Turns that read as if translated, and the plain word for each: no message has one."""

import re
from collections.abc import Iterator
from typing import Final

MOST_WORDS: Final = 24  # of a sentence
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+|\n")
_WORD: Final = re.compile(r"[^\W_]")

# A pattern (of a text in small letters): what to say instead.
TURNS: Final = {
    r"\bparts? at\b": "first differ at",
    r"\bstands? still\b": "is paused, has stopped",
    r"\bcame true\b": "became true",
    r"(?<!there )\b(?:is|are|was) no (?:store|sample|key|rule|number|file)\b": "is not a …",
    r"\bnobody (?:keeps|who|has|that)\b": "name the process, or say it in the passive",
    r"\bwhoever\b": "the people who, anyone who",
    r"\bwho looks\b": "reading",
    r"\bmend(?:s|ed)?\b": "fix",
    r"\botherwise\b": "differently, different",
    r"\bdecided? on again\b": "decide again, re-decide",
    r"\bby (?:itself|themselves)\b": "automatically",
    r"\bof its own\b": "its own",
    r"\blets? go\b|\blet .* go\b": "remove, delete",
    r"\blooks? on\b": "say what happens, not who watches",
    r"\bwithout a word\b": "without a report",
    r"\bfound amiss\b|\bamiss\b": "no problems found",
    r"\bnot what it should be\b": "the check failed",
    r"\bas it (?:was|stands|is today)\b|\bas they were\b": "unchanged, previous, current",
    r"\bwhat (?:is|was) told\b|\bwas told\b|\bhas (?:not )?told\b": "report, send",
    r"\btakes? back\b|\btaken back\b|\bputs? back\b": "undo, restore, switch back",
    r"\bbehind (?:position|its checkpoint|the cursor)\b": "after",
    r"\bwhat comes of\b|\bcame of\b|\bcomes? out\b": "the outcome",
    r"\blies? in\b|\bstands? (?:in|on|here|there)\b": "is in, is stored in, is shown in",
    r"\blooked at\b|\blooking through\b": "checked, searched",
    r"\bshall\b": "must, or the plain present",
    r"\banew\b|\bonce more\b": "again",
    r"\bplayhead\b": "cursor",
    r"\bchosen\b": "selected",
    r"\bcircles?\b": "loop",
    r"\bfor the log says\b|\bthe log says\b": "matches the log",
    r"\bwhole (?:file|log) of one moment\b": "a consistent copy",
}


def stilted(text: str) -> Iterator[str]:
    """What is wrong with a message, with the better word."""
    small = text.lower()
    for pattern, better in TURNS.items():
        if (found := re.search(pattern, small)) is not None:
            yield f"{found[0]!r} → {better}"
    for sentence in _SENTENCE.split(text):
        count = sum(bool(_WORD.search(it)) for it in sentence.split())
        if count > MOST_WORDS:
            yield f"{count} words in a sentence: split it"
