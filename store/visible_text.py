"""Text as it can be shown: whatever acts on a terminal or a line instead of being seen is written
as an escape.

Names and payloads come from anywhere. An escape sequence in one can clear a terminal or write to
its clipboard, and a mark that turns the direction of writing makes one name read as another
(`order-a\\u202eevil` as "order-alive"). The escapes are those of JSON, so a JSON text with them
still says the same.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

# Control characters, marks of direction, what has no width, line and paragraph separators,
# surrogates without a partner, and tags. Joiners stay where they join letters of other scripts or
# parts of a picture.
_ACTING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
    "|(?:(?<![^\x00-\x7f])[\u200c\u200d])|(?:[\u200c\u200d](?![^\x00-\x7f]))"
)
LONGEST_SHOWN: Final = 4_000  # characters of one text in a label, a cell or a tip
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def visible(text: str) -> str:
    """The text on one line, with escapes for what cannot be seen as it is."""
    if text.isascii() and text.isprintable():
        return text
    return _ACTING.sub(_escape, text)


def visible_lines(text: str) -> str:
    """As `visible`, but its lines stay lines."""
    return "\n".join(visible(it) for it in text.split("\n"))


def begun(text: str, most: int = LONGEST_SHOWN) -> str:
    """The text, or its beginning with … where it is longer than anything that is laid out at once:
    the time that takes grows with the text, and may come from anywhere."""
    return text if len(text) <= most else f"{text[:most]}…"


def look_alikes(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The names that differ and look the same: composed and decomposed letters, characters without
    a width, other blanks, blanks at an end. Each group sorted, the groups too.

    Letters of different scripts that share a shape are not compared.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[_look(name)].append(name)
    return sorted(tuple(sorted(it)) for it in groups.values() if len(it) > 1)


def spelled_out(text: str) -> str:
    """The text with an escape for everything that is not plain ASCII, and for blanks at an end:
    how names that look alike are told apart."""
    inner = text.strip(" ")
    start = len(text) - len(text.lstrip(" "))
    ends = "\\u0020" * start, "\\u0020" * (len(text) - len(inner) - start if inner else 0)
    shown = "".join(it if it.isascii() and it.isprintable() else _escaped(it) for it in inner)
    return ends[0] + shown + ends[1]


def _look(name: str) -> str:
    if name.isascii() and name.isprintable():
        return " ".join(name.split(" ")).strip()
    return " ".join(unicodedata.normalize("NFC", _ACTING.sub("", name)).split())


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code > 0xFFFF:  # as JSON has it: two surrogates
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
