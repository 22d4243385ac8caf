"""Clients of librdkafka, what they say while nobody answers, and their errors in our words."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, TopicMetadata

from store.remote.address import Address
from store.remote.errors import NotARemote, Refused, RemoteError, Unreachable, WrongAddress
from store.remote.kafka.settings import client_settings, topic_of
from store.words import said

CONNECT_S: Final = 10.0
ASK_S: Final = 20.0  # of a question to brokers that are connected
SLICE_S: Final = 0.5  # between two looks at why nobody answers
KEPT: Final = 40  # lines of what a client said
_NOT_KAFKA: Final = re.compile(r"Invalid response size|Protocol parse failure")
_NOT_SECURE: Final = re.compile(r"SSL|certificate|TLS")
_BAD_CERTIFICATE: Final = re.compile(r"certificate verify failed|hostname mismatch", re.I)
_NO_LOGIN: Final = re.compile(r"SASL|uthenticat")
_GONE: Final = frozenset(
    {
        KafkaError._TRANSPORT,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._TIMED_OUT,
        KafkaError._TIMED_OUT_QUEUE,
        KafkaError._RESOLVE,
        KafkaError._WAIT_COORD,
        KafkaError._WAIT_CACHE,
        KafkaError.REQUEST_TIMED_OUT,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.NOT_COORDINATOR,
        KafkaError.BROKER_NOT_AVAILABLE,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.NETWORK_EXCEPTION,
    }
)
_NO_TOPIC: Final = frozenset(
    {
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.UNKNOWN_TOPIC_ID,
        KafkaError.TOPIC_EXCEPTION,
        KafkaError._UNKNOWN_TOPIC,
        KafkaError._UNKNOWN_PARTITION,
    }
)
_NOT_ALLOWED: Final = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
        KafkaError.SASL_AUTHENTICATION_FAILED,
        KafkaError.POLICY_VIOLATION,
        KafkaError._AUTHENTICATION,
    }
)


class Heard(logging.Handler):
    """Keeps what a client says, which librdkafka would print; used from the client's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.logger = logging.Logger("kafka")
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """The last ones, without the names of threads."""
        line = record.getMessage().rpartition("]: ")[2]
        self.lines = [*self.lines[1 - KEPT :], line]

    def matching(self, pattern: re.Pattern[str]) -> str:
        """The last line that says so; empty when none does."""
        return next((it for it in reversed(self.lines) if pattern.search(it)), "")


class Connection:
    """The brokers that an address leads to: settings for clients, and one client that asks."""

    def __init__(self, address: Address) -> None:
        """Nobody is asked yet. Raises WrongAddress."""
        self.address, self.topic = address, topic_of(address)
        self.heard = Heard()
        self.settings: dict[str, Any] = {**client_settings(address), "logger": self.heard.logger}
        self.admin = made(AdminClient, self.settings, address)

    def topic_metadata(self) -> tuple[str, TopicMetadata]:
        """The id of the cluster, and what it says of the topic. Raises Unreachable, Refused,
        NotARemote."""
        ends = time.monotonic() + CONNECT_S
        while True:
            try:
                found = self.admin.list_topics(self.topic, timeout=SLICE_S)
                about = found.topics[self.topic]
                if about.error is None:
                    return str(found.cluster_id), about
                raise KafkaException(about.error)
            except KafkaException as error:
                self.admin.poll(0)  # hands over what it said
                raised = self.raised(error)
                is_decided = not isinstance(raised, Unreachable) or self._is_hopeless()
                if is_decided or time.monotonic() > ends:
                    raise raised from None

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """What a client raises in this block is raised in our words."""
        try:
            yield
        except KafkaException as error:
            raise self.raised(error) from None

    def raised(self, error: KafkaException) -> RemoteError:
        """An error of a client in our words."""
        found: KafkaError = error.args[0]
        shown, code = self.address.shown, found.code()
        if code in _NO_TOPIC:
            missing = NotARemote(said("there is no topic {topic}", topic=self.topic), shown)
            missing.hint = said("Check the name, or make the topic with: engines new URL")
            return missing
        if code in _NOT_ALLOWED:
            return self._refused(found.str())
        if code in _GONE or found.retriable():
            return self._unreachable(found.str())
        reason = self.address.scrubbed(found.str())
        return RemoteError(said("the server refused this ({reason})", reason=reason), shown)

    def _unreachable(self, reason: str) -> RemoteError:
        """By what the client said meanwhile, if it said anything."""
        shown = self.address.shown
        if self.heard.matching(_NOT_KAFKA):
            return NotARemote(said("what answers there is not a Kafka server"), shown)
        if told := self.heard.matching(_NO_LOGIN):
            return self._refused(told)
        if self.heard.matching(_BAD_CERTIFICATE):
            return self._not_trusted()
        if told := self.heard.matching(_NOT_SECURE):
            told = self.address.scrubbed(told)
            reason = said("no secure connection could be made ({reason})", reason=told)
            return Unreachable(reason, shown)
        told = self.address.scrubbed(self.heard.lines[-1] if self.heard.lines else reason)
        return Unreachable(said("the server cannot be reached ({reason})", reason=told), shown)

    def _not_trusted(self) -> Unreachable:
        found = Unreachable(
            said("the certificate of the server is not one that is trusted for this address"),
            self.address.shown,
        )
        found.hint = said(
            "Write the host as the certificate names it, and name the file of who signed it "
            "by ssl.ca.location."
        )
        return found

    def _refused(self, told: str) -> Refused:
        told = self.address.scrubbed(told)
        if _NO_LOGIN.search(told):
            return Refused(said("the server refused the user or password"), self.address.shown)
        return Refused(said("the server refused this ({reason})", reason=told), self.address.shown)

    def _is_hopeless(self) -> bool:
        """Whether waiting longer would change nothing."""
        return bool(self.heard.matching(re.compile(r"refused|Failed to resolve|SSL|certificate")))


def made(client: Any, settings: dict[str, Any], address: Address) -> Any:
    """A client. Raises WrongAddress for options that librdkafka does not know."""
    try:
        return client(settings)
    except (KafkaException, TypeError, ValueError) as error:
        found = error.args[0]
        told = found.str() if isinstance(found, KafkaError) else str(found)
        reason = said("it cannot be read ({reason})", reason=address.scrubbed(told))
        raise WrongAddress(reason) from None
