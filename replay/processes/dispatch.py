"""What happens after the events: process managers hear them, due commands are handled in lanes
(replay.processes.lanes), messages go out. Each step is one transaction, so a crash between any two
repeats at most the last one, and ids that follow from what caused them make the repetition change
nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from replay.commands.decide import CommandHandler
from replay.commands.gateways import GatewayFailed, Gateways
from replay.process import ProcessManager
from replay.processes.adjustments import Adjustments
from replay.processes.deliveries import Deliveries
from replay.processes.lanes import End, Lanes
from replay.processes.reactions import Reactions
from replay.processes.retries import Retries
from replay.states.model_set import UnknownCommand
from replay.typed_model import Refused
from store.beside.commands import AlreadyIssued, IssuedCommand, Waiting
from store.beside.outcomes import Expired, Failed, Outcome
from store.errors import StoreBusy, StoreError
from store.interface import CommandStore

BATCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one look around did."""

    heard: int = 0
    handled: int = 0
    sent: int = 0
    conflicts: int = 0  # met by commands, which were decided on again

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.heard or self.handled or self.sent)


class Dispatcher:
    """One for each store at a time (its verb holds the lock). One thread; close it.

    With more than one of `lanes`, commands of different types on different streams are handled
    side by side; without `are_apart` those of one type or one stream too, as they become due, and
    the losers of a race decide again. `pass_point` is called with a name between any two steps, on
    the thread that takes them; tests crash there.
    """

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
        pass_point: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._lanes = Lanes(self._handle, most=lanes, are_apart=are_apart)
        self._taken = 0  # number of the last command that was put into the lanes
        self._store = store
        self._handler = handler
        self._reactions = Reactions(
            store,
            handler,
            processes,
            clock_us=clock_us,
            is_busy_with=self._lanes.is_busy_with,
            pass_point=pass_point,
        )
        self.start_here = self._reactions.start_here
        self._deliveries = Deliveries(
            store,
            gateways,
            clock_us=clock_us,
            pass_point=pass_point,
            meant=Adjustments(store, handler.models).meant,
        )
        self._retries = Retries(store)
        self.stuck = self._reactions.stuck
        self._clock_us = clock_us
        self._pass_point = pass_point

    def settle(self) -> Step:
        """Look around until there is nothing to do now, and no lane is busy."""
        total, met = Step(), self._handler.conflicts
        self._lanes.try_again()
        while not (step := self.step()).is_idle or self._lanes.is_busy:
            total = Step(
                heard=total.heard + step.heard,
                handled=total.handled + step.handled,
                sent=total.sent + step.sent,
            )
        return replace(total, conflicts=self._handler.conflicts - met)

    def step(self) -> Step:
        """Hear a batch of events, handle what is due, send what is released."""
        heard = self._reactions.hear()
        handled = self._handle_due()
        sent = self._deliveries.send_waiting()
        return Step(heard=heard, handled=handled, sent=sent)

    def close(self) -> None:
        """Wait for the commands in hand; the others stay pending."""
        self._lanes.close()

    # Commands that are due, timers among them.

    def _handle_due(self) -> int:
        new = self._store.beside.commands.waiting(after=self._taken)
        self._taken = max((it.number for it in new), default=self._taken)
        self._lanes.add(new)
        return self._lanes.run(self._clock_us(), limit=BATCH)

    def _handle(self, waiting: Waiting) -> End:
        """On the thread of its lane."""
        beside = self._store.beside
        command, outcome = beside.commands.find(waiting.id)
        if command is None or outcome is not None or beside.attempts.is_stopped(waiting.id):
            return "gone"  # cancelled, or handled by another process
        self._pass_point("before handling")
        now_us = self._clock_us()
        if command.expires_at_us is not None and now_us > command.expires_at_us:
            self._settle(_expired(command, now_us))
            return "handled"
        try:
            if owner := self._reactions.owner_of(command):
                self._reactions.wake(owner, command)
            else:
                self._handler.issue(
                    command,
                    is_recorded=True,
                    is_exact=True,
                    after_refusal=partial(self._reactions.telling, command),
                )
        except StoreBusy:
            return "again"  # nothing can be written now, not even this
        except UnknownCommand as error:
            self._retries.note(command.id, str(error), at_us=now_us)
            return "gone"  # it waits for a dispatcher that has its model
        except (GatewayFailed, AlreadyIssued) as error:
            self._retries.note(command.id, str(error), at_us=now_us)
            return "again"  # the world's fault: it stays pending, and its stream with it
        except (StoreError, Refused) as error:
            self._settle(_failed(command, str(error), now_us))
        except Exception as error:  # the edge: a model may raise anything
            reason = f"the model failed: {type(error).__name__}: {error}"
            self._settle(_failed(command, reason, now_us))
        self._pass_point("after handling")
        return "handled"

    def _settle(self, outcome: Outcome) -> None:
        self._store.submit(lambda writer: writer.beside.commands.settle(outcome)).result()


def _expired(command: IssuedCommand, now_us: int) -> Expired:
    reason = "its time to live was over before it was handled"
    return Expired(command_id=command.id, reason=reason, attempts=1, decided_at_us=now_us)


def _failed(command: IssuedCommand, reason: str, now_us: int) -> Failed:
    return Failed(command_id=command.id, reason=reason, attempts=1, decided_at_us=now_us)
