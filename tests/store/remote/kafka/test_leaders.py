"""A question to the leader of a partition is asked again while there is none."""

from collections.abc import Iterator

import pytest
from confluent_kafka import KafkaError, KafkaException

from store.remote.kafka.leaders import from_leader


def failing(*codes: int) -> Iterator[KafkaException]:
    return (KafkaException(KafkaError(it)) for it in codes)


@pytest.mark.parametrize(
    "code",
    [
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
    ],
)
def test_the_answer_comes_once_somebody_leads(code: int) -> None:
    errors = failing(code, code)

    def ask() -> str:
        for error in errors:
            raise error
        return "answer"

    assert from_leader(ask) == "answer"


def test_any_other_error_is_raised_at_once() -> None:
    asked = list[int]()

    def ask() -> None:
        asked.append(1)
        raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))

    with pytest.raises(KafkaException):
        from_leader(ask)

    assert asked == [1]


def test_nobody_waits_for_good() -> None:
    def ask() -> None:
        raise KafkaException(KafkaError(KafkaError.NOT_LEADER_FOR_PARTITION))

    with pytest.raises(KafkaException) as raised:
        from_leader(ask, within_s=0)

    assert raised.value.args[0].code() == KafkaError.NOT_LEADER_FOR_PARTITION
