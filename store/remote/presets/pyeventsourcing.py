"""python eventsourcing: the tables `<application>_events`.

Writers lock the table against one another before they take a `notification_id`, so the order of
numbers is the order of commits.
"""

from typing import Final

from store.formats.pyeventsourcing_pg import LAYOUT, stated
from store.remote.preset import Preset
from store.words import said

PRESET: Final = Preset(
    name="pyeventsourcing",
    title=said("python eventsourcing"),
    layout=LAYOUT,
    states=lambda _ask: stated,
    schema="public",
    numbered="in its transaction",
    stream_columns=("originator_id",),
)
