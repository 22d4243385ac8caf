"""Commands on bank accounts, and what is the same wherever they were decided."""

import random
from collections.abc import Iterable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.beside.commands import IssuedCommand
from store.events import RecordedEvent
from store.opening import open_store
from tests.replay.issued import issued

COMMANDS = 200
ACCOUNTS = 12
SEED = 20


def commands() -> list[IssuedCommand]:
    """Accounts are opened, then money goes in and out; some of it is refused."""
    chance = random.Random(SEED)
    opened = [
        issued("OpenAccount", {"id": f"{it}", "owner": f"Owner {it}"}, id_=f"open-{it}")
        for it in range(ACCOUNTS)
    ]
    return opened + [_booking(n, chance) for n in range(COMMANDS - ACCOUNTS)]


def decided_here(path: Path, wanted: Iterable[IssuedCommand]) -> Path:
    """A local store with what comes of them, undisturbed."""
    with closing(open_store(path, create=True)) as store:
        handler = CommandHandler(store, bundled_models())
        for it in wanted:
            handler.issue(it)
    return path


def facts(events: Iterable[RecordedEvent]) -> list[tuple[Any, ...]]:
    """All of them but when, and in which order streams came together."""
    return sorted((it.stream, it.version, it.id, it.type, it.data_json) for it in events)


def _booking(n: int, chance: random.Random) -> IssuedCommand:
    type_ = chance.choice(["PerformDeposit", "PerformWithdrawal"])
    amount = Decimal(chance.randrange(1, 40_000)) / 100
    account = f"{chance.randrange(ACCOUNTS)}"
    return issued(type_, {"accountNumber": account, "amount": amount}, id_=f"booking-{n}")
