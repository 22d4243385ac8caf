"""What happens after the events: process managers hear them, due commands are handled in lanes
(replay.lanes), messages go out. Each step is one transaction, so a crash between any two repeats
at most the last one, and ids that follow from what caused them make the repetition change nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from replay.adjustments import Adjustments
from replay.causality import correlation_of
from replay.command_form import command_of
from replay.decide import CommandHandler
from replay.deliveries import Deliveries
from replay.gateways import GatewayFailed, Gateways
from replay.lanes import End, Lanes
from replay.loops import RULE, too_deep
from replay.model import Model
from replay.model_set import UnknownCommand
from replay.process import Heard, ProcessManager, Reaction, Send
from replay.retries import Retries
from replay.situations import DecisionSituation, derived_id, refuse_to_ask
from replay.state_at import StateReader
from replay.typed_model import Refused
from store import attempts, commands, json_text, process_facts
from store.backends.sqlite import SqliteStore
from store.commands import AlreadyIssued, IssuedCommand, Outcome, Waiting
from store.errors import DuplicateEventId, StoreBusy, StoreError
from store.events import NewEvent, RecordedEvent
from store.interface import EventReader
from store.query import EventQuery
from store.writer import Writer

BATCH: Final = 200
ROLE: Final = "process"  # process managers may issue every command


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one look around did."""

    heard: int = 0
    handled: int = 0
    sent: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.heard or self.handled or self.sent)


class Dispatcher:
    """One for each store at a time (its verb holds the lock). One thread; close it.

    With more than one of `lanes`, commands of different types on different streams are handled
    side by side. `pass_point` is called with a name between any two steps, on the thread that
    takes them; tests crash there.
    """

    def __init__(
        self,
        store: SqliteStore,
        handler: CommandHandler,
        processes: Sequence[ProcessManager[Any]],
        *,
        gateways: Gateways,
        clock_us: Callable[[], int],
        lanes: int = 1,
        pass_point: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._lanes = Lanes(self._handle, most=lanes)
        self._taken = 0  # number of the last command that was put into the lanes
        self._store = store
        self._handler = handler
        self._processes = {it.model.name: it for it in processes}
        self._of_command = {
            command.__name__: it for it in processes for command in it.model.commands
        }
        self._types = {it.__name__: it for one in processes for it in one.model.commands}
        self._types |= {it.on_refusal.__name__: it.on_refusal for it in processes if it.on_refusal}
        self._deliveries = Deliveries(
            store, gateways, clock_us=clock_us, pass_point=pass_point,
            meant=Adjustments(store, handler.models).meant,
        )  # fmt: skip
        self._retries = Retries(store)
        self.stuck: dict[str, str] = {}  # process manager → at which event it stands, and why
        self._clock_us = clock_us
        self._pass_point = pass_point

    def start_here(self) -> None:
        """Process managers that were never started hear what was recorded here, and nothing of
        what was imported: that has been dealt with where it comes from."""
        begin = process_facts.beginning(self._store.reader().db)
        for name in self._processes:
            if process_facts.heard_until(self._store.reader().db, name) is None:
                work = partial(_hear, name, begin)
                self._store.submit(work).result()

    def settle(self) -> Step:
        """Look around until there is nothing to do now, and no lane is busy."""
        total = Step()
        self._lanes.try_again()
        while not (step := self.step()).is_idle or self._lanes.is_busy:
            total = Step(
                heard=total.heard + step.heard,
                handled=total.handled + step.handled,
                sent=total.sent + step.sent,
            )
        return total

    def step(self) -> Step:
        """Hear a batch of events, handle what is due, send what is released."""
        heard = sum(self._hear(it) for it in self._processes.values())
        handled = self._handle_due()
        sent = self._deliveries.send_waiting()
        return Step(heard=heard, handled=handled, sent=sent)

    def close(self) -> None:
        """Wait for the commands in hand; the others stay pending."""
        self._lanes.close()

    # Process managers.

    def _hear(self, process: ProcessManager[Any]) -> int:
        """A process manager that fails at an event stands still there; the others go on."""
        name = process.model.name
        if name in self.stuck:
            return 0
        after = process_facts.heard_until(self._store.reader().db, name) or 0
        head = self._store.head()
        if head == after:
            return 0
        query = EventQuery(types=tuple(sorted(process.listens)))
        events = list(self._store.read(query, after=after, until=head, limit=BATCH))
        for done, event in enumerate(events):
            self._pass_point("before reacting")
            try:
                is_done = self._react(process, event)
            except StoreBusy:
                raise
            except Exception as error:  # the edge: a model may raise anything
                why = f"{type(error).__name__}: {error}"
                self.stuck[name] = f"stands still at {event.type} at {event.position}: {why}"
                return done
            if not is_done:
                return done
            self._pass_point("after reacting")
        if len(events) < BATCH:
            self._store.submit(partial(_hear, name, head)).result()
        return len(events)

    def _react(self, process: ProcessManager[Any], event: RecordedEvent) -> bool:
        """False while a lane is busy with the instance: the event must wait."""
        heard = self._heard(event)
        instance = process.instance_of(heard)
        if not instance:
            self._store.submit(partial(_hear, process.model.name, event.position)).result()
            return True
        if self._lanes.is_busy_with(f"{process.model.category}-{instance}"):
            return False
        state, version, stream = self._instance(process, instance)
        reaction = process.react(state, heard, self._situation(process, event.id))
        correlation = correlation_of(event)
        self._record(
            process, reaction, stream, version, cause=event.id, correlation=correlation,
            heard=event,
        )  # fmt: skip
        return True

    def _heard(self, event: RecordedEvent) -> Heard:
        models = self._handler.models
        model = models.of_stream(event.stream)
        command_id = str(event.metadata.get("command_id", ""))
        if model is None:
            return Heard(event=event, typed=None, command_id=command_id)
        return Heard(
            event=event,
            typed=models.reading(model).typed(event),
            command_id=command_id,
            before=partial(_state_before, self._store, models.fold(model), event),
        )

    def _instance(self, process: ProcessManager[Any], instance: str) -> tuple[Any, int, str]:
        stream = f"{process.model.category}-{instance}"
        state, version = self._handler.state_of(stream)
        return state, version, stream

    def _situation(self, process: ProcessManager[Any], cause: str) -> DecisionSituation:
        return DecisionSituation(
            command=process.model.title,
            command_id=derived_id(cause, process.model.name),
            actor=process.model.name,
            now_us=self._clock_us(),
            reads=process.reads,
            ask=refuse_to_ask,
            state_of=self._handler.state_of,
            row=_no_row,
        )

    def _record(
        self,
        process: ProcessManager[Any],
        reaction: Reaction,
        stream: str,
        version: int,
        *,
        cause: str,
        correlation: str,
        heard: RecordedEvent | None = None,
        settles: IssuedCommand | None = None,
    ) -> None:
        """State, unsent commands, timers and how far it has heard: together or not at all."""
        now_us = self._clock_us()
        events = _own_events(process, reaction, cause, correlation, now_us)
        sends = [
            self._issued(process, it, n, cause, correlation, now_us)
            for n, it in enumerate(reaction.sends, 1)
        ]
        loop = too_deep(self._store, heard) if heard is not None and sends else ""
        failed = [_outcome(it, "failed", now_us, rule=RULE, reason=loop) for it in sends]

        def work(writer: Writer) -> None:
            db = writer.db
            last = 0
            if events:
                last = writer.append_inside(stream, events, expected=version).position
            commands.add(db, sends)
            for outcome in failed if loop else ():
                commands.settle(db, outcome)
            for command_id in reaction.cancels:
                _cancel(db, command_id, now_us)
            if heard is not None:
                process_facts.hear(db, process.model.name, heard.position)
            if settles is not None:
                first = last - len(events) + 1 if events else None
                commands.settle(
                    db, Outcome(settles.id, "done", first, last or None, "", "", 1, now_us)
                )

        try:
            self._store.submit(work).result()
        except (DuplicateEventId, AlreadyIssued):
            if heard is None:
                raise
            self._store.submit(partial(_hear, process.model.name, heard.position)).result()

    def _issued(
        self, process: ProcessManager[Any], send: Send, number: int, cause: str, correlation: str,
        now_us: int,
    ) -> IssuedCommand:  # fmt: skip
        type_ = type(send.command).__name__
        owner = self._of_command.get(type_)
        model = owner.model if owner else self._handler.models.of_command(type_)[0]
        due = now_us + send.after_us
        return IssuedCommand(
            id=send.id or derived_id(cause, f"{process.model.name} sends {number}"),
            type=type_,
            stream=model.stream_of(send.command),
            data_json=json_text.encode(send.command),
            actor=process.model.name,
            roles=(ROLE,),
            expected=None,
            issued_at_us=now_us,
            due_at_us=due,
            expires_at_us=None if send.lives_us is None else due + send.lives_us,
            causation_id=cause,
            correlation_id=correlation,
        )

    # Commands that are due, timers among them.

    def _handle_due(self) -> int:
        new = commands.waiting(self._store.reader().db, after=self._taken)
        self._taken = max((it.number for it in new), default=self._taken)
        self._lanes.add(new)
        return self._lanes.run(self._clock_us(), limit=BATCH)

    def _handle(self, waiting: Waiting) -> End:
        """On the thread of its lane."""
        db = self._store.reader().db
        command, outcome = commands.find(db, waiting.id)
        if command is None or outcome is not None or attempts.is_stopped(db, waiting.id):
            return "gone"  # cancelled, or handled by another process
        self._pass_point("before handling")
        now_us = self._clock_us()
        if command.expires_at_us is not None and now_us > command.expires_at_us:
            reason = "its time to live was over before it was handled"
            self._settle(_outcome(command, "expired", now_us, reason=reason))
            return "handled"
        try:
            if owner := self._owner(command):
                self._wake(owner, command)
            else:
                self._handler.issue(
                    command, is_recorded=True, is_exact=True,
                    after_refusal=partial(self._tell_refusal, command),
                )  # fmt: skip
        except StoreBusy:
            return "again"  # nothing can be written now, not even this
        except UnknownCommand as error:
            self._retries.note(command.id, str(error), at_us=now_us)
            return "gone"  # it waits for a dispatcher that has its model
        except (GatewayFailed, AlreadyIssued) as error:
            self._retries.note(command.id, str(error), at_us=now_us)
            return "again"  # the world's fault: it stays pending, and its stream with it
        except (StoreError, Refused) as error:
            self._settle(_outcome(command, "failed", now_us, reason=str(error)))
        except Exception as error:  # the edge: a model may raise anything
            reason = f"the model failed: {type(error).__name__}: {error}"
            self._settle(_outcome(command, "failed", now_us, reason=reason))
        self._pass_point("after handling")
        return "handled"

    def _owner(self, command: IssuedCommand) -> ProcessManager[Any] | None:
        """The process manager that a command is for."""
        teller = self._processes.get(command.actor)
        if teller and teller.on_refusal and teller.on_refusal.__name__ == command.type:
            return teller
        return self._of_command.get(command.type)

    def _tell_refusal(self, command: IssuedCommand, reason: str) -> list[IssuedCommand]:
        """What tells the instance that sent a command of its refusal; recorded with it."""
        process = self._processes.get(command.actor)
        if process is None or process.on_refusal is None or command.causation_id is None:
            return []
        own_event = derived_id(command.causation_id, f"{process.model.name} event 1")
        event = self._store.event_by_id(own_event)
        if event is None:
            return []
        instance = event.stream.removeprefix(f"{process.model.category}-")
        told: Any = process.on_refusal
        now_us = self._clock_us()
        return [
            IssuedCommand(
                derived_id(command.id, "refusal"), told.__name__, event.stream,
                json_text.encode(told(instance=instance, command=command.type, reason=reason)),
                process.model.name, (ROLE,), None, now_us, now_us, None, command.id,
                command.correlation_id,
            )
        ]  # fmt: skip

    def _wake(self, process: ProcessManager[Any], command: IssuedCommand) -> None:
        """A command to a process manager itself, such as a timer."""
        instance = command.stream.removeprefix(f"{process.model.category}-")
        state, version, stream = self._instance(process, instance)
        typed = command_of(self._types[command.type], command.data_json)
        reaction = process.handle(state, typed, self._situation(process, command.id))
        self._record(
            process, reaction, stream, version, cause=command.id,
            correlation=command.correlation_id, settles=command,
        )  # fmt: skip

    def _settle(self, outcome: Outcome) -> None:
        self._store.submit(lambda writer: commands.settle(writer.db, outcome)).result()


def _state_before(log: EventReader, model: Model[Any], event: RecordedEvent) -> Any:
    return StateReader(model).at(log, event.stream, event.position - 1).state


def _hear(name: str, position: int, writer: Writer) -> None:
    process_facts.hear(writer.db, name, position)


def _own_events(
    process: ProcessManager[Any], reaction: Reaction, cause: str, correlation: str, now_us: int
) -> list[NewEvent]:
    facts = {"correlation_id": correlation, "causation_id": cause, "user": process.model.name}
    return [
        NewEvent(
            type=type(event).__name__,
            data_json=json_text.encode(event),
            metadata_json=json_text.encode(facts),
            id=derived_id(cause, f"{process.model.name} event {number}"),
            occurred_at_us=now_us,
            occurred_offset_min=0,
        )
        for number, event in enumerate(reaction.events, 1)
    ]


def _cancel(db: Any, command_id: str, now_us: int) -> None:
    command, outcome = commands.find(db, command_id)
    if command is not None and outcome is None:
        commands.settle(db, _outcome(command, "cancelled", now_us))


def _outcome(
    command: IssuedCommand, status: commands.Status, now_us: int, *, rule: str = "",
    reason: str = "",
) -> Outcome:  # fmt: skip
    return Outcome(command.id, status, None, None, rule, reason, 1, now_us)


def _no_row(view: str, _key: str) -> Any:
    raise LookupError(f"a process manager reads no views: {view}")
