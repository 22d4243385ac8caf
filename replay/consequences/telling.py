"""Consequences as one line of text each."""

from typing import Final

from replay.consequences.found import (
    CommandDiffers,
    Found,
    MessageDiffers,
    ProcessDiffers,
    RowDiffers,
    StreamDiffers,
    TimerDiffers,
    ViewFails,
    kind_of,
)
from replay.states.difference_words import cell, fields, unfoldable
from replay.words import said
from store import json_text
from store.times import format_moment

NAMES: Final = {
    "stream": said("state"),
    "command": said("command"),
    "message": said("message"),
    "process": said("process"),
    "timer": said("timer"),
    "row": said("row"),
    "view": said("view"),
    "unchecked": said("not checked:"),
}


def line_of(it: Found) -> str:
    """Its kind, what is otherwise, and where to look."""
    return f"{NAMES[kind_of(it)]} {told_of(it)}"


def told_of(it: Found) -> str:
    """The same without the kind."""
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
            key = ", ".join(map(str, it.key))
            return f"{it.view} {key}: {cell(it.column, it.before, it.after)}"
        case ViewFails():
            return f"{it.view}: {unfoldable(it.failed_at, it.error)}"
    return f"{it.name}: {it.why}"


def where(position: int | None, branch_position: int | None) -> str:
    """The log's position, or that in the branch where only the branch has the event."""
    if position is not None:
        return f"{position:,}"
    return said("{position:,} of the branch", position=branch_position or 0)


def _stream(it: StreamDiffers) -> str:
    if it.failed_at is not None:
        return said(
            "{stream}: cannot be folded after {failed_at:,} of the branch ({error})",
            stream=it.stream,
            failed_at=it.failed_at,
            error=it.error,
        )
    return said(
        "{stream}, from {where} on: {told}",
        stream=it.stream,
        where=where(it.position, it.branch_position),
        told=fields(it.path, it.before, it.after, it.count),
    )


def _command(it: CommandDiffers) -> str:
    refused = said("would be refused: {text}", text=it.text)
    other = said("would record other events: {text}", text=it.text)
    if it.is_decided:  # the branch holds what came of it
        refused = said("is refused: {text}", text=it.text)
        other = said("records other events: {text}", text=it.text)
    told = {
        "refused": refused,
        "other": other,
        "unanswered": said("cannot be decided on: {text}", text=it.text),
        "failed": said("its model fails: {text}", text=it.text),
        "unsent": said("is not sent any more"),
        "new": said("is sent for the first time"),
        "waits": said("is a timer that has not fired by the end"),
        "kept": said("could not be decided again: {text}", text=it.text),
    }[it.outcome]
    return said(
        "{command} at {where} in {stream}: {told}",
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
        "{gateway} for {where}: {told}{status}: {why}",
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
            "{stream} ends in {after} as well, in another way: {text}",
            stream=it.stream,
            after=after,
            text=it.text,
        )
    return said(
        "{stream} ends in {after} instead of {before}: {text}",
        stream=it.stream,
        after=after,
        before=before,
        text=it.text,
    )


def _timer(it: TimerDiffers) -> str:
    at = format_moment(it.due_at_us, 0)
    if it.fires:
        return said(
            "{command} of {stream} would have fired at {at}",
            command=it.command,
            stream=it.stream,
            at=at,
        )
    return said(
        "{command} of {stream} would not have fired at {at}",
        command=it.command,
        stream=it.stream,
        at=at,
    )
