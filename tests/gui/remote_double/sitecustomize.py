"""For the processes that a window under test starts: `lines:///FILE` is an event store on a server.
Python runs this as it starts, where its folder is on PYTHONPATH."""

from store.remote import kind
from tests.store.remote.lines_remote import KIND

kind.kinds = lambda: (KIND,)  # type: ignore[assignment]
