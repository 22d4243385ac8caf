"""Questions and answers keep every digit and every character between the two processes."""

from decimal import Decimal
from typing import Any, get_args

import pytest

from replay.children.questions import (
    Answered,
    Malformed,
    Question,
    Troubled,
    WrongField,
    answer_line,
    answer_type,
    line_of,
    read_answer,
    read_question,
    trouble_line,
    value_of,
)
from replay.workers.worker_messages import (
    ExportCases,
    Form,
    PreviewCommand,
    StateFound,
    TellState,
    WorkerQuestion,
)

VALUES = [
    {"amount": Decimal("0.10"), "far": 10**30},
    {"name": "\ud800", "amount": 3},
    [None, True, "…"],
]


@pytest.mark.parametrize("data", VALUES)
def test_a_question_comes_over_as_it_was(data: Any) -> None:
    asked = PreviewCommand(form=Form(id="c", command="Count", data=data, roles=("a",)), position=3)

    line = line_of(7, asked)

    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert read_question(line, WorkerQuestion) == (7, asked)


@pytest.mark.parametrize("state", VALUES)
def test_an_answer_comes_back_as_it_was(state: Any) -> None:
    facts: dict[str, int] = {"folded": 1, "version": 2, "events": 3, "position": 9, "last": 8}
    found = StateFound(state=state, previous=None, basis="snapshot", **facts)

    answer = read_answer(answer_line(7, found))

    assert isinstance(answer, Answered)
    assert value_of(answer, TellState(stream="a-1")) == found


def test_trouble_names_fields_and_what_to_do() -> None:
    fields = (WrongField(path=("lines", 0, "seats"), message="must be above 0"),)
    trouble = Troubled(n=7, reason="no \ud800", hint="Correct it.", fields=fields)

    assert read_answer(trouble_line(trouble)) == trouble


def test_every_question_names_what_answers_it() -> None:
    kinds: tuple[type[Question[Any]], ...] = get_args(WorkerQuestion)

    assert ExportCases in kinds
    assert answer_type(ExportCases) is int
    assert all(answer_type(it) is not None for it in kinds)


@pytest.mark.parametrize(
    ("line", "n"),
    [
        (b"", 0),
        (b"[]", 0),
        (b'{"n":1}', 0),
        (b'{"n":7,"question":{"ask":"Nothing"}}', 7),
        (b'{"n":7,"question":{"ask":"ListModels","more":1}}', 7),
        (b'{"n":7,"question":3}', 7),
    ],
)
def test_what_is_no_question_is_refused_with_its_number(line: bytes, n: int) -> None:
    with pytest.raises(Malformed, match="cannot be read") as caught:
        read_question(line, WorkerQuestion)

    assert caught.value.n == n


def test_an_answer_of_another_kind_is_refused() -> None:
    answer = read_answer(answer_line(7, "three"))

    assert isinstance(answer, Answered)
    with pytest.raises(Malformed, match="cannot be read"):
        value_of(answer, ExportCases(path="a"))
