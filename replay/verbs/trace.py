"""trace STORE POSITION: the conversation an event belongs to, from the first cause on."""

import argparse

from replay.command_name import complain
from replay.history.causality import event_at
from replay.history.causation_index import CausationIndex
from replay.history.conversation import LONGEST, Conversation, conversation_of, lines
from replay.history.mil import mil
from replay.printing import print_json, print_text
from replay.projector.catch_up import catch_up
from replay.projector.patience import add_patience_argument
from replay.states.model_set import bundled_models
from replay.verbs.log import whole_number
from replay.views.causation_view import CAUSATION
from replay.views.read_store import reading_views
from replay.words import said
from store.opening import reading
from store.place import path_of

HELP = said("list the commands and events of one conversation, and what caused what")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The conversation is what shares the event's correlation id, or a process manager."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("position", type=int, metavar="POSITION")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help=said("one JSON object: messages and links")
    )
    form.add_argument(
        "--mil",
        action="store_true",
        help=said("with the handlers of each event, and what it changes"),
    )
    parser.add_argument(
        "--limit",
        type=whole_number,
        default=LONGEST,
        metavar="N",
        help=said(
            "events of one correlation id, those around this one; default {longest:,}",
            longest=LONGEST,
        ),
    )
    add_patience_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """One message a line, indented under its cause."""
    models = bundled_models()
    categories = [it.model.category for it in models.processes]
    with reading(arguments.store) as log:
        event = event_at(log, arguments.position)
        catch_up(log, only=[CAUSATION.name], patience_s=arguments.patience)
        with reading_views(log) as views:
            index = CausationIndex(views, log)
            found = conversation_of(
                log, event, index=index, tied_by=categories, models=models, most=arguments.limit
            )
            told = list(mil(log, found, models, models.processes)) if arguments.mil else []
    _tell_cut(found, event.position)
    if arguments.json:
        print_json(
            {
                "correlation_id": found.correlation_id,
                "events": [
                    {"position": it.position, "id": it.id, "type": it.type, "stream": it.stream}
                    for it in found.events
                ],
                "commands": [
                    {"id": it.id, "type": it.type, "stream": it.stream} for it in found.commands
                ],
                "links": [list(it) for it in found.graph.edges],
                "left_out": found.left_out,
            }
        )
        return 0
    for line in told if arguments.mil else lines(found):
        print_text(line)
    return 0


def _tell_cut(found: Conversation, position: int) -> None:
    """On standard error, where some of its events are not told."""
    if found.left_out:
        held = len(found.events)
        complain(
            said(
                "the conversation has {left_out:,} events; the {held:,} around position "
                "{position:,} are shown",
                left_out=found.left_out + held,
                held=held,
                position=position,
            ),
            said("--limit N shows more."),
        )
