"""Every argument of every verb says what it is for."""

import re
from collections.abc import Iterator

import pytest

from replay import command_line
from tests.replay.verbs.conftest import Run, run

__all__ = ["run"]  # a fixture

GROUPS = {"checkpoint": ("keys", "sign", "verify")}  # verbs of verbs: each has its own help
ENTRY = re.compile(r"^  (?P<name>[^ ].*?)(?:  +(?P<help>[^ ].*))?$")


@pytest.mark.parametrize("verb", command_line.verb_names())
def test_every_argument_has_a_help(run: Run, verb: str) -> None:
    pages = [(verb,), *((verb, it) for it in GROUPS.get(verb, ()))]

    found = {page: list(silent(run(*page, "--help")[1])) for page in pages}

    assert {page: names for page, names in found.items() if names} == {}


def silent(page: str) -> Iterator[str]:
    """The arguments of a help page that have no text behind or below them."""
    listed, options, rest = page.partition("options:\n")
    lines = listed.partition("arguments:\n")[2] + options + rest.partition("\n\n")[0]
    below = [*lines.splitlines()[1:], ""]
    for line, after in zip(lines.splitlines(), below, strict=True):
        entry = ENTRY.match(line)
        if entry and not entry["help"] and not after.startswith("   "):
            yield entry["name"]


def test_an_argument_without_a_help_is_noticed() -> None:
    page = "options:\n  -h, --help  show this\n  --bare\n  --a-long-one NAME\n      its help\n"

    assert list(silent(page)) == ["--bare"]
