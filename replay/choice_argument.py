"""--choice NAME=VALUE: what a format leaves to a person, decided on the command line."""

import argparse

from replay.words import said


def add_choice_argument(parser: argparse.ArgumentParser) -> None:
    """Repeatable; of the same name the last one counts. `preview` tells what there is to choose."""
    parser.add_argument(
        "--choice",
        type=_name_and_value,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=said("a setting that the format leaves open; preview lists them"),
    )


def choices_of(arguments: argparse.Namespace) -> dict[str, str]:
    """Names and values."""
    return dict(arguments.choice)


def _name_and_value(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise argparse.ArgumentTypeError(said("expected NAME=VALUE: {text!r}", text=text))
    return name, value
