"""Write events as OCEL 2.0: JSON and XML, by its published schemas.

In XML a relation is an `object` with the object's id and type, as the schema says; the examples of
the standard call it `relationship`. Programs read both.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from store.reading.carried import CARRIED
from store.reading.fields import quoted
from store.reading.format import Outgoing
from store.reading.json_members import json_object
from store.reading.ocel_spool import OcelOut, OcelSpool, ocel_spool
from store.reading.ocel_values import typed_text
from store.words import said

_LINE_END: Final = {"\r": "&#13;"}
_IN_ATTRIBUTE: Final = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def write_json(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One document."""
    with ocel_spool() as spool:
        spool.take(events)
        objects = _json_types(_bare(spool.object_types()))
        file.write(f'{{"objectTypes":[{objects}],\n'.encode())
        file.write(f'"eventTypes":[{_json_types(spool.event_types.items())}],\n'.encode())
        _write_list(file, "objects", (_json_object(*it) for it in spool.objects()))
        file.write(b",\n")
        _write_list(file, "events", (_json_event(it, spool) for it in spool.events()))
        file.write(b"}\n")
        return spool.count


def _bare(types: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Types of objects: what changes is an event here, so they have no attributes."""
    return ((name, {}) for name in types)


def _write_list(file: BinaryIO, name: str, texts: Iterable[str]) -> None:
    file.write(f'"{name}":['.encode())
    for number, text in enumerate(texts):
        file.write((",\n" if number else "\n").encode() + text.encode())
    file.write(b"]")


def _json_types(types: Iterable[tuple[str, dict[str, str]]]) -> str:
    each = (
        json_object({"name": quoted(name), "attributes": f"[{_json_declared(attributes)}]"})
        for name, attributes in types
    )
    return ",\n".join(each)


def _json_declared(attributes: dict[str, str]) -> str:
    declared = attributes.items()
    return ",".join(json_object({"name": quoted(n), "type": quoted(t)}) for n, t in declared)


def _json_object(id_: str, type_: str) -> str:
    return json_object(
        {"id": quoted(id_), "type": quoted(type_), "attributes": "[]", "relationships": "[]"}
    )


def _json_event(event: OcelOut, spool: OcelSpool) -> str:
    attributes = (
        json_object({"name": quoted(name), "value": quoted(text)})
        for name, text in _attributes(event, spool)
    )
    ties = (
        json_object({"objectId": quoted(it.object_id), "qualifier": quoted(it.qualifier)})
        for it in event.ties
    )
    return json_object(
        {
            "id": quoted(event.id),
            "type": quoted(event.type),
            "time": quoted(event.time),
            "attributes": f"[{','.join(attributes)}]",
            "relationships": f"[{','.join(ties)}]",
        }
    )


def _attributes(event: OcelOut, spool: OcelSpool) -> Iterator[tuple[str, str]]:
    """Names and texts of all attributes. The data is carried where they do not give it back."""
    declared = spool.event_types[event.type]
    found = {name: it.text for name, it in event.data.items()}
    back = {name: typed_text(text, declared[name]) for name, text in found.items()}
    yield from found.items()
    yield from event.beside.items()
    has_data = json_object(back) != event.outgoing.event.data_json
    yield CARRIED, event.carried(has_data=has_data)


def write_xml(events: Iterable[Outgoing], file: BinaryIO) -> int:
    """One document."""
    with ocel_spool() as spool:
        spool.take(events)
        file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n')
        file.write(_xml_types("object-type", _bare(spool.object_types())).encode())
        file.write(_xml_types("event-type", spool.event_types.items()).encode())
        file.write(b"<objects>\n")
        for id_, type_ in spool.objects():
            text = said(
                "<object id={id_} type={type_}><attributes/></object>\n",
                id_=_quoted(id_),
                type_=_quoted(type_),
            )
            file.write(text.encode())
        file.write(b"</objects>\n<events>\n")
        for event in spool.events():
            file.write(_xml_event(event, spool).encode())
        file.write(b"</events>\n</log>\n")
        return spool.count


def _xml_types(kind: str, types: Iterable[tuple[str, dict[str, str]]]) -> str:
    each = (
        said(
            "<{kind} name={name}>{attributes}</{kind}>\n",
            kind=kind,
            name=_quoted(name),
            attributes=_xml_declared(attributes),
        )
        for name, attributes in types
    )
    return f"<{kind}s>\n{''.join(each)}</{kind}s>\n"


def _xml_declared(attributes: dict[str, str]) -> str:
    each = (
        said('<attribute name={name} type="{kind}"/>', name=_quoted(it), kind=kind)
        for it, kind in attributes.items()
    )
    return f"<attributes>{''.join(each)}</attributes>"


def _xml_event(event: OcelOut, spool: OcelSpool) -> str:
    attributes = "".join(
        said(
            "<attribute name={name}>{text}</attribute>",
            name=_quoted(name),
            text=escape(text, _LINE_END),
        )
        for name, text in _attributes(event, spool)
    )
    ties = "".join(
        said(
            "<object object-id={object_id} qualifier={qualifier} type={object_id_2}/>",
            object_id=_quoted(it.object_id),
            qualifier=_quoted(it.qualifier),
            object_id_2=_quoted(spool.type_of(it.object_id)),
        )
        for it in event.ties
    )
    return said(
        "<event id={id} type={type} "
        "time={time}><attributes>{attributes}</attributes><objects>{ties}</objects></event>\n",
        id=_quoted(event.id),
        type=_quoted(event.type),
        time=_quoted(event.time),
        attributes=attributes,
        ties=ties,
    )


def _quoted(text: str) -> str:
    """As the value of an attribute, in double quotes."""
    return quoteattr(text, _IN_ATTRIBUTE)
