"""The items of an XML document whose root element holds lists of them, each as a small tree.

Only one item is in memory at a time. A document type is refused: it can name other files and
addresses, and entities that grow without end, and no format of events needs one.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from store.errors import UnreadableSource
from store.reading.json_stream import LONGEST_LINE
from store.words import said

MOST_ELEMENTS: Final = 1_000_000  # of one item
COUNTED_EVERY: Final = 4  # pieces: how often the elements of an item that goes on are counted
_ITEM: Final = 3  # levels: the root, a list, an item
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
    feed, builder = _Feed(pieces, path), TreeBuilder()
    lists = _Lists(builder.start("document", {}), path)
    # Whatever it says of its encoding: the pieces have been recoded.
    parser = XMLParser(target=builder, encoding="utf-8")
    try:
        while piece := feed.read():
            parser.feed(piece)
            if some := lists.take():
                feed.begin_item()
                yield from some
        parser.close()
    except ParseError as error:
        yield from lists.take()
        line, reason = error.position[0], feed.why(error)
        stated = said(
            "the XML is not well-formed at line {line} ({reason}){declared}",
            line=line,
            reason=reason,
            declared=feed.declared,
        )
        raise UnreadableSource(stated, path) from error
    yield from lists.take(is_whole=True)


class _Lists:
    """What has been read of the lists of a document and not been taken yet: the tree grows in C,
    and what is complete is taken out of it after each piece."""

    def __init__(self, document: Element, path: Path) -> None:
        self._document = document  # holds the root, once that has begun
        self._path = path
        self._numbers: dict[str, int] = {}
        self._parent = 1  # which child of the root the first list in the tree is
        self._waited = 0  # pieces in which the same item was open

    def take(self, *, is_whole: bool = False) -> list[XmlItem]:
        """The items that are complete: all but the last one, unless the document is whole."""
        found = list[XmlItem]()
        self._waited += 1
        root = next(iter(self._document), None)
        if root is None:
            return found
        last = len(root) - 1
        for place, of in enumerate(root):
            is_open = place == last and not is_whole
            end = len(of) - is_open
            if end > 0:
                found += self._items(of, of[:end], self._parent + place)
                del of[:end]
                self._waited = 1
        if last > 0:
            del root[:last]
            self._parent += last
        if not is_whole:
            self._require_bounded(root)
        return found

    def _items(self, of: Element, elements: list[Element], parent: int) -> Iterator[XmlItem]:
        name = plain(of.tag)
        number = self._numbers.get(name, 0)
        self._numbers[name] = number + len(elements)
        for element in elements:
            number += 1
            count = len(list(element.iter()))
            if count > DEEPEST - _ITEM:
                self._require_plain(element, count)
            yield XmlItem(name, number, parent, element)

    def _require_plain(self, element: Element, count: int) -> None:
        """Of a complete item."""
        depth, level = _ITEM - 1, [element]
        while level:
            depth += 1
            if depth > DEEPEST or count > MOST_ELEMENTS:
                raise UnreadableSource(_too_much(depth), self._path)
            level = [part for it in level for part in it]

    def _require_bounded(self, root: Element) -> None:
        """Of the item that is still open: it is the last child of the last list."""
        depth, at = 1, root
        while len(at):
            at = at[-1]
            depth += 1
            if depth > DEEPEST:
                raise UnreadableSource(_too_much(depth), self._path)
        if depth >= _ITEM and self._waited % COUNTED_EVERY == 1:
            count = len(list(root[-1][-1].iter()))
            if count > MOST_ELEMENTS:
                raise UnreadableSource(_too_much(depth), self._path)


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
    """The pieces, looked at until the root begins: a document type stands before it."""

    def __init__(self, pieces: Iterator[bytes], path: Path) -> None:
        self._pieces = pieces
        self._path = path
        self._size = 0  # bytes since an item began
        self._prolog: expat.XMLParserType | None = expat.ParserCreate("utf-8")
        self._prolog.StartDoctypeDeclHandler = self._refuse
        self._prolog.StartElementHandler = self._has_begun
        self._prolog.XmlDeclHandler = self._declare
        self._is_root = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._is_utf_8, self._has_zeros = True, False
        self.declared = ""  # for a message, where the document says it is in another encoding

    def read(self) -> bytes:
        """The next piece, of any length; none at the end."""
        piece = next(self._pieces, b"")
        self._look_at_encoding(piece)
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

    def why(self, error: ParseError) -> str:
        """What is wrong, of bytes that are no UTF-8 and of zeros by name."""
        if not self._is_utf_8:
            return said("it is not valid UTF-8")
        if self._has_zeros:
            return said("it contains a NUL character")
        return expat.ErrorString(error.code)

    def begin_item(self) -> None:
        """Another item comes."""
        self._size = 0

    def _look_at_encoding(self, piece: bytes) -> None:
        self._has_zeros = self._has_zeros or b"\0" in piece
        try:
            self._decoder.decode(piece)
        except UnicodeDecodeError:
            self._is_utf_8 = False
            self._decoder.reset()

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
                "; its declaration says {encoding}, so choose that encoding", encoding=encoding
            )

    def _refuse(self, *_: object) -> None:
        reason = said("the XML has a document type declaration (<!DOCTYPE), which is not supported")
        raise UnreadableSource(reason, self._path)
