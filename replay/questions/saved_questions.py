"""Questions in SQL that were given a name, as text beside the log."""

from collections.abc import Mapping
from typing import Final

from replay.beside_log import BesideLog
from replay.words import said
from store.errors import StoreError
from store.place import Place


class WrongQuestions(StoreError):
    hint = said("Correct the file, or delete it.")


NONE: Final[Mapping[str, str]] = {}


class NoSuchQuestion(StoreError):
    hint = said("List the saved queries with: main.py sql STORE --list")


FILE: Final = BesideLog[dict[str, str]](
    "-questions.json",
    dict[str, str],
    empty=dict,
    what=said("the saved queries file"),
    wrong=WrongQuestions,
)


def load(place: Place) -> dict[str, str]:
    """Name → statement, by name; none without a file. Raises WrongQuestions."""
    return dict(sorted(FILE.load(place).items()))


def find(place: Place, name: str, shipped: Mapping[str, str] = NONE) -> str:
    """The statement of a name, of a saved question before one that is shipped. Raises
    NoSuchQuestion, WrongQuestions."""
    found = load(place).get(name, shipped.get(name))
    if found is None:
        raise NoSuchQuestion(said("no query is saved as {name!r}", name=name))
    return found


def save(place: Place, name: str, statement: str) -> None:
    """Keep a statement under a name, in place of what had it. Raises WrongQuestions."""
    if not name.strip() or not statement.strip():
        raise WrongQuestions(said("a saved query needs a name and an SQL statement"))
    FILE.change(place, lambda now: {**now, name.strip(): statement})


def remove(place: Place, name: str) -> None:
    """Forget a name. Raises NoSuchQuestion, WrongQuestions."""
    find(place, name)
    FILE.change(place, lambda now: {key: it for key, it in now.items() if key != name})
