"""OCEL 1.0 in its three encodings, as pm4py writes them and as they may be."""

import json
import sqlite3
from pathlib import Path
from typing import Any, Final

import pytest

from store.errors import UnreadableSource
from store.transfer.ingest import ingest
from store.transfer.preview import preview
from tests.contracts.format import FIXTURES, FormatContract
from tests.contracts.written import TEXT_HERE, Written, in_xml
from tests.store.event_files import events_in, links_in

AT: Final = "2026-01-01T10:00:00Z"
EVENT: Final[dict[str, Any]] = {
    "ocel:activity": "Placed",
    "ocel:timestamp": AT,
    "ocel:omap": ["o1", "i1"],
    "ocel:vmap": {"lines": 2, "note": "<a>"},
}
LOG: Final[dict[str, Any]] = {
    "ocel:global-log": {"ocel:version": "1.0"},
    "ocel:events": {"e1": EVENT},
    "ocel:objects": {
        "o1": {"ocel:type": "Order", "ocel:ovmap": {"state": "open"}},
        "i1": {"ocel:type": "Item", "ocel:ovmap": {}},
    },
}
GLOBAL: Final = '<global scope="log"><string key="version" value="1.0"/></global>'


def json_log(path: Path, **members: Any) -> Path:
    """The log with other members."""
    path.write_text(json.dumps(LOG | {f"ocel:{name}": it for name, it in members.items()}))
    return path


def xml_log(path: Path, events: str, objects: str, more: str = "") -> Path:
    """A log of these events and objects."""
    lists = f"<events>{events}</events><objects>{objects}</objects>{more}"
    path.write_text(f"<?xml version='1.0'?><log>{GLOBAL}{lists}</log>", "utf-8")
    return path


def xml_event(id_: str, more: str = "") -> str:
    """One event of one order."""
    return (
        f'<event><string key="id" value="{id_}"/><date key="timestamp" value="{AT}"/>'
        '<string key="activity" value="Placed"/>'
        f'<list key="omap"><string key="object-id" value="o1"/></list>{more}</event>'
    )


def sqlite_log(path: Path, script: str) -> Path:
    """A log of these rows."""
    db = sqlite3.connect(path)
    db.executescript(f"""
        CREATE TABLE EVENTS ("ocel:eid", "ocel:timestamp", "ocel:activity", n INTEGER, t TEXT);
        CREATE TABLE OBJECTS ("ocel:oid", "ocel:type", state TEXT);
        CREATE TABLE RELATIONS ("ocel:eid", "ocel:oid", "ocel:qualifier");
        {script}
    """)
    db.close()
    return path


class TestOcel1Json(FormatContract):
    name = "ocel1-json"
    file = "orders.pm4py.ocel1.jsonocel"
    events = 24 + 5 + 5  # with what orders began with, and how they changed

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = (
            f"{json.dumps(it.id)}:"
            + it.inside(
                {
                    "ocel:activity": it.type,
                    "ocel:timestamp": it.text,
                    "ocel:omap": [it.stream],
                    "ocel:vmap": TEXT_HERE,
                }
            )
            for it in events
        )
        objects = {it.stream: {"ocel:type": "Order", "ocel:ovmap": {}} for it in events}
        log = {"ocel:global-log": {}, "ocel:objects": objects, "ocel:events": "-"}
        source = folder / "made.jsonocel"
        source.write_text(json.dumps(log).replace('"-"', f"{{{','.join(made)}}}"), encoding="utf-8")
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, faulty ones, and members that are no event."""
        events = {
            "e1": EVENT,
            "e2": {**EVENT, "ocel:activity": None},
            "e3": {**EVENT, "ocel:timestamp": None},
            "e4": {**EVENT, "ocel:vmap": 5},
            "e5": {**EVENT, "ocel:typedOmap": 5},
            "e6": 7,
        }
        objects = {**LOG["ocel:objects"], "o2": {"ocel:ovmap": 5}, "o3": 1}
        changes = [{"ocel:oid": "o1"}, {"ocel:oid": "o1", "ocel:timestamp": AT, "state": "shut"}]
        source = json_log(
            folder / "odd.jsonocel", events=events, objects=objects, objectChanges=changes, why={}
        )
        again = f'"ocel:events": {json.dumps({"e1": EVENT})}'
        twice = f'"ocel:objects": {json.dumps({"o1": {"ocel:type": "Order"}})}'
        source.write_text(f"{source.read_text()[:-1]}, {again}, {twice}}}")
        return source, 7 + 2 + 5


class TestOcel1Xml(FormatContract):
    name = "ocel1-xml"
    file = "orders.pm4py.ocel1.xmlocel"
    events = 24 + 5

    def file_of(self, folder: Path, *events: Written) -> Path:
        made = []
        for it in events:
            held = "".join(
                f'<string key="{in_xml(key)}" value="{in_xml(value)}"/>'
                for key, value in it.members.items()
            )
            omap = f'<string key="object-id" value="{in_xml(it.stream)}"/>'
            made.append(
                f'<event><string key="id" value="{it.id}"/>'
                f'<date key="timestamp" value="{it.text}"/>'
                f'<string key="activity" value="{in_xml(it.type)}"/>'
                f'<list key="omap">{omap}</list><list key="vmap">{held}</list></event>'
            )
        objects = "".join(
            f'<object><string key="id" value="{in_xml(it)}"/>'
            '<string key="type" value="Order"/></object>'
            for it in {it.stream: 1 for it in events}
        )
        return xml_log(folder / "made.xmlocel", "".join(made), objects)

    def odd(self, folder: Path) -> tuple[Path, int]:
        """An event twice, faulty ones, and objects that are none or there twice."""
        nameless = '<list key="vmap"><string value="1"/></list>'
        events = xml_event("e1") * 2 + xml_event("e2", nameless) + "<event/>"
        one = '<object><string key="id" value="o1"/><string key="type" value="Order"/></object>'
        more = "<others><other/></others>"
        return xml_log(folder / "odd.xmlocel", events, one * 2 + "<object/>", more), 4 + 3


class TestOcel1Sqlite(FormatContract):
    name = "ocel1-sqlite"
    file = "orders.pm4py.ocel1.sqlite"
    events = 24 + 5

    def file_of(self, folder: Path, *events: Written) -> Path:
        source = sqlite_log(folder / "made.sqlite", "")
        db = sqlite3.connect(source)
        with db:
            for it in events:
                cells = (it.id, it.text, it.type, it.n, it.data)
                db.execute("INSERT INTO EVENTS VALUES (?, ?, ?, ?, ?)", cells)
                db.execute("INSERT INTO RELATIONS VALUES (?, ?, 'x')", (it.id, it.stream))
            for name in {it.stream for it in events}:
                db.execute("INSERT INTO OBJECTS VALUES (?, 'Order', NULL)", (name,))
        db.close()
        return source

    def odd(self, folder: Path) -> tuple[Path, int]:
        """Events twice or faulty, objects twice or faulty, relations of no event, other tables."""
        source = sqlite_log(
            folder / "odd.sqlite",
            f"""
            INSERT INTO EVENTS VALUES ('e1', '{AT}', 'Placed', 1, NULL), ('e1', '{AT}', 'Placed', 1,
                NULL), ('e2', NULL, 'Placed', 1, NULL), ('e3', '{AT}', NULL, 1, NULL);
            INSERT INTO OBJECTS VALUES ('o1', 'Order', 'open'), ('o1', 'Order', NULL);
            INSERT INTO OBJECTS VALUES (NULL, 'Order', 'open');
            INSERT INTO RELATIONS VALUES ('e1', 'o1', 'x'), ('e9', 'o1', 'x');
            CREATE TABLE others (n); INSERT INTO others VALUES (1), (2);
            """,
        )
        return source, 4 + 1 + 2 + 1 + 2


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.foldline"


@pytest.mark.parametrize(
    "name", ["ocel1.jsonocel", "ocel1.xmlocel", "ocel1.sqlite", "ocel2.xmlocel", "ocel2.sqlite"]
)
def test_what_pm4py_writes_says_what_it_read(tmp_path: Path, name: str) -> None:
    """Its OCEL 1.0 has whole seconds as text, and no qualifiers in XML."""
    ingest(FIXTURES / f"orders.pm4py.{name}", into=tmp_path / "one.foldline")
    ingest(FIXTURES / "orders.ocel2.json", into=tmp_path / "all.foldline")

    known = {it.id: it for it in events_in(tmp_path / "all.foldline")}
    changed, events = list[dict[str, Any]](), 0
    for it in events_in(tmp_path / "one.foldline"):
        if it.type.endswith("AttributeChanged"):
            changed.append(it.data)
            continue
        events += 1
        same = known[it.id]
        assert (it.stream, it.type, it.occurred_at[:19]) == (
            same.stream,
            same.type,
            same.occurred_at[:19],
        )
        assert json.loads(it.data["payload"]) == json.loads(same.data["payload"])
        assert [x["id"] for x in it.metadata.get("objects", ())] == [
            x["id"] for x in same.metadata.get("objects", ())
        ]
    assert events == 24
    assert {"state": "open", "total": 12.5} in changed
    assert ({"state": "closed"} in changed) == (name not in ("ocel1.xmlocel", "ocel1.sqlite"))


def test_json_has_types_objects_and_links(log: Path) -> None:
    ingest(json_log(log.with_name("in.json")), into=log)

    changed, placed = events_in(log)
    assert (changed.type, changed.stream, changed.data) == (
        "OrderAttributeChanged",
        "o1",
        {"state": "open"},
    )
    assert (placed.id, placed.stream, placed.data) == ("e1", "o1", {"lines": 2, "note": "<a>"})
    assert placed.metadata == {"objects": [{"id": "i1", "type": "Item"}]}
    assert changed.occurred_at == placed.occurred_at
    assert links_in(log) == {2: ("i1",)}
    assert preview(log.with_name("in.json")).choices[0].values == ("Order", "Item")


def test_objects_may_stand_before_events_and_names_without_a_prefix(log: Path) -> None:
    text = json.dumps(dict(reversed(LOG.items()))).replace('"ocel:vmap"', '"vmap"')
    source = log.with_name("in.json")
    source.write_text(text)

    assert ingest(source, into=log).stored == 2
    assert events_in(log)[1].data == {"lines": 2, "note": "<a>"}


def test_xml_values_have_the_types_of_their_elements(log: Path) -> None:
    values = (
        '<list key="vmap"><int key="n" value="1"/><float key="f" value="1.50"/>'
        '<boolean key="b" value="true"/><int key="x" value="many"/><string key="n" value="2"/>'
        '</list><string key="why" value="so"/>'
    )
    one = '<object><string key="id" value="o1"/></object>'

    report = ingest(xml_log(log.with_name("in.xml"), xml_event("e1", values), one), into=log)

    (placed,) = events_in(log)
    assert placed.data_json == '{"n":"2","f":1.50,"b":true,"x":"many"}'
    assert (placed.source or {})["extras"]["repeated"] == {"n": [1]}
    assert (placed.source or {})["extras"]["why"] == "so"
    assert report.repeated_attributes == 1


@pytest.mark.parametrize(
    "text", ['{"ocel:events": 5, "ocel:objects": {}}', '{"ocel:events": {"a"', "[1]"]
)
def test_a_document_that_is_no_log_is_refused(log: Path, text: str) -> None:
    source = log.with_name("in.json")
    source.write_text(text)

    with pytest.raises(UnreadableSource):
        ingest(source, into=log, format="ocel1-json")


def test_a_file_with_other_columns_is_refused_with_theirs(log: Path) -> None:
    source = log.with_name("in.sqlite")
    db = sqlite3.connect(source)
    db.execute("CREATE TABLE EVENTS (id)")
    db.close()

    with pytest.raises(
        UnreadableSource, match="table 'EVENTS' does not have all of the columns ocel:eid"
    ):
        ingest(source, into=log)


def test_an_object_of_no_known_type_is_one_all_the_same(log: Path) -> None:
    source = json_log(log.with_name("in.json"), objects={"o1": {"ocel:ovmap": {"a": 1}}})

    ingest(source, into=log)

    assert events_in(log)[0].type == "ObjectAttributeChanged"
