"""The palette lists names of streams and event types as they come, but not once for each answer."""

import pytest
from pytestqt.qtbot import QtBot

from gui.viewmodels.known_names import FoundNames, NameKind, Told
from gui.viewmodels.palette import PaletteViewModel


class Names:
    """Keeps the questions, to be answered by the test."""

    def __init__(self) -> None:
        self.asked: dict[NameKind, tuple[str, int, Told]] = {}

    def prepare(self) -> None:
        """Nothing is read."""

    def find(self, kind: NameKind, sought: str, *, most: int, told: Told) -> None:
        self.asked[kind] = (sought, most, told)

    def answer(self, kind: NameKind) -> None:
        """What was asked last, with the number of hits alone."""
        sought, _, told = self.asked[kind]
        told(FoundNames(kind=kind, sought=sought, names=(), details=(), hits=(), total=7))


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def palette(qtbot: QtBot, names: Names) -> PaletteViewModel:
    palette = PaletteViewModel()
    palette.begin((), used=(), names=names)
    palette.ask("or")
    return palette


def test_answers_that_come_together_are_listed_once(
    qtbot: QtBot, palette: PaletteViewModel, names: Names
) -> None:
    listed = list[str]()
    palette.listed.connect(lambda: listed.append(palette.words))

    names.answer("type")
    names.answer("stream")

    assert listed == ["14 more: keep typing"]
    assert palette.is_whole


def test_an_answer_is_listed_though_the_other_one_takes_long(
    qtbot: QtBot, palette: PaletteViewModel, names: Names
) -> None:
    with qtbot.waitSignal(palette.listed):
        names.answer("type")

    assert palette.words == "7 more: keep typing"
    assert not palette.is_whole


def test_what_waits_to_be_listed_is_not_listed_for_other_letters(
    palette: PaletteViewModel, names: Names
) -> None:
    names.answer("type")
    palette.ask("ord")

    names.answer("stream")

    assert palette.words == "Nothing matches these letters in this order."
    assert not palette.is_whole
