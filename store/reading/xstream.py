"""An object as XStream writes it in XML, as JSON: elements are members, their texts are texts.

`<order><id>7</id><lines><line>a</line><line>b</line></lines></order>` is
`{"id":"7","lines":{"line":["a","b"]}}`. Attributes are members that begin with `@`. XML does not
say what is a number, so nothing here becomes one.
"""

from typing import Any, Final
from xml.parsers import expat

from store import json_text
from store.reading.fields import Unusable
from store.words import said

DEEPEST: Final = 200  # levels of elements
TEXT: Final = "#text"  # of an element that has members as well


class _Element:
    """An element that has begun."""

    __slots__ = ("members", "texts")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.members: dict[str, Any] = {f"@{name}": it for name, it in attributes.items()}
        self.texts: list[str] = []

    def add(self, name: str, value: Any) -> None:
        """A member; of one name given several times a list."""
        if name not in self.members:
            self.members[name] = value
        elif isinstance(self.members[name], list):
            self.members[name].append(value)
        else:
            self.members[name] = [self.members[name], value]

    def value(self) -> Any:
        """A text without members is that text."""
        text = "".join(self.texts)
        if not self.members:
            return text
        return {**self.members, TEXT: text} if text.strip() else self.members


def as_json(content: bytes) -> str:
    """The members of the root element. Raises Unusable where the XML is not well-formed, has a
    document type, or is nested deeper than DEEPEST."""
    root = _Element({})
    open_ = [root]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(_: str, attributes: dict[str, str]) -> None:
        if len(open_) > DEEPEST:
            raise Unusable(said("the XML is nested deeper than {deepest} levels", deepest=DEEPEST))
        open_.append(_Element(attributes))

    def end(name: str) -> None:
        done = open_.pop()
        open_[-1].add(name, done.value())

    def refuse(*_: object) -> None:
        raise Unusable(
            said("the XML has a document type declaration (<!DOCTYPE), which is not supported")
        )

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: open_[-1].texts.append(text)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Unusable(said("the XML is not well-formed ({error})", error=error)) from None
    (value,) = root.members.values()
    return json_text.encode(value if isinstance(value, dict) else {TEXT: value} if value else {})


def pairs_of(content: bytes) -> dict[str, str]:
    """The entries of a map as XStream writes one: `<entry><string>k</string><T>v</T></entry>`.
    Raises Unusable."""
    found = json_text.decode(as_json(content)).get("entry", [])
    pairs: dict[str, str] = {}
    for entry in found if isinstance(found, list) else [found]:
        texts = _texts_in(entry)
        if len(texts) == 2:
            pairs[texts[0]] = texts[1]
    return pairs


def _texts_in(entry: Any) -> list[str]:
    if not isinstance(entry, dict):
        return []
    values = (it if isinstance(it, list) else [it] for it in entry.values())
    return [text for texts in values for text in texts if isinstance(text, str)]
