"""The rules of imports as a file of JSON, to be used again; and those that a log keeps."""

from pathlib import Path
from typing import Final

import msgspec

from store import json_text
from store.errors import WrongRules
from store.shaping.rules import ImportRules
from store.whole_file import write_whole
from store.words import said

_WHICH: Final = "rules"


def read_rules(path: Path) -> ImportRules:
    """The rules in a file. Raises WrongRules, OSError."""
    try:
        return rules_from(path.read_bytes())
    except ValueError as error:
        raise WrongRules(
            [
                (
                    _WHICH,
                    said(
                        "{name} contains no rules of an import ({error})",
                        name=path.name,
                        error=error,
                    ),
                )
            ]
        ) from None


def rules_from(text: str | bytes) -> ImportRules:
    """The rules that a JSON text states. Raises ValueError."""
    return msgspec.convert(json_text.decode(text), ImportRules)


def write_rules(rules: ImportRules, path: Path, *, overwrite: bool) -> None:
    """Write the file whole. Raises StoreExists where one is there that is not to be replaced, and
    what `write_whole` raises."""
    write_whole(path, rules_text(rules).encode() + b"\n", overwrite=overwrite)


def rules_text(rules: ImportRules) -> str:
    """The file's text, for people to read and change."""
    return msgspec.json.format(json_text.encode(rules.as_dict()), indent=1)
