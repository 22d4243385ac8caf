"""docs/formats.md says what the formats declare."""

from pathlib import Path

import pytest

from store.reading.detect import bare_formats, formats, unread_formats
from store.reading.formats_page import page, words_of

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"


def test_the_page_is_what_the_formats_declare() -> None:
    assert PAGE.read_text("utf-8") == page(), (
        "write it again: python -m store.reading.formats_page > docs/formats.md"
    )


def test_every_format_stands_on_it_with_what_it_loses() -> None:
    text = page()

    named = [it for it in (*formats(), *bare_formats()) if f"| `{it.name}`" not in text]
    lost = [loss for it in formats() for loss in it.losses if loss.what not in text]
    refused = [it for it in unread_formats() if it.title not in text]
    assert (named, lost, refused) == ([], [], [])


def test_a_sign_of_an_unknown_kind_is_not_passed_over() -> None:
    class Other:
        def of_file(self, _sample: object) -> float:
            return 0.0

    with pytest.raises(NotImplementedError, match="Other"):
        words_of(Other())
