"""Issues commands in the mirror of an event store on a server, until it is killed or done: STORE,
the address to reach the server at, a file of commands (one JSON line each), and a file for the ids
of those that have an outcome."""

import sys
from contextlib import closing
from pathlib import Path
from time import sleep

from msgspec.json import decode

from replay.commands.decide import CommandHandler
from replay.commands.remote_recorder import RemoteRecorder
from replay.states.model_set import bundled_models
from store.beside.commands import IssuedCommand
from store.opening import open_store
from store.remote.address import address_of
from store.remote.errors import OutcomeUnknown, Refused, Unreachable
from store.times import now_us

REST_S = 0.1


def main(path: Path, url: str, commands: Path, told: Path) -> None:
    """One after another, each until there is an outcome. What was told before is not sent again;
    what was sent and not told is, under its id."""
    known = set(told.read_text().split())
    models = bundled_models()
    with closing(open_store(path)) as store, told.open("a") as file:
        recorder = RemoteRecorder(store, models, address_of(url), clock_us=now_us)
        handler = CommandHandler(store, models, recorder=recorder)
        for line in commands.read_text().splitlines():
            command = decode(line, type=IssuedCommand)
            while command.id not in known:
                try:
                    handler.issue(command)
                except (Unreachable, Refused, OutcomeUnknown):
                    sleep(REST_S)
                    continue
                known.add(command.id)
                file.write(f"{command.id}\n")
                file.flush()
        recorder.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
