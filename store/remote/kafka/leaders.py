"""Questions to the broker that leads a partition, asked again while brokers agree on who leads it.

That takes a moment after a topic was made, and after a broker has come back.
"""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from confluent_kafka import KafkaError, KafkaException

AGREE_S: Final = 5.0
LOOK_S: Final = 0.05  # between two questions
NOBODY_LEADS: Final = frozenset(
    {
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.UNKNOWN_TOPIC_OR_PART,  # by a broker that has not heard of it yet
        KafkaError._UNKNOWN_PARTITION,
    }
)

T = TypeVar("T")


def from_leader(ask: Callable[[], T], *, within_s: float = AGREE_S) -> T:
    """What `ask` returns. Raises what it raises, of these errors the one of the last attempt."""
    ends = time.monotonic() + within_s
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in NOBODY_LEADS or time.monotonic() > ends:
                raise
        time.sleep(LOOK_S)
