"""Appends to an event store on a server until it is killed: URL, and a file for the ids of what
was acknowledged."""

import sys
from contextlib import closing
from pathlib import Path

from store.events import NewEvent
from store.remote.address import address_of
from store.remote.kind import kind_of


def main(url: str, told: Path) -> None:
    """Three events an append, to four streams in turn."""
    address = address_of(url)
    with closing(kind_of(address).open_store(address)) as store, told.open("a") as file:
        n = 0
        while True:
            stream = f"s-{n % 4}"
            sent = [NewEvent.of("Noted", {"n": n}) for _ in range(3)]
            store.append(stream, sent, expected=store.version(stream))
            file.write("".join(f"{it.id}\n" for it in sent))
            file.flush()
            n += 1


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
