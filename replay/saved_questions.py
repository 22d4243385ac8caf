"""Questions in SQL that were given a name, as text beside the log."""

from pathlib import Path
from typing import Final

import msgspec

from store.errors import StoreError

SUFFIX: Final = "-questions.json"


class WrongQuestions(StoreError):
    hint = "Correct the file, or remove it."


class NoSuchQuestion(StoreError):
    hint = "See their names with: main.py sql STORE --list"


def questions_file(log: Path) -> Path:
    """Where the questions of a log are kept."""
    return log.with_name(log.name + SUFFIX)


def load(log: Path) -> dict[str, str]:
    """Name → statement, by name; none without a file. Raises WrongQuestions."""
    path = questions_file(log)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError as error:
        raise WrongQuestions(f"the saved questions cannot be read ({error}): {path}") from error
    return dict(sorted(found.items()))


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
    _write(log, {**load(log), name.strip(): statement})


def remove(log: Path, name: str) -> None:
    """Forget a name. Raises NoSuchQuestion, WrongQuestions."""
    find(log, name)
    _write(log, {key: it for key, it in load(log).items() if key != name})


def _write(log: Path, questions: dict[str, str]) -> None:
    path = questions_file(log)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(questions), indent=1))
    unfinished.replace(path)
