"""What bringing a branch in came to, or would, as lines of a table; a conflict or a refusal as the
Commands panel shows it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from gui.viewmodels.branch_commands import BranchCommandsViewModel, CommandLine, Detail, Listed
from gui.viewmodels.said import Said
from gui.words import counted, said
from gui.work.branch_reports import BroughtCommand, BroughtEvent, BroughtIn, LeftEvent
from gui.work.branch_wishes import BringIn
from gui.work.jobs import Jobs
from replay.commands.outcome_words import because
from store.place import Place

ANYWAY: Final = "anyway"
GOES_ON: Final = "goes_on"
TITLES: Final = (said("command"), said("stream"), said("on the log"))
NOTHING: Final = said("No command was issued in this branch, so there is nothing to bring in.")
NONE: Final = said("No command was brought in.")
STOPS: Final = said("It stops there. What was brought in before stays.")
WOULD_STOP: Final = said("It would stop there.")


def bringing(jobs: Jobs, branch: Place, model: str) -> BranchCommandsViewModel:
    """Of the branch in a file; `model`: a file of a person's own, or empty."""
    return BranchCommandsViewModel(jobs, partial(_wish, branch, model), listed)


def _wish(branch: Place, model: str, is_preview: bool, options: frozenset[str]) -> BringIn:
    return BringIn(
        store=branch,
        name=branch.branch_name,
        is_preview=is_preview,
        is_anyway=ANYWAY in options,
        goes_on=GOES_ON in options,
        model=model,
    )


def listed(report: BroughtIn, is_preview: bool) -> Listed:
    """As it is shown. Positions of a preview are those that the events would get."""
    found = report.commands
    done = [it for it in found if it.status == "done"]
    events = [event.position for it in done for event in it.events]
    lines = [_line(it, is_preview=is_preview) for it in found]
    lines += [_left(it) for it in report.not_brought_in]
    return Listed(
        lines=lines,
        said=_said(found, len(done), is_preview=is_preview),
        can_run=is_preview and bool(done),
        goal=0 if is_preview else max(events, default=0),
    )


def _said(found: Sequence[BroughtCommand], done: int, *, is_preview: bool) -> Said:
    if not found:
        return Said(text=NOTHING)
    if not done:
        text = said("No command would be brought in.") if is_preview else NONE
    elif is_preview:
        text = counted(
            "{count:,} command would be brought in.",
            "{count:,} commands would be brought in.",
            done,
        )
    else:
        text = counted(
            "{count:,} command was brought in.", "{count:,} commands were brought in.", done
        )
    if found[-1].status in ("refused", "conflict"):
        return Said(text=f"{text} {WOULD_STOP if is_preview else STOPS}", role="warn")
    return Said(text=text, role="dim" if is_preview else "ok")


def _line(it: BroughtCommand, *, is_preview: bool) -> CommandLine:
    detail = _detail(it, is_preview=is_preview)
    texts = (it.command, it.stream, _short(it, is_preview=is_preview))
    return CommandLine(texts=texts, detail=detail, is_warning=it.status in ("refused", "conflict"))


def _short(it: BroughtCommand, *, is_preview: bool) -> str:
    names = ", ".join(event.type for event in it.events) or said("no event is needed")
    match it.status:
        case "done" if is_preview:
            return said("would record {names}", names=names)
        case "done":
            return said("recorded {names}", names=names)
        case "already":
            return said("brought in before")
        case "refused":
            return said("refused: {why}", why=because(it.rule, it.reason))
        case "conflict":
            return said("conflict: the stream has changed")
    return said("stays in the branch: {reason}", reason=it.reason)


def _detail(it: BroughtCommand, *, is_preview: bool) -> Detail:
    match it.status:
        case "conflict":
            return Detail(
                title=said("The stream has changed"),
                text=it.reason,
                value=_brief(it.between),
                tone="warn",
                name=said("recorded in between"),
            )
        case "refused":
            return Detail(
                title=said("Refused by a rule"), text=because(it.rule, it.reason), tone="error"
            )
        case "left":
            return Detail(title=said("Stays in the branch"), text=_sentence(it.reason))
        case "already":
            title = said("Brought in before")
        case _:
            title = said("Would be done") if is_preview else said("Done")
    where = said("The positions are those that it would get.") if is_preview and it.events else ""
    return Detail(title=title, text=where, value=_brief(it.events), tone="ok", name=said("events"))


def _left(it: LeftEvent) -> CommandLine:
    why = said("No command led to it, so there is nothing to issue on the log.")
    texts = (it.type, it.stream, said("stays in the branch: an event without a command"))
    return CommandLine(texts=texts, detail=Detail(title=said("Stays in the branch"), text=why))


def _brief(events: Sequence[BroughtEvent]) -> dict[str, Any] | None:
    return {f"{it.position} {it.type}": it.data for it in events} or None


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
