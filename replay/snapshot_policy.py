"""How often the states of each model are saved by themselves, as text beside the log."""

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from replay.snapshots import EVERY
from store.errors import StoreError

SUFFIX: Final = "-snapshots.json"
OFF: Final = 0

Policy = dict[str, Annotated[int, Meta(ge=0, le=10_000_000)]]  # model → versions; 0: off


class WrongPolicy(StoreError):
    hint = "Say a number of events from 1 on, or off."


def policy_file(log: Path) -> Path:
    """Where the policy of a log is kept."""
    return log.with_name(log.name + SUFFIX)


def load(log: Path) -> Policy:
    """What was said of single models; nothing without a file. Raises WrongPolicy."""
    path = policy_file(log)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Policy)
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError as error:
        raise WrongPolicy(f"the snapshot policy cannot be read ({error}): {path}") from error


def every(policy: Policy, model: str) -> int:
    """Versions between two snapshots of a model's streams; OFF: none are made by themselves."""
    return policy.get(model, EVERY)


def save(log: Path, model: str, versions: int) -> None:
    """Say it of one model. Raises WrongPolicy."""
    try:
        policy = msgspec.convert({**load(log), model: versions}, Policy)
    except msgspec.ValidationError as error:
        raise WrongPolicy(f"this is no number of events: {versions}") from error
    path = policy_file(log)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(policy), indent=1))
    unfinished.replace(path)
