"""Make an empty event store in a keyspace of Cassandra.

It is one whose table `store` names it: that row is written last, so what was left by a process
that died is no event store, and is made whole by the next call.
"""

from contextlib import closing
from typing import Final
from uuid import uuid4

from store.remote.address import Address
from store.remote.cassandra.asking import Asker
from store.remote.cassandra.connection import keyspace_of
from store.remote.cassandra.schema import (
    LAYOUT,
    NAMES,
    NOTE_SEGMENT,
    OPEN_SEGMENT,
    SHARDS,
    TABLES,
)
from store.remote.errors import RemoteExists, WrongAddress
from store.words import said

_ANY: Final = "SELECT id FROM {}.store"
_NAMED: Final = (
    "INSERT INTO {}.store (only_row, id, layout, shards) VALUES ('store', ?, ?, ?) IF NOT EXISTS"
)
MOST_SHARDS: Final = 256


def create(address: Address) -> str:
    """Returns its identity. Options of the address: `shards`, `replication` (copies of each row).
    Raises RemoteExists, Unreachable, Refused, WrongAddress."""
    name, shards = keyspace_of(address), _number(address, "shards", SHARDS, MOST_SHARDS)
    with closing(Asker(address, name)) as asker:
        if asker.tables - NAMES:
            reason = said("the keyspace {name} holds tables of another program", name=name)
            raise RemoteExists(reason, address.shown)
        asker.run(_keyspace(address, name))
        for text in TABLES:
            asker.run(text.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))
        if asker.ask(_ANY):
            raise RemoteExists(
                said("the keyspace {name} has an event store", name=name), address.shown
            )
        for shard in range(shards):
            asker.ask(NOTE_SEGMENT, shard, 0)
            asker.ask(OPEN_SEGMENT, shard, 0, 0, 0, 0)
        identity = str(uuid4())
        asker.ask(_NAMED, identity, LAYOUT, shards)
        return str(asker.ask(_ANY)[0][0])


def _keyspace(address: Address, name: str) -> str:
    copies = _number(address, "replication", 1, 9)
    centre = address.options.get("datacenter", "")
    if "'" in centre:
        raise WrongAddress(said("the name of the datacenter has a quote in it"))
    how = (
        f"'NetworkTopologyStrategy', '{centre}'"
        if centre
        else "'SimpleStrategy', 'replication_factor'"
    )
    return f"CREATE KEYSPACE IF NOT EXISTS {name} WITH replication = {{'class': {how}: {copies}}}"


def _number(address: Address, option: str, usual: int, most: int) -> int:
    text = address.options.get(option, str(usual))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise WrongAddress(
            said("{option} must be a number from 1 to {most}", option=option, most=most)
        )
    return int(text)
