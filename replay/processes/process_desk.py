"""What a person is told of process managers, their timers, the outbox and the clock."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.commands.rerun import Rerun
from replay.commands.sent_commands import sent_list
from replay.printing import plain
from replay.process import ProcessManager
from replay.processes.adjustments import Adjustments
from replay.processes.deliveries import Deliveries
from replay.processes.lanes import RATE_US
from replay.processes.loops import loops
from replay.processes.store_clock import StoreClock
from replay.processes.unsent import Unsent
from store import json_text
from store.beside import commands
from store.beside.answers import Answer
from store.beside.outbox import Delivery, Message
from store.events import RecordedEvent, new_event_id
from store.interface import CommandStore
from store.times import format_moment

SHOWN: Final = 500


class ProcessDesk:
    """For one store. One thread. Every answer is plain values."""

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
        self._adjustments = Adjustments(store, handler.models)
        self._unsent = Unsent(store, handler, processes)
        self._deliveries = Deliveries(store, gateways, clock_us=clock.now_us)

    def verbs(self) -> Mapping[str, Callable[[dict[str, Any]], Any]]:
        """What may be asked, by name."""
        return {
            "processes": self._list_instances,
            "instance": self._tell_instance,
            "unsent": self._list_unsent,
            "stuck": self._list_stuck,
            "outbox": self._list_messages,
            "withdraw": self._withdraw,
            "correct": self._correct,
            "adjustments": self._list_adjustments,
            "adjust": self._adjust,
            "traffic": self._tell_traffic,
            "outside": self._tell_outside,
            "lane": self._tell_lane,
            "clock": self._tell_clock,
            "advance": self._advance,
        }

    def _list_instances(self, _request: dict[str, Any]) -> Any:
        """Instances of every process manager; those that are not over first, newest first."""
        pending = self._store.beside.commands.pending()
        found = []
        for process in self._processes:
            start = f"{process.model.category}-"
            names = [it for it in self._store.stream_names() if it.startswith(start)]
            found += [self._instance_facts(process, it, pending) for it in names[-SHOWN:]]
        return sorted(found, key=lambda it: (it["is_over"], -it["position"]))[:SHOWN]

    def _instance_facts(
        self, process: ProcessManager[Any], stream: str, pending: Sequence[commands.IssuedCommand]
    ) -> dict[str, Any]:
        state, version = self._handler.state_of(stream)
        last = next(self._store.read_stream(stream, limit=1, reverse=True))
        return {
            "process": process.model.title,
            "stream": stream,
            "state": process.state_name(state),
            "is_over": process.is_over(state),
            "events": version,
            "position": last.position,
            "pending": sum(it.stream == stream for it in pending),
        }

    def _tell_instance(self, request: dict[str, Any]) -> Any:
        """One instance: its diagram, what it heard and what it sent, oldest first."""
        stream = request["stream"]
        process = self._process_of(stream)
        if process is None:
            return None
        state, _ = self._handler.state_of(stream)
        own = list(self._store.read_stream(stream, limit=SHOWN))
        causes = dict.fromkeys(str(it.metadata.get("causation_id", "")) for it in own)
        beside = self._store.beside
        sent = beside.commands.caused_by(process.model.name, tuple(causes))
        heard = [it for id_ in causes if (it := self._store.event_by_id(id_)) is not None]
        return {
            "stream": stream,
            "states": process.states,
            "moves": [[here, by, there] for (here, by), there in process.moves.items()],
            "state": process.state_name(state),
            "heard": [_event_facts(it) for it in heard],
            "own": [_event_facts(it) for it in own],
            "sent": sent_list(beside, sent),
        }

    def _process_of(self, stream: str) -> ProcessManager[Any] | None:
        return next((it for it in self._processes if it.model.owns(stream)), None)

    def _list_unsent(self, _request: dict[str, Any]) -> Any:
        return self._unsent.waiting(self._clock.now_us())

    def _list_stuck(self, _request: dict[str, Any]) -> Any:
        return plain(self._unsent.stuck(self._clock.now_us()))

    def _list_messages(self, _request: dict[str, Any]) -> Any:
        now_us = self._clock.now_us()
        found = self._store.beside.outbox.latest(limit=SHOWN)
        return [_message_facts(message, last, now_us) for message, last in found]

    def _withdraw(self, request: dict[str, Any]) -> Any:
        self._deliveries.withdraw(request["id"], request["reason"])
        return self._list_messages(request)

    def _correct(self, request: dict[str, Any]) -> Any:
        found = self._store.beside.outbox.latest(limit=SHOWN)
        message = next(it for it, _ in found if it.id == request["id"])
        self._deliveries.correct(message, request["payload"], new_event_id())
        return self._list_messages(request)

    def _list_adjustments(self, _request: dict[str, Any]) -> Any:
        return plain(self._adjustments.proposed())

    def _adjust(self, request: dict[str, Any]) -> Any:
        """Let the adjustments of some messages go out; all of them without `ids`."""
        ids = request.get("ids")
        chosen = [it for it in self._adjustments.proposed() if ids is None or it.message_id in ids]
        self._adjustments.put(chosen, now_us=self._clock.now_us())
        return self._list_adjustments(request)

    def _tell_traffic(self, _request: dict[str, Any]) -> Any:
        """Queues by type of command, and the circles that were stopped."""
        now_us, log = self._clock.now_us(), self._store
        queues = log.beside.commands.queues(now_us, since_us=now_us - RATE_US)
        return {"queues": msgspec.to_builtins(queues), "loops": plain(loops(log))}

    def _tell_outside(self, _request: dict[str, Any]) -> Any:
        """What gateways would be told of events that came from elsewhere, and recorded answers."""
        held = Rerun(self._store, self._handler.models, self._store.place).held(limit=SHOWN + 1)
        answers = self._store.beside.answers.latest(limit=SHOWN)
        return {
            "held": plain(held[:SHOWN]),
            "is_all": len(held) <= SHOWN,
            "answers": [_answer_facts(*it) for it in answers],
        }

    def _tell_lane(self, request: dict[str, Any]) -> Any:
        """The commands of one type by stream, the longest queue first."""
        now_us, commands = self._clock.now_us(), self._store.beside.commands
        found = commands.queues_of_streams(
            request["command"], now_us, since_us=now_us - RATE_US, limit=SHOWN
        )
        return msgspec.to_builtins(found)

    def _tell_clock(self, _request: dict[str, Any]) -> Any:
        ahead_us = self._clock.ahead_us()
        due = self._store.beside.commands.pending()
        return {
            "now": format_moment(self._clock.now_us()),
            "ahead_s": ahead_us / 1_000_000,
            "next_due": format_moment(due[0].due_at_us) if due else "",
            "pending": len(due),
        }

    def _advance(self, request: dict[str, Any]) -> Any:
        self._clock.put_ahead(int(request["seconds"] * 1_000_000))
        return self._tell_clock(request)


def _event_facts(event: RecordedEvent) -> dict[str, Any]:
    return {
        "position": event.position,
        "type": event.type,
        "stream": event.stream,
        "at": format_moment(event.recorded_at_us),
    }


def _answer_facts(position: int, type_: str, answer: Answer) -> dict[str, Any]:
    return {
        "position": position,
        "type": type_,
        "gateway": answer.gateway,
        "request": json_text.decode(answer.request_json),
        "answer": json_text.decode(answer.answer_json),
        "asked_at": format_moment(answer.asked_at_us),
    }


def _message_facts(message: Message, last: Delivery | None, now_us: int) -> dict[str, Any]:
    waiting = "held" if message.release_at_us > now_us else "waiting"
    return {
        "id": message.id,
        "position": message.position,
        "gateway": message.gateway,
        "payload": message.payload_json,
        "release_at": format_moment(message.release_at_us),
        "status": last.status if last else waiting,
        "attempts": last.attempt if last else 0,
        "answer": last.answer if last else "",
    }
