"""Actions are given other keys; what was kept and cannot be read takes none away."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from gui.action_table import ACTIONS
from gui.actions import ActionSpec
from gui.key_bindings import KeyBindings
from gui.key_texts import key_text, refusal, unreadable


def made(kept: dict[str, Any]) -> tuple[KeyBindings, list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    return KeyBindings(ACTIONS, kept, keep=told.append), told


def spec_of(action_id: str) -> ActionSpec:
    return next(it for it in ACTIONS if it.id == action_id)


def test_at_first_each_action_has_the_keys_of_the_table(qapp: QApplication) -> None:
    bindings, _ = made({})

    assert bindings.keys("goto") == ("Ctrl+G", "@")
    assert bindings.shown("back") == "Alt+←"
    assert bindings.shown("about") == ""
    assert not any(bindings.is_changed(it.id) for it in ACTIONS)


def test_an_action_has_another_key_and_it_is_kept(qapp: QApplication) -> None:
    bindings, told = made({})

    bindings.bind("play", ["Ctrl+P"])

    assert bindings.keys("play") == ("Ctrl+P",)
    assert told == [{"play": ["Ctrl+P"]}]
    assert made(told[0])[0].keys("play") == ("Ctrl+P",)


def test_a_key_that_is_taken_is_told_and_its_holder_loses_it(qapp: QApplication) -> None:
    bindings, told = made({})

    assert bindings.holder("Ctrl+G", but="play") is spec_of("goto")
    assert bindings.holder("Ctrl+G", but="goto") is None
    bindings.bind("play", ["Ctrl+G"])

    assert bindings.keys("goto") == ("@",)
    assert told[-1] == {"play": ["Ctrl+G"], "goto": ["@"]}


def test_one_is_reset_and_takes_back_what_another_was_given(qapp: QApplication) -> None:
    bindings, told = made({"play": ["Ctrl+G"], "goto": ["@"]})

    bindings.reset("goto")

    assert bindings.keys("goto") == ("Ctrl+G", "@")
    assert bindings.keys("play") == ()
    assert told[-1] == {"play": []}


def test_all_are_reset_and_what_an_unknown_action_had_stays(qapp: QApplication) -> None:
    bindings, told = made({"play": ["Ctrl+P"], "of a later version": ["Ctrl+7"]})

    bindings.reset_all()

    assert bindings.keys("play") == ("Space",)
    assert told[-1] == {"of a later version": ["Ctrl+7"]}


def test_a_key_that_a_person_chose_is_not_taken_by_a_table_that_grew(qapp: QApplication) -> None:
    bindings, _ = made({"about": ["Ctrl+G"]})

    assert bindings.keys("about") == ("Ctrl+G",)
    assert bindings.keys("goto") == ("@",)


@pytest.mark.parametrize("key", ["Tab", "Return", "Esc", "7", "Up", "Ctrl+V", "Nonsense+"])
def test_a_key_that_the_window_needs_is_refused_with_the_reason(
    qapp: QApplication, key: str
) -> None:
    bindings, told = made({})

    assert refusal(key)
    with pytest.raises(ValueError, match=":"):
        bindings.bind("play", [key])
    assert told == []


@pytest.mark.parametrize("kept", [7, "Ctrl+P", ["Nonsense+"], [3], None, {"a": 1}])
def test_what_cannot_be_read_changes_nothing_and_is_named(qapp: QApplication, kept: Any) -> None:
    bindings, told = made({"play": kept, "about": ["Ctrl+7"]})

    assert bindings.keys("play") == ("Space",)
    assert bindings.keys("about") == ("Ctrl+7",)
    assert len(unreadable({"play": kept})) == 1
    bindings.bind("goto", ["Ctrl+8"])
    assert told[-1]["play"] == kept, "nothing of it is lost"


def test_no_key_of_the_table_belongs_to_a_part_of_the_window(qapp: QApplication) -> None:
    assert {it.id: it.keys for it in ACTIONS if any(map(refusal, it.keys))} == {}


def test_keys_are_written_as_people_read_them(qapp: QApplication) -> None:
    assert [key_text(it) for it in ("Ctrl+Left", "-", "Ctrl++", "Space")] == [
        "Ctrl+←",
        "-",
        "Ctrl++",
        "Space",
    ]
