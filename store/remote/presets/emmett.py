"""Emmett (TypeScript): the table `emt_messages`.

Its own readers order by transaction number, below the oldest running transaction. That stalls
while anybody on the server holds any transaction open, and orders a stream wrongly when a
transaction wrote before it appended. So the number of the sequence is the order here, which is
given within the transaction, and only transactions that have used the sequence are waited for.
`transaction_id` spares looking through the table again: it is what Emmett has an index for.
"""

from typing import Final

from store.formats.emmett_pg import LAYOUT, stated
from store.remote.preset import Preset
from store.words import said


def _names(stream: str) -> tuple[str, ...]:
    """Without a partition and without a second life (`cart-1@tenant-a@life-2`)."""
    plain = [stream.rsplit("@", n)[0] for n in range(3)]
    return tuple(dict.fromkeys(plain))


PRESET: Final = Preset(
    name="emmett",
    title=said("Emmett"),
    layout=LAYOUT,
    states=lambda _ask: stated,
    schema="public",
    numbered="in its transaction",
    stream_columns=("stream_id",),
    stream_names=_names,
    transaction="transaction_id",
    extra=(
        "(NOT e.is_archived AND EXISTS (SELECT 1 FROM {schema}.{table} a "
        "WHERE a.stream_id = e.stream_id AND a.partition = e.partition AND a.is_archived))::text "
        "AS is_second_life",
    ),
)
