"""What a verb prints while it fills a store from a source that may have no end."""

from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines
from replay.projector.follow import pass_on
from replay.words import counted, said
from store.remote.distance import Distance
from store.transfer.report import ImportCounts, total

SAY_AFTER_S: Final = 1.0  # being behind for less needs no line of its own


class Behind(Struct, frozen=True, kw_only=True):
    """How far the store is behind its source, as of the last look."""

    text: str = ""  # for people
    facts: dict[str, Any] = {}  # the JSON object of a line
    short: str = ""  # for a status line that has no room for more
    lasting: str = ""  # what is worth a line on paper: another one, or its end, gets the next


class GrowingCopy:
    """One line for each batch, and one where being behind begins or ends to last."""

    def __init__(self, store: Path, *, is_json: bool, lines: ProgressLines) -> None:
        """`lines` are those of a job of the window; then nothing else is printed meanwhile."""
        self._store, self._is_json, self._lines = store, is_json, lines
        self._counts = ImportCounts()
        self._behind = Behind()

    def is_ended(self) -> bool:
        """Whether somebody asked to stop. Raises BrokenPipeError when nobody listens."""
        pass_on()
        return self._lines.is_cancelled()

    def tell_stored(self, counts: ImportCounts) -> None:
        """What came of a batch."""
        self._counts = total([self._counts, counts])
        if self._lines.is_on:
            self._tell_job()
        elif self._is_json:
            print_json({"stored": counts.stored, "counts": _numbers(counts)})
        elif counts.stored or counts.rejected or counts.conflicts:
            print_text(_line(counts))

    def tell_behind(self, behind: Behind) -> None:
        """How far it is behind; on paper only what lasts, and its end."""
        before, self._behind = self._behind, behind
        if self._lines.is_on:
            self._tell_job()
        elif behind.lasting != before.lasting:
            if self._is_json:
                print_json(behind.facts)
            else:
                print_text(behind.text)

    def tell_end(self, counts: ImportCounts) -> None:
        """The sum."""
        if self._is_json:
            stored = {"stored": counts.stored, "store": str(self._store)}
            print_json({**stored, "counts": _numbers(counts)})
            return
        if not self._store.exists():
            print_text(said("there are no events yet, so no store was created"))
            return
        print_text(
            counted(
                "{count:,} event stored in {store}",
                "{count:,} events stored in {store}",
                counts.stored,
                store=self._store.name,
            )
        )

    def _tell_job(self) -> None:
        self._lines.tell(
            fraction=None,
            events=None if self._behind.short else self._counts.stored,
            note=self._behind.short or self._behind.text,
            store=str(self._store),
        )


def behind_of(distance: Distance) -> Behind:
    """Of a mirror of a store on a server."""
    facts: dict[str, Any] = {"events": distance.events, "seconds": round(distance.seconds, 3)}
    return Behind(
        text=distance.text,
        short=distance.short,
        facts={"distance": {**facts, "trouble": distance.trouble} if distance.trouble else facts},
        lasting=distance.trouble or lasts(distance.seconds),
    )


def lasts(seconds: float) -> str:
    """As `Behind.lasting` has it, of a delay that is nothing but long."""
    return said("behind") if seconds > SAY_AFTER_S else ""


def _numbers(counts: ImportCounts) -> dict[str, Any]:
    return {name: it for name, it in counts.numbers().items() if it}


def _line(counts: ImportCounts) -> str:
    told = [counted("{count:,} event stored", "{count:,} events stored", counts.stored)]
    if counts.rejected:
        told.append(
            counted("{count:,} record not used", "{count:,} records not used", counts.rejected)
        )
    if counts.conflicts:
        told.append(counted("{count:,} conflict", "{count:,} conflicts", counts.conflicts))
    return ", ".join(told)
