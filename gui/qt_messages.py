"""What Qt itself says: lines that are known to be harmless go to the log, all others to the
terminal, as faults that somebody has to mend."""

import logging
import re
import sys
from typing import Final

from PySide6.QtCore import (
    QMessageLogContext,
    QtMsgType,
    qFormatLogMessage,
    qInstallMessageHandler,
)

LOG: Final = logging.getLogger("foldline.qt")

# Each with the reason why nobody has to act on it.
HARMLESS: Final = (
    # No font of this machine has the glyphs of a script, or can join its letters. Qt says it once
    # a font and size, so hundreds of times for one name. The name is drawn all the same, as boxes
    # where nothing better is there; docs/troubleshooting.md names the remedy, which is a font.
    re.compile(r"^OpenType support missing for "),
    # The platforms without a screen say it of what only a window manager can do.
    re.compile(r"^This plugin does not support "),
)


def is_harmless(text: str) -> bool:
    """Whether a line of Qt is one that a person who reads it could do nothing with."""
    return any(it.search(text) for it in HARMLESS)


def keep_harmless_messages_off_the_terminal() -> None:
    """From now on, until `tell_every_message`. The log gets them at its lowest level, DEBUG."""
    qInstallMessageHandler(_tell)


def tell_every_message() -> None:
    """As Qt does by itself. Before the interpreter ends: Qt may speak while it is torn down."""
    qInstallMessageHandler(None)


def _tell(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """On whichever thread Qt speaks."""
    if is_harmless(text):
        LOG.debug("%s", text)
    elif sys.stderr is not None:  # there is none where a window starts without a console
        sys.stderr.write(f"{qFormatLogMessage(kind, context, text)}\n")
