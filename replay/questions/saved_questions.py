"""Questions in SQL that were given a name, as text beside the log."""

from pathlib import Path
from typing import Final

from replay.beside_log import BesideLog
from store.errors import StoreError


class WrongQuestions(StoreError):
    hint = "Correct the file, or remove it."


class NoSuchQuestion(StoreError):
    hint = "See their names with: main.py sql STORE --list"


FILE: Final = BesideLog[dict[str, str]](
    "-questions.json",
    dict[str, str],
    empty=dict,
    what="the file of saved questions",
    wrong=WrongQuestions,
)


def load(log: Path) -> dict[str, str]:
    """Name → statement, by name; none without a file. Raises WrongQuestions."""
    return dict(sorted(FILE.load(log).items()))


def find(log: Path, name: str) -> str:
    """The statement of a name. Raises NoSuchQuestion, WrongQuestions."""
    found = load(log).get(name)
    if found is None:
        raise NoSuchQuestion(f"no question is saved as {name!r}")
    return found


def save(log: Path, name: str, statement: str) -> None:
    """Keep a statement under a name, in place of what had it. Raises WrongQuestions."""
    if not name.strip() or not statement.strip():
        raise WrongQuestions("a question needs a name and a statement")
    FILE.save(log, {**load(log), name.strip(): statement})


def remove(log: Path, name: str) -> None:
    """Forget a name. Raises NoSuchQuestion, WrongQuestions."""
    find(log, name)
    FILE.save(log, {key: it for key, it in load(log).items() if key != name})
