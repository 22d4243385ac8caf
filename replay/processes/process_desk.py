"""What a person is told of process managers, their timers, the outbox and the clock."""

import getpass
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from replay.children.questions import Question
from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.commands.rerun import Rerun
from replay.commands.sent_commands import sent_list
from replay.process import ProcessManager
from replay.processes import desk_messages as desk
from replay.processes.adjustments import Adjustment, Adjustments
from replay.processes.dead_letters import DeadLetter, LetterDesk, dead_letters
from replay.processes.deliveries import Deliveries
from replay.processes.instances import Instances
from replay.processes.lanes import RATE_US
from replay.processes.loops import RULE, loops
from replay.processes.loops import SHOWN as CHAINS
from replay.processes.outbox_desk import OutboxDesk
from replay.processes.refusal_notices import RefusalNotices
from replay.processes.store_clock import StoreClock
from replay.processes.unsent import Stuck, Unsent, UnsentCommand
from store import json_text
from store.beside import commands
from store.beside.answers import Answer
from store.beside.commands import Queue
from store.events import RecordedEvent
from store.interface import CommandStore
from store.times import format_moment


class ProcessDesk:
    """For one store. One thread."""

    def __init__(
        self,
        store: CommandStore,
        handler: CommandHandler,
        processes: Sequence[ProcessManager[Any]],
        *,
        gateways: Gateways,
        clock: StoreClock,
    ) -> None:
        self._store = store
        self._handler = handler
        self._processes = processes
        self._clock = clock
        notices = RefusalNotices(Instances(store, handler.models, processes), clock_us=clock.now_us)
        self._letters = LetterDesk(store, notices, clock_us=clock.now_us)
        self._adjustments = Adjustments(store, handler.models)
        self._unsent = Unsent(store, handler, processes)
        deliveries = Deliveries(store, gateways, clock_us=clock.now_us)
        self._outbox = OutboxDesk(store, deliveries, clock_us=clock.now_us)

    def answers(self) -> Mapping[type[Question[Any]], Callable[[Any], Any]]:
        """What answers each kind of question."""
        return {
            desk.ListInstances: self._list_instances,
            desk.TellInstance: self._tell_instance,
            desk.ListUnsent: self._list_unsent,
            desk.ListStuck: self._list_stuck,
            desk.ListDeadLetters: self._list_letters,
            desk.RetryLetter: self._retry_letter,
            desk.GiveUpLetter: self._give_up_letter,
            desk.ListMessages: self._list_messages,
            desk.WithdrawMessage: self._withdraw,
            desk.CorrectMessage: self._correct,
            desk.ListAdjustments: self._list_adjustments,
            desk.PutAdjustments: self._adjust,
            desk.TellTraffic: self._tell_traffic,
            desk.TellCounts: self._tell_counts,
            desk.TellOutside: self._tell_outside,
            desk.TellLane: self._tell_lane,
            desk.TellClock: self._tell_clock,
            desk.AdvanceClock: self._advance,
        }

    def _list_instances(self, _question: desk.ListInstances) -> tuple[desk.InstanceFacts, ...]:
        """Instances of every process manager; those that are not over first, newest first."""
        pending = self._store.beside.commands.pending()
        found: list[desk.InstanceFacts] = []
        for process in self._processes:
            start = f"{process.model.category}-"
            names = [it for it in self._store.stream_names() if it.startswith(start)]
            found += [self._instance_facts(process, it, pending) for it in names[-desk.SHOWN :]]
        return tuple(sorted(found, key=lambda it: (it.is_over, -it.position))[: desk.SHOWN])

    def _instance_facts(
        self, process: ProcessManager[Any], stream: str, pending: Sequence[commands.IssuedCommand]
    ) -> desk.InstanceFacts:
        state, version = self._handler.state_of(stream)
        last = next(self._store.read_stream(stream, limit=1, reverse=True))
        return desk.InstanceFacts(
            process=process.model.title,
            stream=stream,
            state=process.state_name(state),
            is_over=process.is_over(state),
            events=version,
            position=last.position,
            pending=sum(it.stream == stream for it in pending),
        )

    def _tell_instance(self, question: desk.TellInstance) -> desk.InstanceStory | None:
        """One instance: its diagram, what it heard and what it sent, oldest first."""
        stream = question.stream
        process = self._process_of(stream)
        if process is None:
            return None
        state, version = self._handler.state_of(stream)
        newest = self._store.read_stream(stream, limit=desk.SHOWN, reverse=True)
        own = list(newest)[::-1]
        causes = dict.fromkeys(str(it.metadata.get("causation_id", "")) for it in own)
        beside = self._store.beside
        sent = beside.commands.caused_by(process.model.name, tuple(causes))
        heard = [it for id_ in causes if (it := self._store.event_by_id(id_)) is not None]
        return desk.InstanceStory(
            stream=stream,
            states=tuple(process.states),
            moves=tuple((here, by, there) for (here, by), there in process.moves.items()),
            state=process.state_name(state),
            heard=tuple(map(_event_facts, heard)),
            own=tuple(map(_event_facts, own)),
            own_count=version,
            sent=tuple(sent_list(beside, sent)),
        )

    def _process_of(self, stream: str) -> ProcessManager[Any] | None:
        return next((it for it in self._processes if it.model.owns(stream)), None)

    def _list_unsent(self, _question: desk.ListUnsent) -> tuple[UnsentCommand, ...]:
        return tuple(self._unsent.waiting(self._clock.now_us()))

    def _list_stuck(self, _question: desk.ListStuck) -> tuple[Stuck, ...]:
        return tuple(self._unsent.stuck(self._clock.now_us()))

    def _list_letters(self, _question: object) -> tuple[DeadLetter, ...]:
        return tuple(dead_letters(self._store))

    def _retry_letter(self, question: desk.RetryLetter) -> tuple[DeadLetter, ...]:
        self._letters.retry(question.number, by=getpass.getuser())
        return self._list_letters(question)

    def _give_up_letter(self, question: desk.GiveUpLetter) -> tuple[DeadLetter, ...]:
        self._letters.give_up(question.number, reason=question.reason, by=getpass.getuser())
        return self._list_letters(question)

    def _list_messages(self, _question: object) -> tuple[desk.OutboxMessage, ...]:
        return self._outbox.messages()

    def _withdraw(self, question: desk.WithdrawMessage) -> tuple[desk.OutboxMessage, ...]:
        self._outbox.withdraw(question.id, question.reason)
        return self._outbox.messages()

    def _correct(self, question: desk.CorrectMessage) -> tuple[desk.OutboxMessage, ...]:
        self._outbox.correct(question.id, question.payload)
        return self._outbox.messages()

    def _list_adjustments(self, _question: object) -> tuple[Adjustment, ...]:
        return self._adjustments.proposed(newest=desk.LOOKED_AT).adjustments

    def _adjust(self, question: desk.PutAdjustments) -> tuple[Adjustment, ...]:
        ids, proposed = question.ids, self._adjustments.proposed(newest=desk.LOOKED_AT).adjustments
        chosen = [it for it in proposed if ids is None or it.message_id in ids]
        self._adjustments.put(chosen, now_us=self._clock.now_us())
        return self._list_adjustments(question)

    def _tell_traffic(self, _question: desk.TellTraffic) -> desk.Traffic:
        now_us, log = self._clock.now_us(), self._store
        queues = log.beside.commands.queues(now_us, since_us=now_us - RATE_US)
        return desk.Traffic(queues=tuple(queues), loops=tuple(loops(log)))

    def _tell_counts(self, question: desk.TellCounts) -> desk.WholeCounts:
        commands = self._store.beside.commands
        starts = tuple(f"{it.model.category}-" for it in self._processes)
        return desk.WholeCounts(
            instances=sum(it.startswith(starts) for it in self._store.stream_names()),
            unsent=self._unsent.count(),
            messages=self._store.beside.outbox.count(),
            lane=commands.stream_count(question.lane) if question.lane else 0,
            is_stuck_cut=self._unsent.is_stuck_cut(),
            are_loops_cut=len(commands.stopped(RULE, limit=CHAINS + 1)) > CHAINS,
        )

    def _tell_outside(self, _question: desk.TellOutside) -> desk.Outside:
        held = Rerun(self._store, self._handler.models, self._store.place).held(
            limit=desk.SHOWN + 1
        )
        answers = self._store.beside.answers.latest(limit=desk.SHOWN)
        return desk.Outside(
            held=tuple(held[: desk.SHOWN]),
            is_all=len(held) <= desk.SHOWN,
            answers=tuple(_answer_facts(*it) for it in answers),
            answer_count=self._store.beside.answers.count(),
        )

    def _tell_lane(self, question: desk.TellLane) -> tuple[Queue, ...]:
        now_us, commands = self._clock.now_us(), self._store.beside.commands
        found = commands.queues_of_streams(
            question.command, now_us, since_us=now_us - RATE_US, limit=desk.SHOWN
        )
        return tuple(found)

    def _tell_clock(self, _question: object) -> desk.ClockFacts:
        ahead_us = self._clock.ahead_us()
        due = self._store.beside.commands.pending()
        return desk.ClockFacts(
            now=format_moment(self._clock.now_us()),
            ahead_s=ahead_us / 1_000_000,
            next_due=format_moment(due[0].due_at_us) if due else "",
            pending=len(due),
        )

    def _advance(self, question: desk.AdvanceClock) -> desk.ClockFacts:
        self._clock.put_ahead(int(question.seconds * 1_000_000))
        return self._tell_clock(question)


def _event_facts(event: RecordedEvent) -> desk.EventFacts:
    return desk.EventFacts(
        position=event.position,
        type=event.type,
        stream=event.stream,
        at=format_moment(event.recorded_at_us),
    )


def _answer_facts(position: int, type_: str, answer: Answer) -> desk.RecordedAnswer:
    return desk.RecordedAnswer(
        position=position,
        type=type_,
        gateway=answer.gateway,
        request=json_text.decode(answer.request_json),
        answer=json_text.decode(answer.answer_json),
        asked_at=format_moment(answer.asked_at_us),
    )
