"""What came of a command, as a sentence: one form for the window and the command line.

`Refused: the balance would be -900.00 €, and -500.00 € is the lowest allowed — rule "overdraft
limit"`. A reason is a model's own sentence; where it begins with a word that is no name, the word
is written small behind the colon.
"""

from typing import Final

from replay.words import said
from store.beside.outcomes import Cancelled, Done, Expired, Failed, Outcome, Refused, Stopped

# Words that begin a sentence and are no name.
_WORDS: Final = (
    "A All An Another Any At Each Every For He In It Its Less More Most Neither No Nobody "
    "None Not Nothing On Only Other Seats She Some Somebody That The There These They This Those "
    "You Your"
)
_PLAIN: Final = frozenset(_WORDS.split())


def refused(rule: str, reason: str) -> str:
    """Of a command that a rule forbade."""
    return said("Refused: {rule}", rule=because(rule, reason))


def would_be_refused(rule: str, reason: str) -> str:
    """Of a command that is only tried."""
    return said("Would be refused: {rule}", rule=because(rule, reason))


def because(rule: str, reason: str, *, kind: str = "rule") -> str:
    """The reason and the rule by name, to stand behind a colon or alone in a column."""
    clause = within(reason)
    return f'{clause} — {kind} "{rule}"' if rule else clause


def within(sentence: str) -> str:
    """A sentence as it stands inside another one."""
    text = sentence.strip()
    first = text.partition(" ")[0].rstrip(".,:;…")
    if first in _PLAIN:
        text = text[:1].lower() + text[1:]
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def outcome_sentence(outcome: Outcome) -> str:
    """What came of a command, whatever it was."""
    match outcome:
        case Done():
            return "Done"
        case Refused(rule=rule, reason=reason):
            return refused(rule, reason)
        case Stopped(limit=limit, reason=reason):
            return said("Failed: {limit}", limit=because(limit, reason, kind="limit"))
        case Failed(reason=reason):
            return said("Failed: {reason}", reason=within(reason))
        case Expired(reason=reason):
            return said("Expired: {reason}", reason=within(reason))
        case Cancelled():
            return said("Cancelled before it was handled")
