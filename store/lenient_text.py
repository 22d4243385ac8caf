"""Text that SQLite's JSON functions make, and that need not be valid UTF-8.

Half of a surrogate pair is JSON (`"\\ud800"`), and SQLite unescapes it: a whole answer would fail.
"""

import re
from typing import Final

_SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_REPLACEMENT: Final = "\ufffd".encode()


def lenient_text(content: bytes) -> str:
    """For `text_factory`: U+FFFD stands where half a pair stood, or a byte that is no UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _SURROGATE.sub(_REPLACEMENT, content).decode("utf-8", "replace")
