"""The language in which the program speaks: chosen once, before any text is read.

`FOLDLINE_LANGUAGE` names it (`de`, `pt_BR`), or else the variables of the system do (`LANGUAGE`,
`LC_ALL`, `LC_MESSAGES`, `LANG`). Without a catalogue of it everything stays English. Catalogues are
`resources/languages/LANGUAGE/LC_MESSAGES/foldline-LAYER.mo`. `FOLDLINE_LANGUAGE=pseudo` is for
whoever looks for texts without a catalogue: every message stands between ⟦ and ⟧.
"""

import os
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

CATALOGUES: Final = Path(__file__).parents[1] / "resources" / "languages"
LANGUAGE: Final = "FOLDLINE_LANGUAGE"
PSEUDO: Final = "pseudo"


class Door:
    """Every text of one layer that a person reads comes through one of these. Any thread."""

    def __init__(self, layer: str) -> None:
        self._messages = _messages(layer)
        # Without a catalogue a message is itself: constants are read while modules are loaded.
        self._is_english = type(self._messages) is NullTranslations

    def said(self, message: str, /, **values: object) -> str:
        """A message, with its values by name: `said("{count:,} of {total:,}", count=3, total=9)`.

        Without values it is taken as it stands, braces and all."""
        if self._is_english:
            return message.format(**values) if values else message
        text = self._messages.gettext(message)
        return _filled(text, message, values) if values else text

    def counted(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The form that goes with a number, which is `{count}` in both of them."""
        values["count"] = count
        if self._is_english:
            return (one if count == 1 else many).format(**values)
        text = self._messages.ngettext(one, many, count)
        return _filled(text, one if count == 1 else many, values)


class _Pseudo(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message else ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def _messages(layer: str) -> NullTranslations:
    language = os.environ.get(LANGUAGE, "")
    if language == PSEUDO:
        return _Pseudo()
    languages = [language] if language else None  # None: what the system says
    return translation(f"foldline-{layer}", CATALOGUES, languages, fallback=True)


def _filled(text: str, message: str, values: dict[str, object]) -> str:
    """A catalogue that names a value wrongly must not stop the program: the English one is said."""
    try:
        return text.format(**values)
    except (KeyError, IndexError, ValueError):
        return message.format(**values)
