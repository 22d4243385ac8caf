"""OCEL 2.0 as XML: what the other encodings say, and XML that does no harm."""

from pathlib import Path
from typing import Final

import pytest

from store.errors import UnreadableSource
from store.transfer.ingest import ingest
from store.transfer.preview import preview
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import Written, in_xml
from tests.store.event_files import events_in, links_in

AT: Final = "2026-01-01T10:00:00Z"
TYPES: Final = """
<object-types><object-type name="Order"><attributes>
<attribute name="total" type="float"/><attribute name="paid" type="boolean"/>
</attributes></object-type></object-types>
<event-types><event-type name="Placed"><attributes>
<attribute name="lines" type="integer"/></attributes></event-type></event-types>
"""
OBJECTS: Final = f"""
<objects><object id="o1" type="Order"><attributes>
<attribute name="total" time="1970-01-01T00:00:00Z">0</attribute>
<attribute name="paid" time="1970-01-01T00:00:00Z">0</attribute>
<attribute name="total" time="{AT}">12.50</attribute>
</attributes><objects><relationship object-id="i1" qualifier="holds"/></objects></object>
<object id="i1" type="Item"/></objects>
"""
EVENTS: Final = f"""
<events><event id="e1" type="Placed" time="{AT}"><attributes>
<attribute name="lines">2</attribute><attribute name="note"> a &lt;b&gt; </attribute>
</attributes><objects><relationship object-id="o1" qualifier="order"/>
<object object-id="i1" qualifier="nan"/></objects></event></events>
"""


def log(path: Path, *parts: str) -> Path:
    """A log of these parts."""
    path.write_text(f"<?xml version='1.0'?><log>{''.join(parts)}</log>", "utf-8")
    return path


class TestOcel2Xml(FormatContract):
    name = "ocel2-xml"
    file = "orders.ocel2.xml"
    events = 300

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = []
        for it in events:
            held = "".join(
                f'<attribute name="{in_xml(key)}">{in_xml(value)}</attribute>'
                for key, value in it.members.items()
            )
            made.append(
                f'<event id="{it.id}" type="{in_xml(it.type)}" time="{it.text}">'
                f"<attributes>{held}</attributes><objects>"
                f'<relationship object-id="{in_xml(it.stream)}" qualifier=""/></objects></event>'
            )
        objects = "".join(
            f'<object id="{in_xml(name)}" type="Order"/>'
            for name in {it.stream: 1 for it in events}
        )
        parts = (f"<objects>{objects}</objects>", f"<events>{''.join(made)}</events>")
        return log(folder / "made.xml", TYPES, *parts)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Events without a time, an id, a type or a name; one twice; and what is no object."""
        again = EVENTS.replace("<events>", "").replace("</events>", "")
        bad = (
            '<event id="e2" type="Placed"/><event id="e3" time="2026-01-01T10:00:00Z"/>'
            f'<event id="e4" type="T" time="soon"/><event type="T" time="{AT}"/><note/>'
            f'<event id="e5" type="T" time="{AT}"><attributes><attribute>1</attribute></attributes>'
            f'</event><event id="e6" type="T" time="{AT}"><objects><relationship/></objects>'
            f'</event><event id="e7" type="T" time="2026-01-01T10:00:00"><attributes>'
            '<attribute name="a">1</attribute><attribute name="a">2</attribute></attributes>'
            "<quantity n='1'>x<it/></quantity></event>"
        )
        odd = (
            '<objects><object type="Order"/><object id="o1" type="Order"/>'
            '<object id="o2" type="Order"><why/></object></objects><quantities><one/></quantities>'
        )
        parts = (TYPES, OBJECTS, odd, EVENTS, f"<events>{again}{bad}</events>")
        events, changes, passed_over = 10, 2, 4
        return log(folder / "odd.xmlocel", *parts), events + changes + passed_over


def test_it_says_what_the_json_of_the_same_log_says(tmp_path: Path) -> None:
    first = ingest(FIXTURES / "orders.ocel2.json", into=tmp_path / "log.foldline")
    again = ingest(FIXTURES / "orders.ocel2.xml", into=tmp_path / "log.foldline")

    assert (first.stored, again.stored, again.duplicates) == (300, 0, 300)


@pytest.mark.parametrize(
    "parts", [(TYPES, OBJECTS, EVENTS), (EVENTS, OBJECTS, TYPES)], ids=["usual", "events first"]
)
def test_parts_may_stand_in_any_order(tmp_path: Path, parts: tuple[str, ...]) -> None:
    source = log(tmp_path / "in.xml", *parts)

    ingest(source, into=tmp_path / "log.foldline")

    assert preview(source).choices[0].default == "Order"
    assert [(it.type, it.stream, it.data) for it in events_in(tmp_path / "log.foldline")] == [
        ("OrderAttributeChanged", "o1", {"total": 0, "paid": False}),
        ("OrderAttributeChanged", "o1", {"total": 12.5}),
        ("Placed", "o1", {"lines": 2, "note": " a <b> "}),
    ]
    placed = events_in(tmp_path / "log.foldline")[2]
    assert placed.metadata == {"objects": [{"id": "i1", "type": "Item", "qualifier": "nan"}]}
    assert links_in(tmp_path / "log.foldline") == {3: ("i1",)}


def test_what_means_nothing_here_is_kept_or_told(tmp_path: Path) -> None:
    source, _ = TestOcel2Xml().odd(tmp_path)

    report = ingest(source, into=tmp_path / "log.foldline")

    last = next(it for it in events_in(tmp_path / "log.foldline") if it.id == "e7")
    assert (last.source or {})["extras"] == {
        "repeated": {"a": ["1"]},
        "quantity": {"n": "1", "text": "x", "it": [{}]},
    }
    assert [it.text for it in report.of_kind("other_rows")] == [
        "an object without an id, of type 'Order'",
        "object 'o1' occurs twice",
        "object 'o2', element 'why'",
        "element 'one' in 'quantities'",
    ]
    assert [it.reason for it in report.bad_lines] == [
        "the event has no time",
        "the event has no type",
        "occurred_at is not a time: 'soon'",
        "expected an event, found element 'note'",
        "an attribute has no name",
        "a relation of the event has no object-id",
    ]


@pytest.mark.parametrize("lists", [1, 2])
def test_a_list_that_is_there_twice_is_read_on(tmp_path: Path, lists: int) -> None:
    more = EVENTS.replace('id="e1"', 'id="e2"')
    source = log(tmp_path / "in.xml", TYPES, OBJECTS, EVENTS, *[more] * (lists - 1))

    assert ingest(source, into=tmp_path / "log.foldline").stored == 2 + lists


BOMB: Final = (
    '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
HARMFUL: Final = {
    "billion laughs": (f"{BOMB}<log><object-types/><a>&j;</a></log>", "document type"),
    "external entity": (
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        "<log><object-types/><a>&x;</a></log>",
        "document type",
    ),
    "external subset": (
        '<!DOCTYPE log SYSTEM "http://127.0.0.1:9/x.dtd"><log><object-types/></log>',
        "document type",
    ),
    "unknown entity": ("<log><object-types/><events><a>&x;</a></events></log>", "undefined entity"),
    "deep nesting": (f"<log><object-types/>{'<a>' * 100_000}", "nested deeper than 200 levels"),
    "cut short": ("<log><object-types/><events><event", "not well-formed"),
    "bad bytes": ("<log><object-types/><events><a>\udcff</a></events></log>", "not well-formed"),
    "nothing closed": ("<log><object-types></log>", "mismatched tag"),
    "another encoding": (
        "<?xml version='1.0' encoding='iso-8859-1'?><log><object-types/><a>\udce9</a></log>",
        "its declaration says iso-8859-1",
    ),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_xml_that_may_do_harm_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    text, reason = HARMFUL[name]
    source = tmp_path / "in.xml"
    source.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(UnreadableSource, match=reason):
        ingest(source, into=tmp_path / "log.foldline")

    assert not (tmp_path / "log.foldline").exists()


def test_an_item_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = log(tmp_path / "in.xml", TYPES, OBJECTS, f"<events><event>{'<a/>' * 1_000}</event>")

    monkeypatch.setattr("store.reading.xml_items.MOST_ELEMENTS", 500)
    with pytest.raises(UnreadableSource, match="has more than 500 elements"):
        ingest(source, into=tmp_path / "log.foldline")
    monkeypatch.setattr("store.reading.xml_items.LONGEST_LINE", 1_000)
    with pytest.raises(UnreadableSource, match="longer than 1,000 bytes"):
        ingest(source, into=tmp_path / "log.foldline")


def test_more_relations_of_objects_than_are_kept_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reading.ocel_ties.KEPT", 0)

    report = ingest(log(tmp_path / "in.xml", TYPES, OBJECTS, EVENTS), into=tmp_path / "l.foldline")

    assert [it.text for it in report.of_kind("relations")] == [
        "between objects, beyond the first 0"
    ]
