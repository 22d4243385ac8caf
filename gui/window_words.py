"""Texts that are written for a terminal, as the window says them: the same step, where one clicks.

Errors come from the same functions for a verb and for the window, and a verb that runs as a job
says its own on standard error. So every text of an error passes here before it is shown.
"""

import re
from typing import Final

from gui.words import said
from replay.command_name import IN_A_CLONE, INSTALLED
from store.errors import StoreError

PROJECTOR: Final = said("Views ▸ Projector")
PLACES: Final = {  # verb → where the window does it
    "adjust": said("Processes ▸ Adjustments"),
    "audit": said("File ▸ Export the audit trail…"),
    "backup": said("File ▸ Back up…"),
    "branch": said("Branch ▸ Branches and edits"),
    "build": said("Views ▸ Build a view"),
    "certify": said("File ▸ Certify views and snapshots"),
    "checkpoint": said("File ▸ Sign a checkpoint…"),
    "commands": said("Commands"),
    "compact": said("File ▸ Compact…"),
    "compare": said("Views"),
    "consequences": said("Branch ▸ List consequences"),
    "deadletters": said("Processes ▸ Dead letters"),
    "dispatch": said("Processes"),
    "export": said("File ▸ Export…"),
    "find": said("Go ▸ Find when a condition became true…"),
    "follow": said("File ▸ Open live…"),
    "history": said("Go ▸ History of the selected field"),
    "import": said("File ▸ Import…"),
    "info": said("Navigator"),
    "issue": said("Commands"),
    "lab": said("Delivery lab"),
    "log": said("Events"),
    "mirror": said("File ▸ Connect…"),
    "consume": said("File ▸ Connect…"),
    "correct": said("Go ▸ Correct the event at the cursor…"),
    "migrate": said("File ▸ Migrate to other event types…"),
    "model": said("File ▸ Open a model of your own…"),
    "new": said("File ▸ New store…"),
    "outbox": said("Processes"),
    "parked": PROJECTOR,
    "projection": said("File ▸ Open a projection of your own…"),
    "rebuild": said("File ▸ Rebuild views"),
    "reducers": said("File ▸ Compare the model with its previous version"),
    "rules": said("Views ▸ Rules"),
    "sample": said("File ▸ Fresh copy of this sample"),
    "salvage": said("File ▸ Salvage a damaged store…"),
    "search": said("Go ▸ Search all events"),
    "snapshots": said("File ▸ Snapshots…"),
    "sql": said("Views ▸ SQL"),
    "state": said("Inspector"),
    "teach": said("Go ▸ Teach the state…"),
    "trace": said("Causes"),
    "undo": said("Go ▸ Undo this…"),
    "upcast": said("File ▸ Change an event type…"),
    "verify": said("File ▸ Verify store"),
    "view": said("Views"),
    "views": PROJECTOR,
    "without": said("Go ▸ Without the event at the cursor…"),
}
NOWHERE: Final = (
    *(
        "cases",
        "changes",
        "definitions",
        "diff",
        "engines",
        "lint",
        "preview",
        "publish",
        "rerun",
        "sink",
        "ways",
    ),
)
UNPACK_ALL: Final = said("choose unlimited as its unpacked size")
_OPTION: Final = r"--[a-z][a-z-]*"
_COMMAND: Final = re.compile(  # with its sub-verb, its arguments in capitals, and its options
    rf"(`?)(?<![\w./-])(?:{re.escape(IN_A_CLONE)}|{INSTALLED}) (?P<verb>[a-z]+)"
    rf"(?: (?:keys|sign|verify|new|use|leave|list|export|import|add|show)\b)?"
    rf"(?: (?:{_OPTION}(?:[ =][^\s`.,;:]+)?|[A-Z]+\b|\S+(?= --)))*\1"
)
_PLAIN: Final = (  # options that stand alone in a sentence of ours
    (re.compile(r" yourself with --format\b"), " yourself in the dialog"),
    (re.compile(r": --choice unpack=unlimited"), f", {UNPACK_ALL}."),
    (re.compile(r", on the command line with --encoding (\S+)\."), r": \1."),
    (re.compile(r"\bat --at (\d+)|--at (\d+)"), r"position \1\2"),
)
_SENTENCE: Final = re.compile(r"(?<=[.!?]) +")
_TERMINAL: Final = re.compile(
    rf"(?<![\w/]){re.escape(IN_A_CLONE)}(?!\w)|(?<![\w-]){_OPTION}"
    rf"|(?<![\w./-]){INSTALLED} (?:{'|'.join((*PLACES, *NOWHERE))})\b"
)


def names_terminal(text: str) -> bool:
    """Whether it speaks of a command line."""
    return _TERMINAL.search(text) is not None


def in_window(text: str) -> str:
    """A text of ours for somebody who has the window: a command becomes the place in the window
    that does the same. A sentence about what the window has nothing for is left out."""
    if not names_terminal(text):
        return text
    for pattern, words in _PLAIN:
        text = pattern.sub(words, text)
    sentences = (_COMMAND.sub(_place, it) for it in _SENTENCE.split(text))
    return " ".join(it for it in sentences if not names_terminal(it))


def hint_of(error: StoreError) -> str:
    """What to do next, in the window."""
    return in_window(error.hint)


def error_words(error: StoreError) -> str:
    """What is wrong, and what to do next, behind one another."""
    return f"{error}. {hint_of(error)}".strip()


def _place(command: re.Match[str]) -> str:
    return PLACES.get(command["verb"], command[0])
