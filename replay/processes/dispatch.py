"""What happens after the events: process managers hear them, due commands are handled in lanes
(replay.processes.lanes), messages go out. Each step is one transaction, so a crash between any two
repeats at most the last one, and ids that follow from what caused them make the repetition change
nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.process import ProcessManager
from replay.processes.adjustments import Adjustments
from replay.processes.deaths import count_deaths
from replay.processes.deliveries import Deliveries
from replay.processes.handling import Handling
from replay.processes.hearing import Hearing
from replay.processes.in_hand import InHand
from replay.processes.instances import Instances
from replay.processes.lanes import Lanes
from replay.processes.reactions import Reactions
from replay.processes.refusal_notices import RefusalNotices
from replay.processes.retry_queue import RetryQueue
from store.interface import CommandStore

BATCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one look around did."""

    heard: int = 0
    handled: int = 0
    sent: int = 0
    unsent: int = 0  # messages that were tried in vain, or put right
    conflicts: int = 0  # met by commands, which were decided on again

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.heard or self.handled or self.sent or self.unsent)


class Dispatcher:
    """One for each store at a time (its verb holds the lock). One thread; close it.

    With more than one of `lanes`, commands of different types on different streams are handled
    side by side; without `are_apart` those of one type or one stream too, as they become due, and
    the losers of a race decide again. `in_hand` keeps what is being tried, and knows what another
    process was at when it ended: each of those was an attempt. `pass_point` is called with a name
    between any two steps, on the thread that takes them; tests crash there.
    """

    _taken = 0  # number of the last command that was put into the lanes

    def __init__(
        self,
        store: CommandStore,
        handler: CommandHandler,
        processes: Sequence[ProcessManager[Any]],
        *,
        gateways: Gateways,
        clock_us: Callable[[], int],
        lanes: int = 1,
        are_apart: bool = True,
        in_hand: InHand | None = None,
        pass_point: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self.queue = RetryQueue(store, clock_us=clock_us)
        self._in_hand = hand = in_hand or InHand()
        count_deaths(store, self.queue, hand.left(), clock_us=clock_us)
        reactions = Reactions(store, handler, processes, clock_us=clock_us)
        refusals = RefusalNotices(Instances(store, handler.models, processes), clock_us=clock_us)
        handling = Handling(
            store,
            handler,
            reactions,
            self.queue,
            refusals,
            in_hand=hand,
            clock_us=clock_us,
            pass_point=pass_point,
        )
        self._lanes = Lanes(handling.handle, most=lanes, are_apart=are_apart)
        self._store, self._handler, self._clock_us = store, handler, clock_us
        self._hearing = Hearing(
            store,
            reactions,
            processes,
            self.queue,
            in_hand=self._in_hand,
            clock_us=clock_us,
            is_busy_with=self._lanes.is_busy_with,
            pass_point=pass_point,
        )
        self.start_here = self._hearing.start_here
        self._deliveries = Deliveries(
            store,
            gateways,
            clock_us=clock_us,
            queue=self.queue,
            in_hand=self._in_hand,
            pass_point=pass_point,
            meant=Adjustments(store, handler.models).meant,
        )

    def settle(self, *, is_hurried: bool = True) -> Step:
        """Look around until there is nothing to do now, and no lane is busy. With `is_hurried`
        what has failed before is then tried once more at once, however long it was to wait: after
        what is new, since it may end this process again."""
        met = self._handler.conflicts
        self.queue.look()
        failed_before = self.queue.seen
        total = self._settle(Step())
        if is_hurried:
            self.queue.hurry(failed_before)
            self._lanes.try_again()
            total = self._settle(total)
        return replace(total, conflicts=self._handler.conflicts - met)

    def _settle(self, total: Step) -> Step:
        while not (step := self.step()).is_idle or self._lanes.is_busy:
            total = Step(
                heard=total.heard + step.heard,
                handled=total.handled + step.handled,
                sent=total.sent + step.sent,
                unsent=total.unsent + step.unsent,
            )
        return total

    def step(self) -> Step:
        """Hear a batch of events, handle what is due, send what is released."""
        self.queue.look()
        heard = self._hearing.hear()
        handled = self._handle_due()
        before = self._deliveries.sent
        tried = self._deliveries.send_waiting()
        sent = self._deliveries.sent - before
        return Step(heard=heard, handled=handled, sent=sent, unsent=tried - sent)

    def close(self) -> None:
        """Wait for the commands in hand; the others stay pending."""
        self._lanes.close()
        self._in_hand.close()

    # Commands that are due, timers among them.

    def _handle_due(self) -> int:
        waiting = self._store.beside.commands.waiting
        new = waiting(after=self._taken)
        if asked := {it.subject for it in self.queue.asked() if it.kind == "command"}:
            new = [it for it in waiting(after=0) if it.number > self._taken or it.id in asked]
        self._taken = max([self._taken, *(it.number for it in new)])
        self._lanes.add(new)
        return self._lanes.run(self._clock_us(), limit=BATCH)
