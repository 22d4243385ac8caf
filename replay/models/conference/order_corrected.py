"""What puts an order right, when its past was wrong."""

from decimal import Decimal

from replay.models.conference.lines import SeatLine
from replay.typed_model import Event


class OrderCorrected(Event, frozen=True):
    """The past was corrected: this is how the order is now. No process manager hears it."""

    conference_id: str
    seats: tuple[SeatLine, ...]
    reservation: str
    total: Decimal
    is_free: bool
    email: str
    is_confirmed: bool
    is_expired: bool
    changes: int
