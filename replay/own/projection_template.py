"""The starting point of a projection of one's own."""

from string import Template
from typing import Final

from replay.command_name import as_typed

PROJECTION: Final = Template('''"""$title: say here what question this view answers."""

from msgspec import Struct

from replay.projection import Projection, Rows
from store.events import RecordedEvent


# 1. The columns. Those of the key come first; text, whole and real numbers, booleans, `| None`,
#    and `replay.projection.Json` for any JSON value.
class $name(Struct, frozen=True):
    """One row."""

    stream: str
    events: int
    last_type: str


# 2. What one event does to the rows. It depends on nothing but the rows and the event, so that
#    a rebuild gives the same. `links` are further streams that the event belongs to.
#    What you must know of other events and what is no row of this view goes beside the rows: say
#    keeps_lookup=True below, then rows.lookup.put(key, value) and rows.lookup.get(key).
def apply(rows: Rows[$name], event: RecordedEvent, links: tuple[str, ...]) -> None:
    """Count, and remember the last."""
    row = rows.get(event.stream)
    before = row.events if row else 0
    rows.put($name(stream=event.stream, events=before + 1, last_type=event.type))


PROJECTION = Projection(
    name="$view",  # of the table; `main.py view STORE $view` shows it
    version=1,
    title="$title",
    row=$name,
    key=("stream",),
    apply=apply,
    partition_by="stream",  # each row comes from the events of one stream; None if it does not
    listens=None,  # or frozenset({"OrderPlaced"}): only these types are read
)
''')


def file_for(name: str) -> tuple[str, str]:
    """File name and text, for a view called `name` (letters and digits, a letter first)."""
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in name).split()
    view = "_".join(words).lower()
    facts = {
        "name": "".join(word[:1].upper() + word[1:] for word in words),
        "title": " ".join(words).capitalize(),
        "view": view,
    }
    return f"{view}.py", as_typed(PROJECTION.substitute(facts))
