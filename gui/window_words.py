"""Texts that are written for a terminal, as the window says them: the same step, where one clicks.

Errors come from the same functions for a verb and for the window, and a verb that runs as a job
says its own on standard error. So every text of an error passes here before it is shown.
"""

import re
from typing import Final

from replay.command_name import IN_A_CLONE, INSTALLED
from store.errors import StoreError

PROJECTOR: Final = "Views ▸ Projector"
PLACES: Final = {  # verb → where the window does it
    "adjust": "Processes ▸ Adjustments",
    "audit": "File ▸ Export the audit trail…",
    "backup": "File ▸ Back up…",
    "build": "Views ▸ Build a view",
    "certify": "File ▸ Certify views and snapshots",
    "checkpoint": "File ▸ Sign a checkpoint…",
    "commands": "Commands",
    "compact": "File ▸ Compact…",
    "compare": "Views",
    "deadletters": "Processes ▸ Dead letters",
    "dispatch": "Processes",
    "export": "File ▸ Export…",
    "find": "Go ▸ Find when a condition came true…",
    "history": "Go ▸ History of the chosen field",
    "import": "File ▸ Import…",
    "info": "Navigator",
    "issue": "Commands",
    "lab": "Delivery lab",
    "log": "Events",
    "migrate": "File ▸ Migrate to other event types…",
    "model": "File ▸ Open a model of your own…",
    "new": "File ▸ New store…",
    "outbox": "Processes",
    "parked": PROJECTOR,
    "projection": "File ▸ Open a projection of your own…",
    "rebuild": "File ▸ Rebuild views",
    "reducers": "File ▸ Compare the model with what it was",
    "rules": "Views ▸ Rules",
    "sample": "File ▸ Fresh copy of this sample",
    "salvage": "File ▸ Salvage a damaged store…",
    "search": "Go ▸ Search all events",
    "snapshots": "File ▸ Snapshots…",
    "sql": "Views ▸ SQL",
    "state": "Inspector",
    "teach": "Go ▸ Teach the state…",
    "trace": "Causes",
    "undo": "Go ▸ Undo this…",
    "upcast": "File ▸ Change an event type…",
    "verify": "File ▸ Verify store",
    "view": "Views",
    "views": PROJECTOR,
    "without": "Go ▸ Without the event at the cursor…",
}
NOWHERE: Final = ("cases", "diff", "lint", "preview", "rerun", "ways")
_OPTION: Final = r"--[a-z][a-z-]*"
_COMMAND: Final = re.compile(  # with its sub-verb, its arguments in capitals, and its options
    rf"(`?)(?<![\w./-])(?:{re.escape(IN_A_CLONE)}|{INSTALLED}) (?P<verb>[a-z]+)"
    rf"(?: (?:keys|sign|verify|new|use|leave|list|export|import|add|show)\b)?"
    rf"(?: (?:{_OPTION}(?:[ =][^\s`.,;:]+)?|[A-Z]+\b|\S+(?= --)))*\1"
)
_PLAIN: Final = (  # options that stand alone in a sentence of ours
    (re.compile(r" yourself with --format\b"), " yourself in the dialog"),
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
