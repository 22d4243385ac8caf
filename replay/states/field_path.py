"""The path of a field as a person types it: `lines[0].sku`, `lines.0.sku`, `left["a.b"]`."""

import json
import re
from typing import Any, Final

from replay.states.diff import Path
from replay.words import said
from store.errors import StoreError

_STEP: Final = re.compile(
    r"""\[(?P<index>\d{1,9})\]             # an item
    |\[(?P<quoted>"(?:[^"\\]|\\.)*")\]      # a name with signs in it
    |\.?(?P<name>[^.\[\]]+)                 # a name, or the number of an item""",
    re.VERBOSE,
)


class WrongPath(StoreError):
    hint = said(
        'Write it as the state shows it: lines[0].sku, or left["a.b"] if a name contains a dot.'
    )

    def __init__(self, text: str, at: int) -> None:
        super().__init__(
            said(
                "the path is not valid from character {at}: {text!r}",
                at=at + 1,
                text=text,
            )
        )


def parse_path(text: str) -> Path:
    """The keys of a path; `$` is the whole state. Digits are the place of an item, and the name of
    a field where there is no list. Raises WrongPath."""
    if text == "$":
        return ()
    text = text.removeprefix("$.")
    keys, at = [], 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise WrongPath(text, at)
        keys.append(_key(found, text))
        at = found.end()
    if not keys:
        raise WrongPath(text, 0)
    return tuple(keys)


def _key(found: re.Match[str], text: str) -> str | int:
    if found["index"] is not None:
        return int(found["index"])
    if found["quoted"] is None:
        name = found["name"]
        return int(name) if name.isascii() and name.isdigit() and len(name) < 10 else name
    try:
        key: Any = json.loads(found["quoted"])
    except ValueError:
        raise WrongPath(text, found.start()) from None
    return str(key)
