"""Rebuilds in the picture of the servers: views that are folded again, here or on Spark."""

from collections.abc import Mapping, Sequence
from typing import Final

from gui.viewmodels.flow_parts import VIEWS, Flow, Role, Work, end_of, id_of, tip_of
from gui.viewmodels.said import Said
from gui.words import said
from replay.engines.arrows import Arrow

NO_SPARK: Final = "no-spark"


def rebuild_roles(sparks: Sequence[Arrow], works: Mapping[str, Work], *, row: int) -> list[Role]:
    """The boxes, from this row on; without a master of Spark the one for what is done here."""
    if not sparks:
        return [_no_spark(row)]
    return [_spark(it, row=at, works=works) for at, it in enumerate(sparks, row)]


def rebuild_flows(sparks: Sequence[Arrow], works: Mapping[str, Work]) -> list[Flow]:
    """Views that are folded again on Spark, and put in the place of the rows here."""
    if not sparks:
        return [Flow(id="to-no-spark", here=NO_SPARK, there=VIEWS, is_still=True)]
    return [_rebuild(it, works.get(id_of(it), Work())) for it in sparks]


def _rebuild(arrow: Arrow, work: Work) -> Flow:
    state = state_of_rebuild(arrow, work)
    return Flow(
        id=id_of(arrow),
        here=end_of(arrow),
        there=VIEWS,
        label=_rebuild_label(arrow, work),
        note=said("stopped") if arrow.parts and not work.is_running else "",
        tone="error" if state.role == "error" else "warn" if state.role == "warn" else "",
        tip=f"{state.text}. {hint}" if (hint := arrow.hint) else state.text,
        is_still=not work.is_running,
        state=state.text,
        way=arrow,
    )


def _rebuild_label(arrow: Arrow, work: Work) -> str:
    if work.is_running:
        return said("starting…") if work.fraction is None else f"{work.fraction:.0%}"
    if arrow.trouble or work.problem:
        return said("error") if work.problem else said("no answer")
    return _parts(arrow) or said("ready")


def _parts(arrow: Arrow) -> str:
    """What an earlier rebuild has left; empty for none."""
    if not arrow.parts:
        return ""
    return said("{done:,} of {parts:,} parts", done=arrow.parts_done, parts=arrow.parts)


def state_of_rebuild(arrow: Arrow, work: Work) -> Said:
    """How it stands, in a sentence without its end."""
    if problem := work.problem or arrow.trouble:
        return Said(text=problem, role="error")
    if work.is_running:
        return Said(text=said("folding the views again"), role="ok")
    if arrow.parts:
        left = said("{parts} are done, the next start continues there", parts=_parts(arrow))
        return Said(text=left, role="warn")
    return Said(text=said("ready to fold the views again"), role="ok")


def _spark(arrow: Arrow, *, row: int, works: Mapping[str, Work]) -> Role:
    problem = arrow.trouble or works.get(id_of(arrow), Work()).problem
    return Role(
        id=end_of(arrow),
        column=1,
        row=row,
        caption=said("Rebuilds"),
        title=said("Spark"),
        note=arrow.address.removeprefix("spark://"),
        tone="error" if problem else "",
        tip=tip_of(said("Reads the events itself: {at}", at=arrow.address), problem, arrow.hint),
    )


def _no_spark(row: int) -> Role:
    return Role(
        id=NO_SPARK,
        column=1,
        row=row,
        caption=said("Rebuilds"),
        title=said("Foldline"),
        note=said("folded here"),
        tip=said("Views are rebuilt on this machine. Add a master of Spark with Add a server…"),
        is_missing=True,
    )
