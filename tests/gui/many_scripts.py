"""A log whose names are long, of many scripts, and turn the direction of writing."""

from pathlib import Path
from typing import Final

from store.events import NewEvent
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

START_US: Final = 1_773_000_000_000_000
NAMES: Final = (
    "مرحبا بالعالم",
    "नमस्ते-दुनिया",
    "订单-你好世界",
    "🚀🎉-emoji-👩‍👩‍👧",
    "abc\u202eevil",
    "עברית",
    "한국어-ひらがな",
    "தமிழ்-ไทย",
    "very-long-name-" * 12,
    "W" * 200,
)
TYPES: Final = (
    "OrderPlaced",
    "ऑर्डर.दिया",
    "注文された",
    "طلب.تم",
    "Something" + "VeryLongHappened" * 8,
)


def fill_with_scripts(path: Path, rounds: int = 4) -> None:
    """A round is one event for each name; types take turns."""
    create_log(path)
    db = open_log(path, writable=True)
    writer = Writer(db)
    with writer.transaction():
        for at in range(rounds * len(NAMES)):
            name = NAMES[at % len(NAMES)]
            writer.append_inside(f"order-{name}", [_event(at, name)], expected=None)
    db.close()


def _event(at: int, name: str) -> NewEvent:
    data = {
        "name": name,
        "नाम": "नमस्ते दुनिया",
        "اسم": "قيمة طويلة جدا",
        "amount": at * 1234.5,
        "text": "lorem ipsum " * 40,
        "nested": {"🚀": ["a", "ब", {"深": at}], "a-long-key-" * 10: {"of": "a-long-value-" * 10}},
    }
    return NewEvent.of(
        TYPES[at % len(TYPES)],
        data,
        {"user": name},
        recorded_at_us=START_US + at * 3_600_000_000,
        recorded_offset_min=0,
    )
