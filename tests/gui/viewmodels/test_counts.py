"""How many there are, in words."""

import pytest

from gui.viewmodels.counts import counted


@pytest.mark.parametrize(
    ("count", "of", "words"),
    [
        (0, "event", "0 events"),
        (1, "event", "1 event"),
        (1_200, "row", "1,200 rows"),
        (1, "snapshot", "1 snapshot"),
    ],
)
def test_one_is_not_told_as_many(count: int, of: str, words: str) -> None:
    assert counted(count, of) == words
