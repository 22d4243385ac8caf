"""The items of an XML document, in pieces of any size."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import UnreadableSource
from store.reading.xml_items import xml_items

PATH = Path("in.xml")
DOCUMENT = """<?xml version="1.0"?><log><empty/>
<traces><!-- <item/> --><item a="1"/>text<item><b>x</b></item></traces>
<traces><item a="é"/></traces><other><c/><![CDATA[<c/>]]><d/></other></log>"""
ITEMS = [
    ("traces", 1, 2, '<item a="1" />text'),
    ("traces", 2, 2, "<item><b>x</b></item>"),
    ("traces", 3, 3, '<item a="é" />'),
    ("other", 1, 4, "<c />&lt;c/&gt;"),
    ("other", 2, 4, "<d />"),
]


def pieces(text: str, size: int) -> Iterator[bytes]:
    content = text.encode()
    return (content[at : at + size] for at in range(0, len(content), size))


@given(size=st.integers(1, 300))
def test_items_are_the_same_wherever_a_piece_ends(size: int) -> None:
    found = [
        (it.list, it.number, it.parent, tostring(it.element, encoding="unicode"))
        for it in xml_items(pieces(DOCUMENT, size), PATH)
    ]

    assert [(*it[:3], it[3].partition("text")[0]) for it in found] == [
        (*it[:3], it[3].partition("text")[0]) for it in ITEMS
    ]


@pytest.mark.parametrize("size", [7, 1_000, 1_000_000])
@pytest.mark.parametrize("is_closed", [True, False])
def test_deep_nesting_is_refused_whether_it_ends_or_not(size: int, is_closed: bool) -> None:
    deep = "<a>" * 300 + ("</a>" * 300 if is_closed else "")
    document = f"<log><l>{deep}" + ("</l></log>" if is_closed else "")

    with pytest.raises(UnreadableSource, match="nested deeper than 200 levels"):
        list(xml_items(pieces(document, size), PATH))


@pytest.mark.parametrize("size", [50, 1_000_000])
def test_an_item_of_too_many_elements_is_refused_before_it_ends(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reading.xml_items.MOST_ELEMENTS", 500)
    taken = list[int]()

    def told() -> Iterator[bytes]:
        for piece in pieces("<log><l><i>" + "<a/>" * 20_000, size):
            taken.append(len(piece))
            yield piece

    with pytest.raises(UnreadableSource, match="more than 500 elements"):
        list(xml_items(told(), PATH))

    assert sum(taken) < 10_000 or size > 10_000


def test_items_before_the_place_that_is_not_well_formed_are_given() -> None:
    document = xml_items(pieces("<log><l><a/><b/><c></l></log>", 1_000), PATH)

    assert next(document).element.tag == "a"
    with pytest.raises(UnreadableSource, match="not well-formed at line 1"):
        list(document)
