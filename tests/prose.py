"""The prose of a Markdown page: its paragraphs and sentences, without code, tables and names.

Left out: fenced and indented code, tables, headings, comments and pictures. Each item of a list is
a paragraph of its own. Code, a link or a row of them with commas between counts as one word: a
list of names is no sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(r"^( *)(`{3,}).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
_HIDDEN: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_PICTURE: Final = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_CODE: Final = re.compile(r"`[^`]*`")
_ITEM: Final = re.compile(r"^ {0,4}(?:[*+-]|\d+\.) +")
_NAMES: Final = re.compile(r"¤(?:(?:,| and| or|, and|, or) ¤)+")
_END: Final = re.compile(r"(?<=[.!?:])[*_\")]*\s+(?=[^a-z])")
_WORD: Final = re.compile(r"[^\W_][\w'’.-]*|¤")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Its text as it is written, with every name as ¤; `line` counts from 1."""

    line: int
    text: str

    @property
    def word_count(self) -> int:
        return len(_WORD.findall(self.text))

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(_END.split(self.text))


def words_of(sentence: str) -> int:
    """How many words a sentence has."""
    return len(_WORD.findall(sentence))


def paragraphs(page: str) -> Iterator[Paragraph]:
    """In the order of the page."""
    block: list[str] = []
    began = 0
    text = _HIDDEN.sub(_blank, _FENCE.sub(_blank, page))
    is_code = False
    for line, written in enumerate([*text.split("\n"), ""], 1):
        # An indented block after an empty line is code, unless a list goes on there.
        is_code = written.startswith("    ") and (is_code or not block)
        is_item = _ITEM.match(written) is not None
        ends = is_code or is_item or not written.strip() or written.lstrip().startswith(("#", "|"))
        if ends and block:
            yield Paragraph(line=began, text=_prose(" ".join(block)))
            block = []
        if is_item or not ends:
            began = began if block else line
            block.append(_ITEM.sub("", written).strip())


def _prose(text: str) -> str:
    text = _CODE.sub("¤", _PICTURE.sub("", text))
    return _NAMES.sub("¤", _LINK.sub(r"\1", text)).strip()


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
