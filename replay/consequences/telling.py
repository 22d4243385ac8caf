"""Consequences as one line of text each."""

from replay.consequences.found import (
    CommandDiffers,
    Found,
    MessageDiffers,
    ProcessDiffers,
    RowDiffers,
    StreamDiffers,
    TimerDiffers,
    ViewFails,
)
from replay.words import said
from store import json_text
from store.times import format_moment


def line_of(it: Found) -> str:
    """What is otherwise, and where to look."""
    match it:
        case StreamDiffers():
            return _stream(it)
        case CommandDiffers():
            return _command(it)
        case MessageDiffers():
            return _message(it)
        case ProcessDiffers():
            return _process(it)
        case TimerDiffers():
            return _timer(it)
        case RowDiffers():
            column = f"{it.column} " if it.column else ""
            return said(
                "row {view} {key}: {column}{change}",
                view=it.view,
                key=", ".join(map(str, it.key)),
                column=column,
                change=change(it.before, it.after),
            )
        case ViewFails():
            return said(
                "view {view}: cannot be folded after {failed_at:,} ({error})",
                view=it.view,
                failed_at=it.failed_at,
                error=it.error,
            )
    return said("not checked: {name}: {why}", name=it.name, why=it.why)


def change(before: str, after: str) -> str:
    """Two values as JSON texts."""
    return f"{before or said('nothing')} → {after or said('nothing')}"


def where(position: int | None, branch_position: int | None) -> str:
    """The log's position, or that in the branch where only the branch has the event."""
    if position is not None:
        return f"{position:,}"
    return said("{position:,} of the branch", position=branch_position or 0)


def _stream(it: StreamDiffers) -> str:
    if it.failed_at is not None:
        return said(
            "state {stream}: cannot be folded after {failed_at:,} of the branch ({error})",
            stream=it.stream,
            failed_at=it.failed_at,
            error=it.error,
        )
    more = said(", and {count:,} more", count=it.count - 1) if it.count > 1 else ""
    return said(
        "state {stream}, from {where} on: {path} {change}{more}",
        stream=it.stream,
        where=where(it.position, it.branch_position),
        path=it.path,
        change=change(it.before, it.after),
        more=more,
    )


def _command(it: CommandDiffers) -> str:
    told = {
        "refused": said("would be refused: {text}", text=it.text),
        "other": said("would record other events: {text}", text=it.text),
        "unanswered": said("cannot be decided on: {text}", text=it.text),
        "failed": said("its model fails: {text}", text=it.text),
    }[it.outcome]
    return said(
        "command {command} at {where} in {stream}: {told}",
        command=it.command,
        where=where(it.position, it.branch_position),
        stream=it.stream,
        told=told,
    )


def _message(it: MessageDiffers) -> str:
    sent, instead = json_text.encode(it.sent), json_text.encode(it.instead)
    told = {
        "cancel": said("cancel {sent}", sent=sent),
        "add": said("add {instead}", instead=instead),
        "adjust": said("adjust {sent} to {instead}", sent=sent, instead=instead),
    }[it.action]
    status = said(" (not sent yet)") if it.status in {"waiting", "failed"} else ""
    return said(
        "message {gateway} for {where}: {told}{status}: {why}",
        gateway=it.gateway,
        where=where(it.position, it.branch_position),
        told=told,
        status=status,
        why=it.why,
    )


def _process(it: ProcessDiffers) -> str:
    before, after = it.before or said("not begun"), it.after or said("not begun")
    if it.before == it.after:
        return said(
            "process {stream} ends in {after} as well, in another way: {text}",
            stream=it.stream,
            after=after,
            text=it.text,
        )
    return said(
        "process {stream} ends in {after} instead of {before}: {text}",
        stream=it.stream,
        after=after,
        before=before,
        text=it.text,
    )


def _timer(it: TimerDiffers) -> str:
    at = format_moment(it.due_at_us, 0)
    if it.fires:
        return said(
            "timer {command} of {stream} would have fired at {at}",
            command=it.command,
            stream=it.stream,
            at=at,
        )
    return said(
        "timer {command} of {stream} would not have fired at {at}",
        command=it.command,
        stream=it.stream,
        at=at,
    )
