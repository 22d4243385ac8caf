"""The page of exhibits shows each of nine faults; tests/test_documents.py types its commands."""

import re
from pathlib import Path

from tests.printed_commands import steps

PAGE = (Path(__file__).parents[1] / "docs" / "exhibits.md").read_text("utf-8")


def test_there_is_an_exhibit_for_each_of_the_nine_faults() -> None:
    assert len(re.findall(r"^## ", PAGE, re.MULTILINE)) == 9
    assert len(steps(PAGE)) > 15
    assert len(re.findall(r"^```python \w+\.py$", PAGE, re.MULTILINE)) == 3
