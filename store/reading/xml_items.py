"""The items of an XML document whose root element holds lists of them, each as a small tree.

Only one item is in memory at a time. A document type is refused: it can name other files and
addresses, and entities that grow without end, and no format of events needs one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError, XMLParser, iterparse
from xml.parsers import expat

from store.errors import UnreadableSource
from store.reading.json_stream import LONGEST_LINE
from store.words import said

MOST_ELEMENTS: Final = 1_000_000  # of one item
_LIST, _ITEM = 2, 3  # levels below the root
DEEPEST: Final = 200  # levels of elements


class XmlItem(NamedTuple):
    """One item. Names in it may have a namespace in front: see `plain`."""

    list: str  # the name of the list that it is in
    number: int  # in all lists of this name, from 1
    parent: int  # which child of the root the list is, from 1
    element: Element


def xml_items(pieces: Iterator[bytes], path: Path) -> Iterator[XmlItem]:
    """Every child of every child of the root, in order. Raises UnreadableSource where the document
    is not well-formed, has a document type, is nested deeper than DEEPEST, or has an item longer
    than LONGEST_LINE or of more elements than MOST_ELEMENTS."""
    feed = _Feed(pieces, path)
    parser = XMLParser(encoding="utf-8")  # whatever it says: the pieces have been recoded
    numbers: dict[str, int] = {}
    open_: list[Element] = []
    elements = 0  # since an item began
    parent = 0
    try:
        for kind, element in iterparse(feed, ("start", "end"), parser=parser):
            if kind == "start":
                open_.append(element)
                elements += 1
                parent += len(open_) == _LIST
                if len(open_) > DEEPEST or elements > MOST_ELEMENTS:
                    raise UnreadableSource(_too_much(len(open_)), path)
                continue
            if len(open_) == _ITEM:
                name = plain(open_[1].tag)
                numbers[name] = numbers.get(name, 0) + 1
                feed.begin_item()
                elements = 0
                yield XmlItem(name, numbers[name], parent, element)
                open_[1].clear()
            elif len(open_) < _ITEM:
                open_[0].clear()
            open_.pop()
    except ParseError as error:
        line, reason = error.position[0], expat.ErrorString(error.code)
        stated = said(
            "the XML is not well-formed at line {line} ({reason}){declared}",
            line=line,
            reason=reason,
            declared=feed.declared,
        )
        raise UnreadableSource(stated, path) from error


def plain(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def _too_much(depth: int) -> str:
    if depth > DEEPEST:
        return said("elements are nested deeper than {deepest} levels", deepest=DEEPEST)
    return said(
        "an item of the XML has more than {most_elements:,} elements", most_elements=MOST_ELEMENTS
    )


class _Feed:
    """The pieces as a file, looked at until the root begins: a document type stands before it."""

    def __init__(self, pieces: Iterator[bytes], path: Path) -> None:
        self._pieces = pieces
        self._path = path
        self._size = 0  # bytes since an item began
        self._prolog: expat.XMLParserType | None = expat.ParserCreate("utf-8")
        self._prolog.StartDoctypeDeclHandler = self._refuse
        self._prolog.StartElementHandler = self._has_begun
        self._prolog.XmlDeclHandler = self._declare
        self._is_root = False
        self.declared = ""  # for a message, where the document says it is in another encoding

    def read(self, _size: int = -1) -> bytes:
        """The next piece, of any length; none at the end."""
        piece = next(self._pieces, b"")
        self._size += len(piece)
        if self._size > LONGEST_LINE:
            reason = said(
                "an item of the XML is longer than {longest_line:,} bytes",
                longest_line=LONGEST_LINE,
            )
            raise UnreadableSource(reason, self._path)
        if self._prolog is not None:
            self._look_at(self._prolog, piece)
        return piece

    def begin_item(self) -> None:
        """Another item comes."""
        self._size = 0

    def _look_at(self, prolog: expat.XMLParserType, piece: bytes) -> None:
        try:
            prolog.Parse(piece, False)
        except expat.ExpatError:
            self._prolog = None  # the other parser says what it is
        if self._is_root:
            self._prolog = None

    def _has_begun(self, *_: object) -> None:
        self._is_root = True

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            self.declared = said(
                "; it says that it is in {encoding}, which has to be chosen", encoding=encoding
            )

    def _refuse(self, *_: object) -> None:
        reason = said("the XML has a document type (<!DOCTYPE), which is not read")
        raise UnreadableSource(reason, self._path)
