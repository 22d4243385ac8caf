"""What is printed of the servers around a log."""

import time
from typing import Any, Final

from msgspec import to_builtins

from replay.engines.arrows import Arrow, Survey
from replay.printing import print_json, print_text
from replay.projector.follow import pass_on
from replay.words import counted, said

WAYS: Final = {
    "mirror": said("from {server}"),
    "fold": said("into the views here"),
    "publish": said("to {server}"),
    "sink": said("rows to {server}"),
    "rebuild": said("rebuilds on {server}"),
}
SAID_AGAIN_S: Final = 5.0  # on paper, while figures change and nothing else does


class SurveyLines:
    """On paper one line for each way that events go; in JSON an object for each survey."""

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json
        self._told: dict[tuple[str, str], tuple[Any, float]] = {}
        self._head = -1

    def is_ended(self) -> bool:
        """Never of itself. Raises BrokenPipeError when nobody listens."""
        pass_on()
        return False

    def tell(self, survey: Survey) -> None:
        """What is new of it."""
        if self._is_json:
            print_json(to_builtins(survey))
            return
        if self._head < 0:
            print_text(said("{store}: position {head:,}", store=survey.store, head=survey.head))
            self._head = survey.head
        if survey.problem:
            print_text(survey.problem)
        for it in survey.arrows:
            self._tell(it)

    def _tell(self, arrow: Arrow) -> None:
        if arrow.position is None and not arrow.trouble and arrow.way != "rebuild":
            return  # it is being asked
        standing = (arrow.trouble, arrow.position is None, bool(arrow.behind), arrow.parts_done)
        before, at = self._told.get(arrow.key, (None, 0.0))
        if before == standing and (not arrow.behind or time.monotonic() - at < SAID_AGAIN_S):
            return
        self._told[arrow.key] = standing, time.monotonic()
        print_text(line_of(arrow))


def line_of(arrow: Arrow) -> str:
    """One way that events go, for a person."""
    way = WAYS[arrow.way].format(server=arrow.address)
    return f"  {way}: {standing_of(arrow)}"


def parts_left(arrow: Arrow) -> str:
    """What an earlier rebuild on Spark has left; empty for none."""
    if not arrow.parts:
        return ""
    parts = counted("{count:,} part", "{count:,} parts", arrow.parts)
    return said("{done:,} of {parts} done", done=arrow.parts_done, parts=parts)


def standing_of(arrow: Arrow) -> str:
    """`position 1,203 of 1,215, 12 events behind, 0.4 s`, or what is wrong."""
    if arrow.way == "rebuild":
        return arrow.trouble or parts_left(arrow) or said("ready")
    if arrow.position is None:
        return arrow.trouble or said("is being asked")
    parts = [
        said("position {position:,}", position=arrow.position)
        if arrow.head is None
        else said("position {position:,} of {head:,}", position=arrow.position, head=arrow.head)
    ]
    if arrow.behind:
        parts += [
            counted("{count:,} event behind", "{count:,} events behind", arrow.behind),
            said("{s:.1f} s", s=arrow.seconds),
        ]
    if arrow.rate:
        parts.append(said("{rate:,.0f} events/s", rate=arrow.rate))
    if arrow.dropped:
        parts.append(
            counted("{count:,} duplicate dropped", "{count:,} duplicates dropped", arrow.dropped)
        )
    if arrow.trouble:
        parts.append(arrow.trouble)
    return ", ".join(parts)
