"""What the process of the models answers to a correction."""

import getpass
from functools import partial

from replay.correcting.asked import Asked
from replay.correcting.commit import Committed, commit
from replay.correcting.proposal import By, Proposal, Side, proposed
from replay.correcting.told import CorrectionTold, SideTold
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.workers.worker_messages import CorrectEvent
from store import json_text
from store.interface import CommandStore, EventReader


def corrected(store: CommandStore, models: ModelSet, question: CorrectEvent) -> CorrectionTold:
    """Its preview, or what came of it. Raises CannotCorrect, NotAllReached, and what reading and
    appending raise."""
    by = By(actor=question.actor or getpass.getuser(), reason=question.reason)
    asked = Asked(
        position=question.position,
        kind=question.kind,
        before=question.before,
        data=question.data,
    )
    states = partial(StreamStates, models=models)
    if question.commits:
        made = commit(store, states, asked, by, partly=question.partly, seen=question.seen)
    else:
        made = Committed(proposal=proposed(store, states(), asked, by))
    return _told(store, made)


def _told(log: EventReader, made: Committed) -> CorrectionTold:
    proposal, found = made.proposal, made.proposal.found
    already = found.already
    return CorrectionTold(
        position=found.event.position,
        type=found.event.type,
        kind=found.correction.kind,
        before=_place(log, proposal),
        sides=tuple(map(_side, proposal.sides)),
        is_complete=proposal.is_complete,
        meaning=proposal.meaning,
        made_before=() if already is None else tuple(it.position for it in already.events),
        appended=made.positions,
        has_moved=made.has_moved,
    )


def _place(log: EventReader, proposal: Proposal) -> int | None:
    """Where the event is that a late one belongs before."""
    before = proposal.found.correction.before
    event = log.event_by_id(before) if before else None
    return None if event is None else event.position


def _side(side: Side) -> SideTold:
    return SideTold(
        stream=side.stream,
        model=side.model,
        newest=side.newest,
        now=side.now,
        should_be=side.should_be,
        after=side.after,
        events=tuple((it.type, json_text.decode(it.data_json)) for it in side.events),
        why_left=side.why_left,
    )
