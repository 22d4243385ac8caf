"""What reads the words of a command line: a word that nothing takes is refused by its own verb."""

import argparse
from typing import Any

from replay.words import said


class VerbParser(argparse.ArgumentParser):
    """An ArgumentParser; its parsers of verbs are of the same kind.

    argparse itself leaves words that a verb does not take to the outermost parser, which prints
    its own usage: nobody learns from that what the verb takes.
    """

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The namespace, and nothing left over. Raises SystemExit after telling what is
        left over, and how this verb is used."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(said("unrecognized arguments: {words}", words=" ".join(rest)))
        return found, rest
