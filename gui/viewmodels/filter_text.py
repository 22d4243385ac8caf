"""A filter as it is typed: whether it can be read, and where it cannot."""

from replay.views.predicate import WrongPredicate, predicate


def wrong_place(text: str) -> tuple[int, str] | None:
    """The character that is wrong and what is wrong with it; None for a filter that can be read."""
    try:
        predicate(text)
    except WrongPredicate as error:
        return error.at, error.problem
    return None
