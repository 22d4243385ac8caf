"""How a view is folded in parts, as it is kept in their folder: two runs with one plan are one."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import DecodeError, Struct, json, structs

from replay.parts.fold_part import report_file
from replay.parts.shipment import PartReport
from replay.parts.source import Source
from replay.views.sink import Mark
from replay.views.skips import load as load_skips
from replay.views.view import View
from store.place import Place
from store.whole_file import written_aside

EVENTS_A_PART: Final = 200_000
PLAN: Final = "plan.json"


class Plan(Struct, frozen=True, kw_only=True):
    """What makes two runs the same one."""

    source: str
    view: str
    definition: str
    position: int
    event_id: str
    by: str | None
    parts: int
    skipped: tuple[int, ...] = ()

    @property
    def mark(self) -> Mark:
        """How far it folds."""
        return Mark(position=self.position, event_id=self.event_id)


def parts_for(events: int, by: str | None, cores: int) -> int:
    """How many parts are made of so many events: each fits into the memory of a worker, and all
    workers have as many to do."""
    if by is None:
        return 1
    rounds = -(-events // (EVENTS_A_PART * cores))
    return max(1, rounds) * cores


def settled(folder: Path, source: Source, view: View, by: str | None, cores: int) -> Plan:
    """The plan of an earlier run that can go on, or another one with an empty folder."""
    head, skipped = source.head(), _skipped(source.place, view)
    plan = Plan(
        source=source.identity,
        view=view.name,
        definition=view.definition,
        position=head.position,
        event_id=head.event_id,
        by=by,
        parts=parts_for(head.position, by, cores),
        skipped=skipped,
    )
    kept = _kept(folder)
    if kept is not None:
        alike = structs.replace(
            kept, position=plan.position, event_id=plan.event_id, parts=plan.parts
        )
        if alike == plan and source.holds(kept.mark, folder):
            return kept
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with written_aside(folder / PLAN) as file:
        file.path.write_bytes(json.encode(plan))
        file.replace()
    return plan


def _kept(folder: Path) -> Plan | None:
    try:
        return json.decode((folder / PLAN).read_bytes(), type=Plan)
    except (OSError, DecodeError):
        return None


def done_parts(folder: Path, plan: Plan) -> list[PartReport]:
    found = [report_file(folder, it) for it in range(plan.parts)]
    return [json.decode(it.read_bytes(), type=PartReport) for it in found if it.exists()]


def kept_parts(place: Place) -> Iterator[tuple[Plan, int]]:
    """Of views of a log that are being folded in parts into its store, or were until somebody ended
    that: the plan, and how many parts are done."""
    prefix = place.beside("-parts-").name
    for folder in sorted(place.path.parent.iterdir()):
        if folder.name.startswith(prefix) and (plan := _kept(folder)) is not None:
            yield plan, len(done_parts(folder, plan))


def _skipped(place: Place | None, view: View) -> tuple[int, ...]:
    if place is None:
        return ()
    ours = (it for it in load_skips(place) if it.view == view.name)
    return tuple(sorted(it.position for it in ours if it.definition == view.definition))
