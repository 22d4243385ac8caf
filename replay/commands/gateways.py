"""Doors to the outside world. Asked while a command is decided on, sent to by the outbox alone.

A replay has none of them: what was answered is recorded, and what would be sent is only listed.
"""

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from replay.beside_log import TextBesideLog
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.place import Place

PATIENCE_S: Final = 5.0
ANSWER_BYTES: Final = 1_000_000
THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
FILE: Final = TextBesideLog("-gateways.json", what=said("the gateways"))  # which one is what


class GatewayFailed(StoreError):
    """An outside system did not answer, or is not set up."""

    hint = said(
        "Configure the gateway in the file name.foldline-gateways.json, or try again later."
    )

    def __init__(self, gateway: str, reason: str) -> None:
        super().__init__(said("{reason}: gateway {gateway!r}", reason=reason, gateway=gateway))
        self.gateway = gateway


class Gateway(Protocol):
    """One outside system."""

    def ask(self, request: Any, *, once: str) -> Any:
        """The answer to a request, both JSON values. `once` is the same when the same command
        asks the same again, so that what is bought is bought once. Raises OSError, ValueError,
        LookupError."""

    def send(self, message_id: str, payload: Any) -> str:
        """Hand a message over; what the other side said. The id lets it drop a second copy.
        Raises OSError, ValueError."""


@dataclass(frozen=True, slots=True)
class FileGateway:
    """Appends messages to a file as JSON lines; answers from a JSON file of request → answer."""

    messages: Path | None = None
    answers: Path | None = None

    def ask(self, request: Any, *, once: str) -> Any:  # noqa: ARG002 (a file buys nothing)
        if self.answers is None:
            raise LookupError("it answers no requests")
        table = json_text.decode(self.answers.read_text("utf-8"))
        text = json_text.encode(request)
        if not isinstance(table, dict) or text not in table:
            raise LookupError(f"{self.answers.name} holds no answer to {text}")
        return table[text]

    def send(self, message_id: str, payload: Any) -> str:
        if self.messages is None:
            raise ValueError(said("it accepts no messages"))
        _append(self.messages, json_text.encode({"id": message_id, "message": payload}))
        return "written"


def _append(path: Path, line: str) -> None:
    """The whole line, or nothing: half of one would stand in front of the next. Raises OSError."""
    content = f"{line}\n".encode()
    with path.open("ab", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        try:
            if file.write(content) != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        except OSError:
            file.truncate(end)
            raise


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Posts JSON to an HTTP endpoint on this machine; the answer is the response's JSON body."""

    url: str

    def ask(self, request: Any, *, once: str) -> Any:
        stated = self._post(json_text.encode({"request": request}), once)
        try:
            return json_text.decode(stated)
        except ValueError:
            raise ValueError(
                said("its answer is not valid JSON: {answer!r}", answer=stated[:80])
            ) from None

    def send(self, message_id: str, payload: Any) -> str:
        return self._post(json_text.encode({"id": message_id, "message": payload}), message_id)

    def _post(self, body: str, once: str) -> str:
        """The header is that of the IETF draft "The Idempotency-Key HTTP Header Field"."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": f'"{once}"'}
        # Late: the modules of HTTP and TLS take a while to load, and few logs have a gateway.
        import urllib.request
        from http.client import HTTPException

        request = urllib.request.Request(self.url, body.encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                answer: bytes = response.read(ANSWER_BYTES + 1)
        except HTTPException as error:
            raise OSError(
                said("it did not answer with valid HTTP ({name__})", name__=type(error).__name__)
            ) from error
        if len(answer) > ANSWER_BYTES:
            raise ValueError(
                said("its answer is longer than {answer_bytes:,} bytes", answer_bytes=ANSWER_BYTES)
            )
        return answer.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Gateways:
    """The gateways that are set up, by name."""

    named: Mapping[str, Gateway] = field(default_factory=dict)

    @property
    def why_closed(self) -> str:
        """Why nothing is sent, so that a message is not even tried; empty when it is."""
        return ""

    def ask(self, gateway: str, request: Any, *, once: str) -> Any:
        """The answer of a gateway. Raises GatewayFailed."""
        try:
            return self._named(gateway).ask(request, once=once)
        except (OSError, ValueError, LookupError) as error:
            raise GatewayFailed(gateway, _said(error)) from error

    def send(self, gateway: str, message_id: str, payload: Any) -> str:
        """Send through a gateway. Raises GatewayFailed."""
        try:
            return self._named(gateway).send(message_id, payload)
        except (OSError, ValueError, LookupError) as error:
            raise GatewayFailed(gateway, _said(error)) from error

    def _named(self, name: str) -> Gateway:
        found = self.named.get(name)
        if found is None:
            raise GatewayFailed(name, said("it is not configured"))
        return found


@dataclass(frozen=True, slots=True)
class OfABranch(Gateways):
    """In a branch: a file with answers may be read, and nobody else is asked. Nothing is sent."""

    def ask(self, gateway: str, request: Any, *, once: str) -> Any:
        if isinstance(self.named.get(gateway), FileGateway):
            return Gateways.ask(self, gateway, request, once=once)
        asked = json_text.encode(request)
        raise GatewayFailed(
            gateway, said("a branch asks nobody outside, and was to ask {asked}", asked=asked)
        )

    @property
    def why_closed(self) -> str:
        return said("nothing is sent from a branch")

    def send(self, gateway: str, message_id: str, payload: Any) -> str:  # noqa: ARG002 (nothing is)
        raise GatewayFailed(gateway, self.why_closed)


def gateways_of(place: Place) -> Gateways:
    """What the file beside a log sets up: {"customs": {"kind": "file", "messages": "out.jsonl"},
    "pricing": {"kind": "http", "url": "http://localhost:8080/"}}; nothing without such a file.

    Those of a branch reach nothing outside. Raises GatewayFailed when the file says something
    else.
    """
    made = OfABranch if place.branch_name else Gateways
    path = FILE.path(place)
    if not path.is_file():
        return made()
    try:
        found = json.loads(path.read_text("utf-8"))
        return made({name: _gateway(it, path.parent) for name, it in found.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GatewayFailed(
            path.name, said("the file cannot be parsed ({error})", error=error)
        ) from error


def _gateway(facts: Mapping[str, str], folder: Path) -> Gateway:
    if facts["kind"] == "http":
        parts = urlsplit(facts["url"])
        if parts.scheme != "http" or parts.hostname not in THIS_MACHINE:
            raise ValueError(said("{url} is not an http://localhost address", url=facts["url"]))
        return HttpGateway(facts["url"])
    if facts["kind"] == "file":
        paths = {key: folder / facts[key] for key in ("messages", "answers") if key in facts}
        return FileGateway(**paths)
    raise ValueError(said("unknown kind: {kind}", kind=facts["kind"]))


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
