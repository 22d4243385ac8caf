"""issue STORE COMMAND --data JSON: let a command be decided, and record what comes of it."""

import argparse
import getpass
from contextlib import closing
from typing import Final

from msgspec import structs

from replay.commands.answered import Answered, Conflict, Settled, is_done
from replay.commands.command_form import command_of
from replay.commands.decide import CommandHandler
from replay.commands.declared_rows import DeclaredRows
from replay.commands.gateways import gateways_of
from replay.commands.intents import intents_of, issue_each
from replay.commands.offers import Offers, Preview
from replay.commands.outcome_words import outcome_sentence, within, would_be_refused
from replay.commands.recorder import recorder_of
from replay.commands.saved_states import Saved, SavedStates
from replay.commands.sent_commands import answer_facts, sent_facts
from replay.history.causality import correlation_of, event_at
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.processes.store_clock import StoreClock
from replay.states.model_set import ModelSet
from replay.words import said
from store import json_text
from store.beside.commands import IssuedCommand, require_same
from store.beside.interface import CommandReader
from store.errors import StoreError
from store.events import RecordedEvent, new_event_id
from store.interface import CommandStore
from store.opening import open_store
from store.place import Place, path_of
from store.remote.origin import require_no_mirror
from store.times import now_us

HELP = said("issue a command: its events are recorded, or a rule refuses it")
REFUSED: Final = 1
NAMED: Final = 5  # events of a conflict


class Refusal(StoreError):
    """The command was refused, or the stream has moved on."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A resend with the same --id gives the first outcome."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("command", metavar="COMMAND", help=said("a name listed by `commands`"))
    parser.add_argument("--data", default="{}", metavar="JSON", help=said("the command's fields"))
    parser.add_argument(
        "--expected",
        type=_version,
        metavar="V",
        help=said("the stream version that you saw; any other is a conflict"),
    )
    parser.add_argument("--id", metavar="ID", help=said("of the command; default: a new one"))
    parser.add_argument(
        "--because", type=int, metavar="POSITION", help=said("the event that caused it")
    )
    parser.add_argument("--actor", metavar="NAME", help=said("who issues it; default: you"))
    parser.add_argument("--role", action="append", default=[], help=said("a role of the actor"))
    parser.add_argument(
        "--preview", action="store_true", help=said("show what it would do, without writing")
    )
    parser.add_argument(
        "--queue", action="store_true", help=said("record it as pending; `dispatch` decides it")
    )
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when it was refused, or when the stream has moved on."""
    models = chosen_models(arguments)
    store, saved = open_store(arguments.store), SavedStates(Place(arguments.store))
    try:
        clock = StoreClock(store)
        command = _command(arguments, clock.now_us(), store)
        if arguments.queue:
            require_no_mirror(arguments.store)
            return _queue(store, models, command, is_json=arguments.json)
        return settle(
            store,
            models,
            command,
            saved=saved,
            is_preview=arguments.preview,
            is_json=arguments.json,
        )
    finally:
        saved.close()
        store.close()


def settle(
    store: CommandStore,
    models: ModelSet,
    command: IssuedCommand,
    *,
    saved: Saved,
    is_preview: bool,
    is_json: bool,
) -> int:
    """Let a command be decided and record what comes of it, or only tell what it would do. Returns
    the exit code. Raises Refusal."""
    clock, rows = StoreClock(store), DeclaredRows(store.place)
    if is_preview:
        offers = Offers(store, models, clock_us=clock.now_us, row=rows, saved=saved)
        return _print_preview(offers.preview(command, store.head()), is_json)
    recorder = recorder_of(store, models, clock_us=clock.now_us)
    handler = CommandHandler(
        store,
        models,
        gateways=gateways_of(store.place),
        clock_us=clock.now_us,
        read_row=rows,
        saved=saved,
        recorder=recorder,
    )
    with closing(recorder):
        answers = issue_each(handler, command, is_exact=command.expected is not None)
    if not answers:
        return _print_nothing(command, is_json=is_json)
    is_one = len(answers) == 1
    codes = [
        _print_answer(it, handler.events_of(it), is_json, is_one_of_several=not is_one)
        for it in answers
    ]
    return max(codes, default=0)


def _command(arguments: argparse.Namespace, at_us: int, store: CommandStore) -> IssuedCommand:
    id_ = arguments.id or new_event_id()
    cause, correlation = None, id_
    if arguments.because is not None:
        event = event_at(store, arguments.because)
        cause, correlation = event.id, correlation_of(event)
    return IssuedCommand(
        id=id_,
        type=arguments.command,
        stream="",
        data_json=arguments.data,
        actor=arguments.actor or getpass.getuser(),
        roles=tuple(arguments.role),
        expected=arguments.expected,
        issued_at_us=now_us(),
        due_at_us=at_us,
        expires_at_us=None,
        causation_id=cause,
        correlation_id=correlation,
    )


def _version(text: str) -> int:
    version = int(text)
    if version < 0:
        raise argparse.ArgumentTypeError(
            said("versions count from 1; an empty stream has version 0")
        )
    return version


def _print_nothing(command: IssuedCommand, *, is_json: bool) -> int:
    """A form that asks for no change is no command."""
    if is_json:
        print_json({"id": command.id, "command": command.type, "status": said("nothing to do")})
    else:
        print_text(said("{type} requests no change: nothing was issued", type=command.type))
    return 0


def _queue(store: CommandStore, models: ModelSet, command: IssuedCommand, *, is_json: bool) -> int:
    """Record the command, or those that a form holds, without deciding. A resend adds nothing."""
    found = list(intents_of(models, command))
    waiting = []
    for it in found:
        model, type_ = models.of_command(it.type)
        stream = model.stream_of(command_of(type_, it.data_json))
        waiting.append(structs.replace(it, stream=stream))
    known = store.beside.commands
    new = [it for it in waiting if _is_new(known, it)]
    store.write(lambda writer: writer.beside.commands.add(new))
    for it in waiting:
        if is_json:
            outcome = store.beside.commands.outcome_of(it.id)
            print_json(sent_facts(it, outcome))
        else:
            print_text(
                said(
                    "{type} {id} is pending for {stream}", type=it.type, id=it.id, stream=it.stream
                )
            )
    return 0


def _is_new(known: CommandReader, command: IssuedCommand) -> bool:
    """Raises IdTaken when its id is that of another command."""
    first, _ = known.find(command.id)
    if first is not None:
        require_same(first, command)
    return first is None


def _print_preview(preview: Preview, is_json: bool) -> int:
    refusal = preview.refusal
    if is_json:
        print_json(
            {
                "stream": preview.stream,
                "version": preview.version,
                "events": [{"type": type_, "data": data} for type_, data in preview.events],
                "state": preview.after,
                "refused": [
                    {"command": command, "rule": rule, "reason": reason}
                    for command, rule, reason in preview.refused
                ],
                "rule": refusal.rule if refusal else "",
                "reason": refusal.reason if refusal else "",
            }
        )
        return REFUSED if refusal else 0
    if refusal is not None:
        raise Refusal(would_be_refused(refusal.rule, refusal.reason), "")
    print_text(
        said(
            "would record in {stream}, at version {version}:",
            stream=preview.stream,
            version=preview.version,
        )
    )
    for type_, data in preview.events:
        print_text(f"  {type_} {json_text.encode(data)}")
    for name, rule, reason in preview.refused:
        print_text(f"  {name}: {would_be_refused(rule, reason)}")
    print_text(said("and the state would become {after}", after=json_text.encode(preview.after)))
    return 0


def _print_answer(
    answered: Answered, events: tuple[RecordedEvent, ...], is_json: bool, *, is_one_of_several: bool
) -> int:
    if is_json:
        print_json(answer_facts(answered, events))
        return 0 if is_done(answered) else REFUSED
    if not is_done(answered):
        if not is_one_of_several:
            raise _refusal(answered)
        print_text(f"{answered.command.type}: {_told(answered)}")
        return REFUSED
    note = said(" (already done before)") if answered.is_resend else ""
    print_text(
        said(
            "{type} {id} done{note}", type=answered.command.type, id=answered.command.id, note=note
        )
    )
    for event in events:
        print_text(f"  {event.position} {event.stream} v{event.version} {event.type}")
    return 0


def _told(answered: Answered) -> str:
    match answered:
        case Conflict(reason=reason):
            return said("Conflict: {reason}", reason=within(reason))
        case Settled(outcome=outcome):
            return outcome_sentence(outcome)


def _refusal(answered: Answered) -> Refusal:
    """What is told of a command that was not done."""
    match answered:
        case Conflict(between=between, came=count):
            came = ", ".join(
                said("{type} at {position}", type=it.type, position=it.position)
                for it in between[:NAMED]
            )
            came += said(" and {count:,} more", count=count - NAMED) if count > NAMED else ""
            again = f"--id {answered.command.id} --expected {answered.version}"
            return Refusal(
                answered.reason,
                said(
                    "Recorded since: {came}. Issue it again with {again}.", came=came, again=again
                ),
            )
        case Settled(outcome=outcome):
            return Refusal(outcome_sentence(outcome), "")
