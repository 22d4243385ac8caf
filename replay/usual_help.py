"""Help for the arguments that mean the same in every verb, where a verb does not say its own."""

import argparse
from typing import Final

from replay.words import said

USUAL: Final = {  # name of the argument → help
    "store": said("the store"),
    "stream": said("the name of the stream"),
    "position": said("the position of the event"),
    "json": said("print JSON"),
    "limit": said("at most N rows"),
}


def describe(parser: argparse.ArgumentParser) -> None:
    """Give every argument of a verb, and of the verbs within it, its usual help."""
    for action in parser._actions:  # argparse has no other list of them
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                describe(sub)
        elif action.help is None:
            action.help = USUAL.get(action.dest)
