"""The commands that the chosen stream takes, as a form shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gui.words import said
from replay.commands.offers import Offer
from replay.workers.worker_messages import OfferList


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A command that the stream takes. `reason` says why not now; empty when it does."""

    name: str
    model: str
    help: str
    schema: dict[str, Any]
    reason: str
    given: dict[str, Any]
    stream: str  # that these fields name, and `reason` is about; or empty
    elsewhere: str  # what it does about facts outside its stream, as a sentence; or empty


def offered_in(found: OfferList) -> tuple[Offered, ...]:
    """In the order of the model."""
    return tuple(map(offered, found.offers))


def offered(it: Offer) -> Offered:
    """One of them."""
    return Offered(
        name=it.command,
        model=it.model,
        help=it.help,
        schema=it.schema,
        reason=it.reason,
        given=it.given,
        stream=it.stream,
        elsewhere=_elsewhere(it.reads, it.elsewhere),
    )


def first_of(offers: Sequence[Offered]) -> str:
    """The first command that can be issued, else the first."""
    names = [it.name for it in offers if not it.reason] or [it.name for it in offers]
    return names[0] if names else ""


def _elsewhere(reads: Sequence[str], choice: str) -> str:
    if not choice:
        return ""
    what = (
        said("Facts of other streams ({reads})", reads=", ".join(reads))
        if reads
        else said("Facts of other streams")
    )
    return f"{what}: {choice}."
