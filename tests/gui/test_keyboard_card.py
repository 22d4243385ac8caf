"""The keyboard card says what the table of actions says."""

from pathlib import Path

from gui.action_table import ACTIONS
from gui.fixed_keys import FIXED_KEYS
from gui.key_texts import key_text
from gui.keyboard_card import card

PAGE = Path(__file__).parents[2] / "docs" / "keyboard.md"


def test_the_page_is_what_the_table_says() -> None:
    page = PAGE.read_text("utf-8")

    assert page == card(), "write it again: python -m gui.keyboard_card > docs/keyboard.md"


def test_every_action_and_every_other_key_stands_on_it() -> None:
    page = card()

    missing = [it.id for it in ACTIONS if f"| {it.text.rstrip('…')} |" not in page]
    missing += [it.does for it in FIXED_KEYS if f"| {it.does} | {it.keys} |" not in page]
    missing += [key for it in ACTIONS for key in it.keys if f"`{key_text(key)}`" not in page]
    assert missing == []
