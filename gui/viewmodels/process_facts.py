"""The values that view models of processes and commands hold, by name for views."""

from replay.commands.sent_commands import SentCommand, Story
from replay.commands.would_send import WouldSend
from replay.processes.adjustments import Adjustment
from replay.processes.dead_letters import DeadLetter
from replay.processes.desk_messages import (
    LOOKED_AT,
    ClockFacts,
    EventFacts,
    InstanceFacts,
    InstanceStory,
    OutboxMessage,
    RecordedAnswer,
)
from replay.processes.loops import Loop
from replay.processes.unsent import Stuck, UnsentCommand
from store.beside.commands import Queue

__all__ = [
    "LOOKED_AT",
    "Adjustment",
    "ClockFacts",
    "DeadLetter",
    "EventFacts",
    "InstanceFacts",
    "InstanceStory",
    "Loop",
    "OutboxMessage",
    "Queue",
    "RecordedAnswer",
    "SentCommand",
    "Story",
    "Stuck",
    "UnsentCommand",
    "WouldSend",
]
