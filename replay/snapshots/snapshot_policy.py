"""How often the states of each model are saved by themselves, as text beside the log."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from replay.beside_log import BesideLog
from replay.snapshots.snapshots import EVERY
from replay.words import said
from store.errors import StoreError
from store.place import Place

OFF: Final = 0

Policy = dict[str, Annotated[int, Meta(ge=0, le=10_000_000)]]  # model → versions; 0: off


class WrongPolicy(StoreError):
    hint = said("Give a number of events from 1, or off.")


FILE: Final = BesideLog[Policy](
    "-snapshots.json", Policy, empty=dict, what=said("the snapshot policy"), wrong=WrongPolicy
)


def load(place: Place) -> Policy:
    """What was said of single models; nothing without a file. Raises WrongPolicy."""
    return FILE.load(place)


def every(policy: Policy, model: str) -> int:
    """Versions between two snapshots of a model's streams; OFF: none are made by themselves."""
    return policy.get(model, EVERY)


def save(place: Place, model: str, versions: int) -> None:
    """Say it of one model. Raises WrongPolicy."""
    try:
        said_of_one = msgspec.convert({model: versions}, Policy)
    except msgspec.ValidationError as error:
        raise WrongPolicy(
            said("this is not a number of events: {versions}", versions=versions)
        ) from error
    FILE.change(place, lambda now: {**now, **said_of_one})
