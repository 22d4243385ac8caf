"""The samples by name: where each lies, and what it is about."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from replay.words import said

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLog:
    name: str
    title: str
    about: str
    look_at: tuple[str, ...]  # streams worth seeing first

    @property
    def path(self) -> Path:
        """The file, canonical JSON Lines, gzip."""
        return FOLDER / f"{self.name}.jsonl.gz"


SAMPLES: Final = (
    SampleLog(
        name="conference",
        title=said("Conference"),
        about=said(
            "Five weeks of registrations: orders, seats, payments, and a day that sells out."
        ),
        look_at=("seats-gophercon", "order-be06", "assign-4585", "seattype-cocktail-party"),
    ),
    SampleLog(
        name="ships",
        title=said("Ships and cargo"),
        about=said("A year of voyages, some of them reported days after they happened."),
        look_at=("ship-king-roy", "ship-prince-trevor", "cargo-refactoring"),
    ),
    SampleLog(
        name="bank",
        title=said("Bank accounts"),
        about=said(
            "A bakery, its people and their landlord: salaries, rents and cards of one year."
        ),
        look_at=("account-1000", "account-4711", "orderbook-1100"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A real fault in a sample, at the event that shows it; docs/exhibits.md tells the whole."""

    title: str  # its heading there
    about: str
    sample: str
    stream: str
    position: int


EXHIBITS: Final = (  # the newest last, as on the page
    Exhibit(
        title=said("Paid, and expired"),
        about=said(
            "An order expires at 10:16. Its payment of 1,245.00 completes at 10:23. "
            "Who owes what to whom?"
        ),
        sample="conference",
        stream="order-380c",
        position=944,
    ),
    Exhibit(
        title=said("A wrong port, and a wrong amount"),
        about=said(
            "A ship arrived in Los Angeles, but Vancouver was recorded. Which cargo was "
            "treated wrongly since?"
        ),
        sample="ships",
        stream="ship-king-roy",
        position=87,
    ),
)
