"""YAML as JSON, without making any object: its nodes are read, and no tag of its own is heeded.

What Ruby writes is expected: symbols stand without their colon, and a value with a tag of its own,
such as a BigDecimal, is its text. A number keeps its digits where JSON has such a number, and is a
text where it has none. The parser is PyYAML's in Python, which stops where nesting is too deep.
"""

import re
from typing import Final

import yaml

from store import json_text
from store.reading.fields import Unusable
from store.words import said

LONGEST: Final = 256 * 1024  # characters of one document
MOST_VALUES: Final = 100_000  # of one document, once its aliases are followed
DEEPEST: Final = 100
_STANDARD: Final = "tag:yaml.org,2002:"
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_TRUE: Final = frozenset({"yes", "true", "on"})
_SYMBOL: Final = re.compile(r":[A-Za-z_][\w?!]*")


def json_of_yaml(text: str) -> str:
    """The one document of a text. Raises Unusable when it is no YAML, or larger than stated."""
    if len(text) > LONGEST:
        raise Unusable(said("its YAML is longer than {count:,} characters", count=LONGEST))
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or str(error)
        raise Unusable(said("it is not valid YAML ({problem})", problem=problem)) from None
    except RecursionError:
        raise Unusable(_too_deep()) from None
    return "null" if node is None else _Json().of(node, depth=0)


class _Json:
    """Of one document."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def of(self, node: yaml.Node, *, depth: int) -> str:
        self._left -= 1
        if self._left < 0:
            raise Unusable(said("its YAML has more than {count:,} values", count=MOST_VALUES))
        if depth > DEEPEST:
            raise Unusable(_too_deep())
        if isinstance(node, yaml.MappingNode):
            pairs = [(_name(key), self.of(it, depth=depth + 1)) for key, it in node.value]
            return "{" + ",".join(f"{json_text.encode(name)}:{it}" for name, it in pairs) + "}"
        if isinstance(node, yaml.SequenceNode):
            return "[" + ",".join(self.of(it, depth=depth + 1) for it in node.value) + "]"
        return _scalar(node)


def _name(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise Unusable(said("its YAML has a key that is not a plain value"))
    return _text(node)


def _scalar(node: yaml.Node) -> str:
    kind = node.tag.removeprefix(_STANDARD)
    if kind == "null":
        return "null"
    if kind == "bool":
        return "true" if node.value.lower() in _TRUE else "false"
    if kind in ("int", "float") and _NUMBER.fullmatch(node.value):
        return str(node.value)
    return json_text.encode(_text(node))


def _text(node: yaml.Node) -> str:
    """A plain `:name` is a symbol of Ruby; one in quotes is a text."""
    value = str(node.value)
    is_symbol = getattr(node, "style", None) is None and _SYMBOL.fullmatch(value) is not None
    return value[1:] if is_symbol else value


def _too_deep() -> str:
    return said("its YAML is nested deeper than {count:,} levels", count=DEEPEST)
