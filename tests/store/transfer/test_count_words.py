"""A count of an import is spoken of in the form that goes with its number."""

import re

import pytest

from store.transfer.count_words import ONE, after_number
from store.transfer.report import odd_counts

PLURAL = re.compile(r"(?:[a-z]+ )?[a-z]+[^s\W]s\b")
PHRASES = sorted({it for words in odd_counts() for it in (words.command_line, words.window)})


@pytest.mark.parametrize("phrase", [it for it in PHRASES if PLURAL.match(it)])
def test_every_plural_has_a_singular(phrase: str) -> None:
    assert after_number(2, phrase) == phrase
    assert after_number(1, phrase) != phrase


def test_no_singular_is_kept_for_what_nobody_says() -> None:
    assert set(ONE) <= set(PHRASES)


def test_one_gap_is_a_gap() -> None:
    assert after_number(1, "gaps in stream versions") == "gap in stream versions"
    assert after_number(1, "rejected") == "rejected"
