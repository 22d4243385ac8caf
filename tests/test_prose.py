"""The pages that people read: short sentences and paragraphs, in common words.

What counts as prose is stated in tests/prose.py. Of the changelog the newest version is read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.prose import paragraphs, words_of

ROOT: Final = Path(__file__).parents[1]
SENTENCE: Final = 25  # words; fewer
PARAGRAPH: Final = 80
CHANGELOG: Final = "CHANGELOG.md"
PAGES_OF_ROOT: Final = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "DECISIONS.md",
    CHANGELOG,
)
PAGES: Final = sorted(
    it.relative_to(ROOT).as_posix()
    for it in (
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / name for name in PAGES_OF_ROOT),
    )
)

# A turn that reads as if it were translated: the usual wording.
TURNS: Final = {
    r"is no (?!longer|need)\w+": "is not a …",
    r"\bare no (?!longer)\w+": "are not …",
    r"part at": "first differ at",
    r"stands? still|stood still": "is paused, has stopped",
    r"stands? (?:in|at|on|by|there|beside|below|behind)\b": "is in, is shown at",
    r"by (?:itself|themselves)": "automatically, alone",
    r"of its own\b": "its own, a separate",
    r"lets? go|let .{1,20} go": "delete",
    r"whoever": "anyone who",
    r"nobody (?:keeps|who)": "no process …",
    r"come to be|has come to|comes? to\b": "has become, reaches",
    r"\btells?\b": "shows, says, reports",
    r"\btold\b": "shown, reported",
    r"mend(?:s|ed)?": "fix, repair",
    r"anew": "again",
    r"as (?:it|they) stands?\b": "unchanged, current",
    r"what is kept|is kept|are kept": "is stored, is saved",
    r"shall": "must, or the plain present",
    r"playhead": "cursor",
    r"goes on|go on": "continue",
    r"hears?|heard": "receive, process",
    r"put back|puts back|taken back|takes back": "undo, restore, switch back",
    r"outside world": "external systems",
    r"come out otherwise|says otherwise": "differs",
    r"a word on": "a short description of",
    r"half made|made of": "made from",
}


@pytest.mark.parametrize("page", PAGES)
def test_a_sentence_is_short(page: str) -> None:
    found = [
        f"{page}:{it.line} has {count} words, split it: {sentence}"
        for it in paragraphs(_text(page))
        for sentence in it.sentences
        if (count := words_of(sentence)) >= SENTENCE
    ]

    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_a_paragraph_is_short(page: str) -> None:
    found = [
        f"{page}:{it.line} has {it.word_count} words: {it.text[:60]}…"
        for it in paragraphs(_text(page))
        if it.word_count >= PARAGRAPH
    ]

    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_uses_common_words(page: str) -> None:
    found = [
        f"{page}:{it.line} {turn!r} – better: {better}"
        for it in paragraphs(_text(page))
        for turn, better in _turns(it.text)
    ]

    assert found == []


def test_long_sentences_and_paragraphs_are_noticed() -> None:
    long = " ".join(["word"] * SENTENCE)
    page = f"# A heading\n\n{long}. Short.\n\n* {long}; {long}; {long}; {long}.\n"

    first, second = paragraphs(page)

    assert [words_of(it) for it in first.sentences] == [SENTENCE, 1]
    assert (first.line, second.line, second.word_count) == (3, 5, 4 * SENTENCE)


def test_code_tables_pictures_and_rows_of_names_are_no_prose() -> None:
    page = (
        "Lists `a`, `b`, `c` and `d`.\n\n"
        "```\n$ main.py is no prose\n```\n\n    indented code\n\n"
        "| a | table |\n\n![a picture](a.png)\n\n* An item\n  goes on\n"
    )

    assert [(it.text, it.word_count) for it in paragraphs(page)] == [
        ("Lists ¤.", 2),
        ("", 0),
        ("An item goes on", 4),
    ]


def test_a_turn_is_noticed_with_the_better_wording() -> None:
    assert list(_turns("They part at 3.")) == [("part at", "first differ at")]
    assert list(_turns("There is no store yet, and the apart of it.")) == []


def _turns(text: str) -> Iterator[tuple[str, str]]:
    for turn, better in TURNS.items():
        if found := re.search(rf"(?<!there )\b(?:{turn})\b", text, re.IGNORECASE):
            yield found[0], better


def _text(page: str) -> str:
    text = (ROOT / page).read_text("utf-8")
    if page != CHANGELOG:
        return text
    head, newest = re.split(r"^(?=## \[)", text, flags=re.MULTILINE)[:2]
    return head + newest
