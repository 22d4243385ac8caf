"""An XML document read piece by piece: where elements begin and end, with their attributes.

A document type is refused: it can name other files and addresses, and entities that grow without
end, and no format of events needs one.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple
from xml.parsers import expat

from store.errors import UnreadableSource

DEEPEST: Final = 200  # levels of elements


class XmlEvent(NamedTuple):
    """Where an element begins, with its attributes, or ends. Names are without namespace."""

    kind: Literal["start", "end"]
    name: str
    attributes: Mapping[str, str]
    line: int
    offset: int


def xml_events(pieces: Iterator[bytes], path: Path) -> Iterator[XmlEvent]:
    """Every element of the document. Raises UnreadableSource where it is not well-formed, has a
    document type, or is nested deeper than DEEPEST."""
    found: list[XmlEvent] = []
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    depth = 0

    def place() -> tuple[int, int]:
        return parser.CurrentLineNumber, parser.CurrentByteIndex

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnreadableSource(f"elements are nested deeper than {DEEPEST} levels", path)
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        found.append(XmlEvent("start", name.rpartition(" ")[2], plain, *place()))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append(XmlEvent("end", name.rpartition(" ")[2], {}, *place()))

    def refuse(*_: object) -> None:
        raise UnreadableSource("the XML has a document type (<!DOCTYPE), which is not read", path)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = (
            f"the XML is not well-formed at line {error.lineno} ({expat.ErrorString(error.code)})"
        )
        raise UnreadableSource(reason, path) from error
    yield from found
